#include "exporter/collector/tenants.h"

#include <string_view>
#include <unordered_set>

namespace operator_connect::collector {

using live_platform::Lead;

std::vector<Tenant> TenantsToAsk(const config::Account& account,
                                 const std::vector<Lead>& leads) {
  std::unordered_set<std::string_view> excluded;
  for (const std::string& status : account.numbers.exclude_statuses) {
    excluded.insert(live_platform::ShownLeadStatus(status));
  }
  std::unordered_set<std::string_view> met;
  std::vector<Tenant> tenants;
  for (const Lead& lead : leads) {
    if (lead.tenant_id.empty() || excluded.contains(lead.status) ||
        (account.channel_id && !lead.InChannel(*account.channel_id))) {
      continue;
    }
    if (met.insert(lead.tenant_id).second) {
      tenants.push_back({lead.tenant_id, lead.tenant});
    }
  }
  return tenants;
}

}  // namespace operator_connect::collector
