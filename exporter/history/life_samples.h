#ifndef OPERATOR_CONNECT_EXPORTER_HISTORY_LIFE_SAMPLES_H_
#define OPERATOR_CONNECT_EXPORTER_HISTORY_LIFE_SAMPLES_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/config/config.h"
#include "exporter/exposition/families.h"
#include "exporter/history/lifecycle.h"

namespace operator_connect::history {

// Writes the lives of an account's tenants as samples. Pure.

// The sample of tenant_lifecycle_since_timestamp_seconds of one tenant, with
// its newline. Empty if no time is known. It depends on `life.now` alone, so it
// is written once and kept.
std::string WriteSinceSample(const std::string& account, const std::string& id,
                             const Life& life);

// A tenant and its sample. Owns nothing.
struct ShownTenant {
  const std::string* id;
  const Life* life;
  const std::string* since_sample;
};
using ShownTenants = std::vector<ShownTenant>;

// Whether the tenant has a series; a removed one has one for `removed_for`.
bool IsShown(const Life& life, Duration removed_for, WallTime now);

// tenants_by_lifecycle; `counts` in the order of State.
exposition::Samples WriteByLifecycle(
    const std::string& account,
    const std::array<std::uint64_t, kStates>& counts);

// tenant_lifecycle_since_timestamp_seconds, limited by `leads.details` and
// `details_limit`, and dropped_series for it.
exposition::Samples WriteSince(const config::Account& account,
                               ShownTenants tenants, WallTime now);

// When tenants entered the states that need attention at once, kept so that
// recent changes can be counted at any time.
class RecentChanges {
 public:
  RecentChanges() = default;
  explicit RecentChanges(const ShownTenants& tenants);

  // tenants_changed_recently.
  exposition::Samples Write(const std::string& account, WallTime now) const;

 private:
  static constexpr std::array<State, 4> kWatched = {
      State::kRemoved, State::kVanished, State::kLicenseLost, State::kInactive};
  std::array<std::vector<WallTime>, kWatched.size()> since_;  // sorted
};

}  // namespace operator_connect::history

#endif  // OPERATOR_CONNECT_EXPORTER_HISTORY_LIFE_SAMPLES_H_
