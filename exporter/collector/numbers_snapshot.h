#ifndef OPERATOR_CONNECT_EXPORTER_COLLECTOR_NUMBERS_SNAPSHOT_H_
#define OPERATOR_CONNECT_EXPORTER_COLLECTOR_NUMBERS_SNAPSHOT_H_

#include <optional>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/collector/collector.h"
#include "exporter/collector/families.h"
#include "exporter/config/config.h"
#include "exporter/live_platform/number_tally.h"

namespace operator_connect::collector {

// What is known of one tenant's numbers when a collection has ended.
struct TenantSnapshot {
  std::string id;  // lower case, as in labels
  // The last counts that were read, and when their read was started; no
  // value: never. Ages are told by the steady time.
  std::optional<SteadyTime> read_at;
  WallTime read_at_wall;
  live_platform::TenantNumbers numbers;
  // Why this time's read failed, as the label `reason`; empty: it did not.
  std::string failure;
  // Whether it was asked this time, and when it was asked last; no value:
  // never.
  bool asked = false;
  std::optional<SteadyTime> asked_at;
  // How often in a row it was asked without an answer, and whether the last
  // time was cut off by the end of the collection.
  int in_vain = 0;
  bool cut_off = false;
};

// What a collection of an account's numbers came to. Never changes once it
// is published.
struct NumbersSnapshot {
  live_platform::NumberLabels labels;   // of all counts
  std::vector<TenantSnapshot> tenants;  // those asked, in the leads' order
  // Those that are not asked any more, while their counts are young enough to
  // be used if they come back. They are shown nowhere.
  std::vector<TenantSnapshot> left;
};

// A snapshot written out as samples, as of one moment.
struct NumbersSamples {
  Samples samples;
  // From then on counts in use are older than `max_age`, and the snapshot has
  // to be written again; max() if there are none.
  SteadyTime valid_until = SteadyTime::max();
  // How many tenants are in which state.
  AccountState::Tenants tenants;
};

// Writes a snapshot out. Pure. Counts older than `max_age` are not used: their
// tenants are failed. Where tenants were asked and none has counts, nothing is
// said of numbers: that would be a zero that nobody counted. Families: those
// of numbers and tenants, sync_failures of assignments, and dropped_series of
// tenant_numbers.
NumbersSamples WriteNumbers(const config::Account& account,
                            const NumbersSnapshot& snapshot, Duration max_age,
                            SteadyTime now);

}  // namespace operator_connect::collector

#endif  // OPERATOR_CONNECT_EXPORTER_COLLECTOR_NUMBERS_SNAPSHOT_H_
