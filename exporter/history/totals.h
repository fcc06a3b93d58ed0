#ifndef OPERATOR_CONNECT_EXPORTER_HISTORY_TOTALS_H_
#define OPERATOR_CONNECT_EXPORTER_HISTORY_TOTALS_H_

#include <prometheus/metric_family.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/history/lifecycle.h"

namespace operator_connect::history {

// The upper bounds of time_to_license's buckets, in seconds; one more bucket is
// above them.
inline constexpr std::array<std::uint32_t, 8> kTimeToLicenseBounds = {
    3'600,      6 * 3'600,   86'400,      3 * 86'400,
    7 * 86'400, 14 * 86'400, 30 * 86'400, 90 * 86'400};

// The counters of one account's tenants.
struct Totals {
  std::array<std::uint64_t, kChanges> changes{};
  // Each time counts in one bucket.
  std::array<std::uint64_t, kTimeToLicenseBounds.size() + 1> time_to_license{};
  double time_to_license_seconds = 0;
  bool operator==(const Totals&) const = default;

  // Counts a step. True if there was anything to count.
  bool Add(const Step& step);
};

// tenant_lifecycle_changes_total and tenant_time_to_license_seconds.
std::vector<prometheus::MetricFamily> ToFamilies(const std::string& account,
                                                 const Totals& totals);

}  // namespace operator_connect::history

#endif  // OPERATOR_CONNECT_EXPORTER_HISTORY_TOTALS_H_
