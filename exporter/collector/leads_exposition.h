#ifndef OPERATOR_CONNECT_EXPORTER_COLLECTOR_LEADS_EXPOSITION_H_
#define OPERATOR_CONNECT_EXPORTER_COLLECTOR_LEADS_EXPOSITION_H_

#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/collector/families.h"
#include "exporter/config/config.h"
#include "exporter/live_platform/lead.h"

namespace operator_connect::collector {

// A tenant whose numbers are to be asked for.
struct Tenant {
  std::string id;   // lower case, as in labels
  std::string raw;  // as the platform wrote it
};

// What a whole read of an account's leads says, written out as samples. Pure:
// `read_at`, when the read was started, is the present for ages. Families:
// those of leads, tenant_info, sync_failures of civic addresses, and
// dropped_series of lead_info and its dates.
Samples WriteLeads(const config::Account& account,
                   const std::vector<live_platform::Lead>& leads,
                   WallTime read_at);

// The tenants whose numbers are asked for, each once: those with a lead whose
// status is not excluded and which is attached to no other channel than the
// account's. In the order of the leads.
std::vector<Tenant> TenantsToAsk(const config::Account& account,
                                 const std::vector<live_platform::Lead>& leads);

// Whether a lead wants somebody's attention: Removed within `removed_for`, or
// not Removed and unlicensed or without its civic addresses.
bool NeedsAttention(const live_platform::Lead& lead, Duration removed_for,
                    WallTime now);

}  // namespace operator_connect::collector

#endif  // OPERATOR_CONNECT_EXPORTER_COLLECTOR_LEADS_EXPOSITION_H_
