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
// Leads and numbers are collected apart, each by one run at a time: a scrape
// starts what is due and joins what runs. A result is published whole, as a
// value that never changes; a run that fails leaves the last result in place
// until it is too old. Runs work without the lock. Thread-safe.
class Account : public std::enable_shared_from_this<Account> {
 public:
  // What all accounts share. It outlives them.
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

  // Starts what is due, and tells what is under way. Never blocks.
  Ticket StartDue() OC_EXCLUDES(mutex_);
  // Waits until the runs of a ticket have ended, and removed tenants were asked
  // behind that of numbers, until `deadline` at the latest. Wait exactly once
  // for each ticket.
  void Wait(const Ticket& ticket, const Deadline& deadline) OC_EXCLUDES(mutex_);

  // What there is to show now.
  exposition::AccountSamples Expose() OC_EXCLUDES(mutex_);
  exposition::AccountState State() const OC_EXCLUDES(mutex_);

  // Before the first scrape: takes over what `old`, the account of this name
  // before a reload, came to, as far as it still tells of what this one asks
  // for. What changed but the pace is tried at the next scrape; the pause that
  // the platform asked for stays. A reload in an outage loses nothing so.
  void TakeOver(Account& old) OC_EXCLUDES(mutex_);
  // New times for the collections to come.
  void SetTimes(const config::Collection& times) OC_EXCLUDES(mutex_);
  // The account is no longer configured: nothing is started any more, and
  // what runs is cancelled as soon as no scrape waits for it.
  void Retire() OC_EXCLUDES(mutex_);
  // Likewise, but at once.
  void Stop() OC_EXCLUDES(mutex_);

 private:
  // All that the runs came to.
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
  // Asks removed tenants, once the customers' numbers have been published.
  void RunOrphans(const NumbersContext& numbers,
                  const std::vector<Tenant>& removed, std::stop_source stop,
                  const Deadline& deadline) OC_EXCLUDES(mutex_);
  // The tenants of the last published leads, or of the run under way if there
  // are none. Null: neither came to anything.
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
  // By the run under way, or the newest.
  bool leads_read_again_ OC_GUARDED_BY(mutex_) = false;
  std::shared_ptr<const PublishedLeads> published_leads_ OC_GUARDED_BY(mutex_);
  PublishedNumbers published_numbers_ OC_GUARDED_BY(mutex_);
  // Behind a run of numbers that has ended orphans may be asked; the start of
  // the next one stops that.
  bool asking_orphans_ OC_GUARDED_BY(mutex_) = false;
  std::stop_source orphans_stop_ OC_GUARDED_BY(mutex_);
};

}  // namespace operator_connect::collector

#endif  // OPERATOR_CONNECT_EXPORTER_COLLECTOR_ACCOUNT_H_
