#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_UNIT_HISTORY_RANDOM_ESTATE_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_UNIT_HISTORY_RANDOM_ESTATE_H_

#include <cstdint>
#include <string>

#include "exporter/live_platform/lead.h"
#include "tests/unit/history/lives.h"

namespace operator_connect::history {

// The leads of one collection of an estate that changes at random, determined
// by seed and step. Each tenant has none, one or two leads.
inline Leads RandomLeads(std::uint64_t seed, std::uint64_t step, int tenants) {
  // splitmix64
  std::uint64_t state = seed * 1'000'003 + step;
  const auto random = [&state](std::uint64_t below) {
    state += 0x9e3779b97f4a7c15;
    std::uint64_t mixed = state;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return (mixed ^ (mixed >> 31)) % below;
  };
  constexpr std::string_view kStatuses[] = {
      live_platform::kLeadActive,    live_platform::kLeadNotActive,
      live_platform::kLeadSuspended, live_platform::kLeadRemoved,
      live_platform::kLeadRemoved,   "unknown"};
  Leads leads;
  for (int tenant = 0; tenant < tenants; ++tenant) {
    for (std::uint64_t i = random(4); i > 1; --i) {
      Lead lead =
          LeadOf("t" + std::to_string(tenant),
                 kStatuses[random(std::size(kStatuses))], random(2) == 0);
      lead.company = "Contoso " + std::to_string(random(3));
      const auto date = [&](std::optional<WallTime>& time) {
        if (random(3) == 0) return;
        time = At(minutes(static_cast<std::int64_t>(random(200'000)) - 50'000));
      };
      date(lead.consented);
      date(lead.modified);
      leads.push_back(lead);
    }
  }
  return leads;
}

}  // namespace operator_connect::history

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_UNIT_HISTORY_RANDOM_ESTATE_H_
