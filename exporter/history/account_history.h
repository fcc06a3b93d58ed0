#ifndef OPERATOR_CONNECT_EXPORTER_HISTORY_ACCOUNT_HISTORY_H_
#define OPERATOR_CONNECT_EXPORTER_HISTORY_ACCOUNT_HISTORY_H_

#include <prometheus/metric_family.h>

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/mutex.h"
#include "exporter/config/config.h"
#include "exporter/exposition/families.h"
#include "exporter/history/history_file.h"
#include "exporter/history/life_samples.h"
#include "exporter/history/lifecycle.h"
#include "exporter/history/totals.h"
#include "exporter/live_platform/leads_paging.h"

namespace operator_connect::history {

// The history of one account's tenants. It lives as long as the process, also
// while the account is not configured. Thread-safe; reading never waits for the
// file.
class AccountHistory {
 public:
  // `record` is the account's part of the file; nullopt: nothing is known of
  // the account. `file` outlives this.
  AccountHistory(std::string name, std::optional<AccountRecord> record,
                 HistoryFile& file);

  // Puts the account's settings into force and writes the series anew. Without
  // `leads.company` it also removes the names from the file. `now` is the
  // present for `removed_for`.
  void Configure(const config::Account& account, WallTime now)
      OC_EXCLUDES(recording_, mutex_);

  // Compares a whole collection, started at `start`, with the known lives, and
  // saves the changes. Excluded tenants are followed, but neither counted nor
  // shown. Does nothing if `account` is not the configuration in force.
  //
  // Returns tenants_by_lifecycle, to be published with the collection.
  exposition::Samples Record(const config::Account& account,
                             const live_platform::AllLeads& read,
                             WallTime start) OC_EXCLUDES(recording_, mutex_);

  // The series that stay when a collection is withdrawn:
  // tenants_changed_recently, tenant_lifecycle_since_timestamp_seconds, and
  // dropped_series for that.
  exposition::Samples Expose(WallTime now) const OC_EXCLUDES(mutex_);
  // tenant_lifecycle_changes_total and tenant_time_to_license_seconds.
  std::vector<prometheus::MetricFamily> Families() const OC_EXCLUDES(mutex_);

 private:
  struct Tenant {
    std::optional<Life> life;  // no value: it was never known
    Observation seen;
    std::uint64_t seen_in = 0;  // the collection that `seen` is of
    std::string since_sample;   // empty: to be written
  };

  bool IsExcluded(const std::string& id) const OC_REQUIRES(recording_);
  void Observe(const std::vector<live_platform::Lead>& leads)
      OC_REQUIRES(recording_);
  Step Advance(Tenant& tenant, WallTime start) const OC_REQUIRES(recording_);
  // Advances all lives. True if one changed.
  bool AdvanceAll(WallTime start) OC_REQUIRES(recording_);
  void Save() OC_REQUIRES(recording_);
  ShownTenants Shown() OC_REQUIRES(recording_);
  void Publish(WallTime now) OC_EXCLUDES(mutex_) OC_REQUIRES(recording_);
  exposition::Samples CountStates(WallTime now) OC_REQUIRES(recording_);

  const std::string name_;
  HistoryFile& file_;

  // Locked before mutex_, by one collection at a time; held while it saves.
  Mutex recording_;
  config::Account account_ OC_GUARDED_BY(recording_);
  std::unordered_set<std::string> excluded_ OC_GUARDED_BY(recording_);
  bool known_ OC_GUARDED_BY(recording_);
  std::unordered_map<std::string, Tenant> tenants_ OC_GUARDED_BY(recording_);
  Totals totals_ OC_GUARDED_BY(recording_);
  std::uint64_t collections_ OC_GUARDED_BY(recording_) = 0;
  // Not saved yet: the ids of tenants, and whether there is anything at all.
  std::unordered_set<std::string> unsaved_ OC_GUARDED_BY(recording_);
  bool must_save_ OC_GUARDED_BY(recording_) = false;
  std::uint64_t removed_shown_ OC_GUARDED_BY(recording_) = 0;

  mutable Mutex mutex_;
  exposition::Samples since_ OC_GUARDED_BY(mutex_);
  RecentChanges recent_ OC_GUARDED_BY(mutex_);
  Totals shown_totals_ OC_GUARDED_BY(mutex_);
};

}  // namespace operator_connect::history

#endif  // OPERATOR_CONNECT_EXPORTER_HISTORY_ACCOUNT_HISTORY_H_
