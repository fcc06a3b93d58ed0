#ifndef OPERATOR_CONNECT_EXPORTER_EXPOSITION_ORPHANS_SNAPSHOT_H_
#define OPERATOR_CONNECT_EXPORTER_EXPOSITION_ORPHANS_SNAPSHOT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "exporter/base/clock.h"

namespace operator_connect::exposition {

// A tenant that is no customer, and the count of its numbers.
struct Orphan {
  std::string id;  // lower case, as in labels
  std::uint64_t numbers = 0;
  // The start of the read of that count; nullopt: never.
  std::optional<SteadyTime> read_at;
  // The last request, whether it succeeded or not; nullopt: never.
  std::optional<SteadyTime> asked_at;
  // That request was cut off so that customers could be asked.
  bool interrupted = false;
};

// The last counts of the orphans of an account. Never changes once published.
struct OrphansSnapshot {
  // Tenants whose leads are all Removed, in the order of the leads; nullopt:
  // the configuration does not count them as orphans.
  std::optional<std::vector<Orphan>> removed;
  // The last read of all tenants' numbers together; nullopt: tenants are asked
  // one by one.
  std::optional<SteadyTime> whole_at;
  // Tenants without a lead in that read. An empty id stands for several.
  std::vector<Orphan> no_lead;
};

}  // namespace operator_connect::exposition

#endif  // OPERATOR_CONNECT_EXPORTER_EXPOSITION_ORPHANS_SNAPSHOT_H_
