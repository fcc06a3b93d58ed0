#include "exporter/collector/collector.h"

#include <algorithm>
#include <map>
#include <utility>

#include "exporter/base/mutex.h"
#include "exporter/base/thread_pool.h"
#include "exporter/collector/account.h"
#include "exporter/exposition/builder.h"
#include "exporter/exposition/exporter_metrics.h"
#include "exporter/exposition/request_metrics.h"

namespace operator_connect::collector {

using AccountList = std::vector<std::shared_ptr<Account>>;

class Collector::Impl {
 public:
  Impl(const config::Config& config, history::History& history,
       const Clock& clock, Log& log)
      : history_(history), clock_(clock), log_(log) {
    Reconfigure(config);
  }

  ~Impl() { Stop(); }

  AccountList accounts() const OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return accounts_;
  }

  // Scrapes some accounts. `own` adds the exporter's own series.
  exposition::Exposition Scrape(const AccountList& accounts, bool own,
                                exposition::Format format,
                                const Deadline& deadline) OC_EXCLUDES(mutex_) {
    std::vector<Account::Ticket> tickets;
    for (const auto& account : accounts) tickets.push_back(account->StartDue());
    for (std::size_t i = 0; i < accounts.size(); ++i) {
      accounts[i]->Wait(tickets[i], deadline);
    }
    std::vector<exposition::AccountSamples> exposed;
    for (const auto& account : accounts) exposed.push_back(account->Expose());
    exposition::ExpositionBuilder builder(format);
    builder.AddAccounts(std::move(exposed));
    if (own) AddExporterMetrics(builder);
    return builder.Finish();
  }

  void AddExporterMetrics(exposition::ExpositionBuilder& builder) const
      OC_EXCLUDES(mutex_) {
    builder.AddFamilies(
        exposition::CollectExporterMetrics(reload(), history_.up()));
  }

  exposition::ReloadState reload() const OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return reload_;
  }

  void Reconfigure(const config::Config& config) OC_EXCLUDES(mutex_) {
    AccountList retired;
    {
      MutexLock lock(mutex_);
      if (stopped_) return;
      std::map<std::string, std::shared_ptr<Account>> old;
      for (const auto& account : accounts_) {
        old[account->account().name] = account;
      }
      AccountList accounts;
      for (const config::Account& wanted : config.accounts) {
        const auto found = old.find(wanted.name);
        if (found != old.end() && found->second->account() == wanted) {
          found->second->SetTimes(config.collection);
          accounts.push_back(std::move(found->second));
          old.erase(found);
          continue;
        }
        accounts.push_back(Make(wanted, config.collection));
        if (found != old.end()) accounts.back()->TakeOver(*found->second);
      }
      accounts_.swap(accounts);
      for (const auto& [name, account] : old) retired.push_back(account);
      ForgetMetrics();
      reload_ = {true, clock_.Wall()};
    }
    for (const auto& account : retired) account->Retire();
  }

  void ReconfigureFailed() OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    reload_.last_successful = false;
  }

  void Stop() OC_EXCLUDES(mutex_) {
    AccountList accounts;
    {
      MutexLock lock(mutex_);
      stopped_ = true;
      accounts = accounts_;
    }
    for (const auto& account : accounts) account->Stop();
  }

 private:
  std::shared_ptr<Account> Make(const config::Account& account,
                                const config::Collection& times)
      OC_REQUIRES(mutex_) {
    std::shared_ptr<exposition::RequestMetrics>& metrics =
        metrics_[account.name];
    if (!metrics)
      metrics = std::make_shared<exposition::RequestMetrics>(account.name);
    return std::make_shared<Account>(
        Account::Context{clock_, log_, pool_, history_}, account, times,
        metrics);
  }

  // Drops the counters of removed accounts.
  void ForgetMetrics() OC_REQUIRES(mutex_) {
    std::map<std::string, std::shared_ptr<exposition::RequestMetrics>> kept;
    for (const auto& account : accounts_) {
      kept.insert(metrics_.extract(account->account().name));
    }
    metrics_.swap(kept);
  }

  history::History& history_;
  const Clock& clock_;
  Log& log_;
  // Waits for all work when it is destroyed, which is after `accounts_`: work
  // owns its account.
  ThreadPool pool_;

  mutable Mutex mutex_;
  AccountList accounts_ OC_GUARDED_BY(mutex_);
  // By account. Kept over a reload: counters must not decrease.
  std::map<std::string, std::shared_ptr<exposition::RequestMetrics>> metrics_
      OC_GUARDED_BY(mutex_);
  exposition::ReloadState reload_ OC_GUARDED_BY(mutex_);
  bool stopped_ OC_GUARDED_BY(mutex_) = false;
};

Collector::Collector(const config::Config& config, history::History& history,
                     const Clock& clock, Log& log)
    : impl_(std::make_unique<Impl>(config, history, clock, log)) {}

Collector::~Collector() = default;

exposition::Exposition Collector::Scrape(exposition::Format format,
                                         const Deadline& deadline) {
  return impl_->Scrape(impl_->accounts(), /*own=*/true, format, deadline);
}

std::optional<exposition::Exposition> Collector::ScrapeAccount(
    std::string_view name, exposition::Format format,
    const Deadline& deadline) {
  for (const auto& account : impl_->accounts()) {
    if (account->account().name == name) {
      return impl_->Scrape({account}, /*own=*/false, format, deadline);
    }
  }
  return std::nullopt;
}

exposition::Exposition Collector::ScrapeExporter(exposition::Format format) {
  exposition::ExpositionBuilder builder(format);
  impl_->AddExporterMetrics(builder);
  return builder.Finish();
}

void Collector::Reconfigure(const config::Config& config) {
  impl_->Reconfigure(config);
}

void Collector::ReconfigureFailed() { impl_->ReconfigureFailed(); }

std::vector<exposition::AccountState> Collector::Accounts() const {
  std::vector<exposition::AccountState> states;
  for (const auto& account : impl_->accounts()) {
    states.push_back(account->State());
  }
  return states;
}

void Collector::Stop() { impl_->Stop(); }

}  // namespace operator_connect::collector
