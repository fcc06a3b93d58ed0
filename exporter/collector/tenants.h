#ifndef OPERATOR_CONNECT_EXPORTER_COLLECTOR_TENANTS_H_
#define OPERATOR_CONNECT_EXPORTER_COLLECTOR_TENANTS_H_

#include <string>
#include <vector>

#include "exporter/config/config.h"
#include "exporter/live_platform/lead.h"

namespace operator_connect::collector {

// A tenant whose numbers are to be asked for.
struct Tenant {
  std::string id;   // lower case, as in labels
  std::string raw;  // as the platform wrote it
};

// The tenants whose numbers are asked for, each once: those with a lead whose
// status is not excluded and which is attached to no other channel than the
// account's. In the order of the leads.
std::vector<Tenant> TenantsToAsk(const config::Account& account,
                                 const std::vector<live_platform::Lead>& leads);

}  // namespace operator_connect::collector

#endif  // OPERATOR_CONNECT_EXPORTER_COLLECTOR_TENANTS_H_
