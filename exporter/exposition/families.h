#ifndef OPERATOR_CONNECT_EXPORTER_EXPOSITION_FAMILIES_H_
#define OPERATOR_CONNECT_EXPORTER_EXPOSITION_FAMILIES_H_

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace operator_connect::exposition {

// The metric families in the order of the exposition. Families of
// prometheus-cpp's registries (requests, process) follow them.
enum class Family : std::size_t {
  kLeads,
  kUnlicensedLeads,
  kLeadsByChannel,
  kUnlicensedLeadsWaiting,
  kOldestUnlicensedLead,
  kDirectLeads,
  kLeadInfo,
  kLeadConsented,
  kLeadLastModified,
  kTenantInfo,
  kTenantsByLifecycle,
  kTenantsChangedRecently,
  kTenantLifecycleSince,
  kSyncFailures,
  kNumbers,
  kNumberCapabilities,
  kNumberAvailableCapabilities,
  kNumberAcquiredStatus,
  kNumbersByVerificationCode,
  kNumbersByCountry,
  kNumbersBySource,
  kNumbersBySbc,
  kNumbersByCallingProfile,
  kNumbersAcquired,
  kIdleNumbers,
  kNumbersWithoutEmergencyLocation,
  kOldestAssignmentCheck,
  kNewestAssignmentCheck,
  kNumbersNeverChecked,
  kTenantNumbers,
  kTenantSyncFailures,
  kTenantIdleNumbers,
  kTenantNumbersWithoutEmergencyLocation,
  kTenantLeavingNumbers,
  kTenantFirstNumber,
  kTenants,
  kTenantFailed,
  kOldestTenantNumbers,
  kOrphanNumbers,
  kTenantOrphanNumbers,
  kDroppedSeries,
  kUp,
  kCollectorSuccess,
  kCollectorDuration,
  kCollectorRecords,
  kCollectorLastSuccess,
  kTokenExpiry,
  kPausedUntil,
  kCount,
};
inline constexpr std::size_t kFamilies =
    static_cast<std::size_t>(Family::kCount);

// "operator_connect_leads"; all of these are gauges.
std::string_view Name(Family family);

// The lines before a family's samples: HELP, which names the platform's field,
// and TYPE. The same in both formats.
const std::string& Head(Family family);

// The written samples of some families; null where there are none. Samples are
// the same in both formats, so they are written once.
struct Samples {
  std::array<std::shared_ptr<const std::string>, kFamilies> of;

  const std::shared_ptr<const std::string>& operator[](Family family) const {
    return of[static_cast<std::size_t>(family)];
  }
  std::shared_ptr<const std::string>& operator[](Family family) {
    return of[static_cast<std::size_t>(family)];
  }
};

}  // namespace operator_connect::exposition

#endif  // OPERATOR_CONNECT_EXPORTER_EXPOSITION_FAMILIES_H_
