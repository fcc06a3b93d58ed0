#ifndef OPERATOR_CONNECT_EXPORTER_EXPOSITION_LEAD_DETAILS_H_
#define OPERATOR_CONNECT_EXPORTER_EXPOSITION_LEAD_DETAILS_H_

#include <string_view>
#include <unordered_set>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/config/config.h"
#include "exporter/exposition/families.h"
#include "exporter/exposition/label_limit.h"
#include "exporter/live_platform/lead.h"

namespace operator_connect::exposition {

// The tenants with a licensed lead that is not Removed. Another lead of such a
// tenant can never be licensed and does not wait.
class LicensedTenants {
 public:
  // `leads` outlive this.
  explicit LicensedTenants(const std::vector<live_platform::Lead>& leads);
  // Whether the lead's tenant is among them.
  bool Has(const live_platform::Lead& lead) const {
    return tenants_.contains(lead.tenant_id);
  }

 private:
  std::unordered_set<std::string_view> tenants_;
};

// Whether a lead needs attention: it was Removed within `removed_for`, or it is
// not Removed and lacks its civic addresses, or is unlicensed like all leads of
// its tenant.
bool NeedsAttention(const live_platform::Lead& lead,
                    const LicensedTenants& licensed, Duration removed_for,
                    WallTime now);

// Writes the series of single leads, by `leads.details`: lead_info, its dates,
// and dropped_series of these. `limit` applies to the label `status`.
void WriteLeadDetails(const config::Account& account,
                      const std::vector<live_platform::Lead>& leads,
                      const LicensedTenants& licensed, const LabelLimit& limit,
                      WallTime now, Samples& samples);

}  // namespace operator_connect::exposition

#endif  // OPERATOR_CONNECT_EXPORTER_EXPOSITION_LEAD_DETAILS_H_
