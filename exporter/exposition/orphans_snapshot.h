#ifndef OPERATOR_CONNECT_EXPORTER_EXPOSITION_ORPHANS_SNAPSHOT_H_
#define OPERATOR_CONNECT_EXPORTER_EXPOSITION_ORPHANS_SNAPSHOT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "exporter/base/clock.h"

namespace operator_connect::exposition {

// A tenant that is no customer, and how many numbers it has.
struct Orphan {
  std::string id;  // lower case, as in labels
  std::uint64_t numbers = 0;
  // When the read of that count was started; no value: never.
  std::optional<SteadyTime> read_at;
  // When it was asked last, whether it answered or not; no value: never.
  std::optional<SteadyTime> asked_at;
  // That request was given up before its end, for others to be asked.
  bool interrupted = false;
};

// The last counts of the orphans of an account. Never changes once it is
// published.
struct OrphansSnapshot {
  // Those whose leads are all Removed, in the order of the leads; no value:
  // they are no orphans by the configuration.
  std::optional<std::vector<Orphan>> removed;
  // When the numbers of all tenants were last read together; no value: they
  // are asked for one by one.
  std::optional<SteadyTime> whole_at;
  // Those without a lead that such a read met. An empty id stands for several.
  std::vector<Orphan> no_lead;
};

}  // namespace operator_connect::exposition

#endif  // OPERATOR_CONNECT_EXPORTER_EXPOSITION_ORPHANS_SNAPSHOT_H_
