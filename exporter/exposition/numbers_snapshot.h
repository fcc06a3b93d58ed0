#ifndef OPERATOR_CONNECT_EXPORTER_EXPOSITION_NUMBERS_SNAPSHOT_H_
#define OPERATOR_CONNECT_EXPORTER_EXPOSITION_NUMBERS_SNAPSHOT_H_

#include <optional>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/live_platform/number_tally.h"

namespace operator_connect::exposition {

// The counts of one tenant's numbers at the end of a collection.
struct TenantSnapshot {
  std::string id;  // lower case, as in labels
  // The last counts that were read, and the start of their read; nullopt:
  // never. Ages use the steady time.
  std::optional<SteadyTime> read_at;
  WallTime read_at_wall;
  live_platform::TenantNumbers numbers;
  // Why the read of this collection failed, as the label `reason`; empty: it
  // did not.
  std::string failure;
  // The last request, whether it succeeded or not; nullopt: never.
  std::optional<SteadyTime> asked_at;
  // The tenant has leads that are not Removed, and none of them is licensed.
  bool unlicensed = false;
};

// The result of a collection of an account's numbers. Never changes once
// published.
struct NumbersSnapshot {
  live_platform::NumberLabels labels;   // of all counts
  std::vector<TenantSnapshot> tenants;  // asked for, in the leads' order
  // Tenants that are no longer asked, while their counts are young enough to be
  // used if they come back. They are not shown.
  std::vector<TenantSnapshot> left;
};

}  // namespace operator_connect::exposition

#endif  // OPERATOR_CONNECT_EXPORTER_EXPOSITION_NUMBERS_SNAPSHOT_H_
