#ifndef OPERATOR_CONNECT_EXPORTER_COLLECTOR_ACCOUNT_H_
#define OPERATOR_CONNECT_EXPORTER_COLLECTOR_ACCOUNT_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/log.h"
#include "exporter/base/mutex.h"
#include "exporter/base/thread_pool.h"
#include "exporter/collector/leads_collection.h"
#include "exporter/collector/numbers_collection.h"
#include "exporter/collector/published_numbers.h"
#include "exporter/collector/track.h"
#include "exporter/config/config.h"
#include "exporter/exposition/builder.h"
#include "exporter/exposition/request_metrics.h"
#include "exporter/history/history.h"
#include "exporter/live_platform/client.h"

namespace operator_connect::collector {

// One account: its client, its two collections, and their newest results.
//
// Leads and numbers are collected separately, each by one run at a time. A
// scrape starts the runs that are due and joins those under way. A result is
// published as a whole, as a value that never changes. If a run fails, the last
// result stays until it is too old. Runs work without the lock. Thread-safe.
class Account : public std::enable_shared_from_this<Account> {
 public:
  // Shared by all accounts, and outlives them.
  struct Context {
    const Clock& clock;
    Log& log;
    ThreadPool& pool;
    history::History& history;
  };

  // The runs that a scrape waits for.
  struct Ticket {
    std::uint64_t leads_run = 0;
    std::uint64_t numbers_run = 0;
  };

  Account(const Context& context, config::Account account,
          const config::Collection& times,
          std::shared_ptr<exposition::RequestMetrics> metrics);

  const config::Account& account() const { return client_.account(); }

  // Starts the runs that are due, and returns those under way. Never blocks.
  Ticket StartDue() OC_EXCLUDES(mutex_);
  // Waits until the runs of a ticket have ended, and until removed tenants have
  // been asked after its run of numbers, but no longer than `deadline`. Call
  // exactly once for each ticket.
  void Wait(const Ticket& ticket, const Deadline& deadline) OC_EXCLUDES(mutex_);

  // The present results. Never blocks on the platform.
  exposition::AccountSamples Expose() OC_EXCLUDES(mutex_);
  exposition::AccountState State() const OC_EXCLUDES(mutex_);

  // Call before the first scrape. Adopts the results of `old`, this account
  // before a reload, if both ask the same platform for the same tenants. Unless
  // only the pace has changed, the next scrape starts new runs. A pause that
  // the platform demanded stays. A reload during an outage loses no data.
  void TakeOver(Account& old) OC_EXCLUDES(mutex_);
  // Sets the times for the next collections.
  void SetTimes(const config::Collection& times) OC_EXCLUDES(mutex_);
  // Retires an account that is no longer configured: starts no more runs, and
  // cancels those under way as soon as no scrape waits for them.
  void Retire() OC_EXCLUDES(mutex_);
  // Does the same at once.
  void Stop() OC_EXCLUDES(mutex_);

 private:
  // The results of all runs.
  struct Results {
    Track leads;
    Track numbers;
    std::shared_ptr<const PublishedLeads> published_leads;
    PublishedNumbers published_numbers;
  };

  Results TakeResults() OC_EXCLUDES(mutex_);
  bool Due(const Track& track, const config::CollectionTimes& times) const
      OC_REQUIRES(mutex_);
  void StartLeads() OC_REQUIRES(mutex_);
  void StartNumbers() OC_REQUIRES(mutex_);
  void RunLeads() OC_EXCLUDES(mutex_);
  void RunNumbers() OC_EXCLUDES(mutex_);
  void ReadNumbers(const PublishedLeads& leads, const ReadTime& started,
                   const Deadline& deadline) OC_EXCLUDES(mutex_);
  // Asks removed tenants after the customers' numbers have been published.
  void RunOrphans(const NumbersContext& numbers,
                  const std::vector<Tenant>& removed, std::stop_source stop,
                  const Deadline& deadline) OC_EXCLUDES(mutex_);
  // Returns the last published leads. If there are none, waits for those of the
  // run under way. Null: that run failed, or there is none.
  std::shared_ptr<const PublishedLeads> WaitForLeads(const Deadline& deadline)
      OC_EXCLUDES(mutex_);
  void EndRun(Track& track, std::string_view collector, const Outcome& outcome,
              const ReadTime& started) OC_REQUIRES(mutex_);
  exposition::Samples WriteCollections() OC_REQUIRES(mutex_);

  const Context context_;
  const std::shared_ptr<exposition::RequestMetrics> metrics_;
  live_platform::Client client_;
  history::AccountHistory& history_;
  std::stop_source stop_;

  mutable Mutex mutex_;
  CondVar changed_;
  config::Collection times_ OC_GUARDED_BY(mutex_);
  bool retired_ OC_GUARDED_BY(mutex_) = false;
  int waiting_ OC_GUARDED_BY(mutex_) = 0;
  Track leads_ OC_GUARDED_BY(mutex_);
  Track numbers_ OC_GUARDED_BY(mutex_);
  // See live_platform::LeadsBefore.
  bool leads_whole_ OC_GUARDED_BY(mutex_) = false;
  // Of the run under way, or of the newest.
  bool leads_read_again_ OC_GUARDED_BY(mutex_) = false;
  std::shared_ptr<const PublishedLeads> published_leads_ OC_GUARDED_BY(mutex_);
  PublishedNumbers published_numbers_ OC_GUARDED_BY(mutex_);
  // Removed tenants may be asked after a run of numbers; the start of the next
  // run stops that.
  bool asking_orphans_ OC_GUARDED_BY(mutex_) = false;
  std::stop_source orphans_stop_ OC_GUARDED_BY(mutex_);
};

}  // namespace operator_connect::collector

#endif  // OPERATOR_CONNECT_EXPORTER_COLLECTOR_ACCOUNT_H_
