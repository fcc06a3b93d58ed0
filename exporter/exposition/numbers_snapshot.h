#ifndef OPERATOR_CONNECT_EXPORTER_EXPOSITION_NUMBERS_SNAPSHOT_H_
#define OPERATOR_CONNECT_EXPORTER_EXPOSITION_NUMBERS_SNAPSHOT_H_

#include <optional>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/live_platform/number_tally.h"

namespace operator_connect::exposition {

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
  // When it was asked last, whether it answered or not; no value: never.
  std::optional<SteadyTime> asked_at;
  // It has leads that are not Removed, and none of these is licensed.
  bool unlicensed = false;
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

}  // namespace operator_connect::exposition

#endif  // OPERATOR_CONNECT_EXPORTER_EXPOSITION_NUMBERS_SNAPSHOT_H_
