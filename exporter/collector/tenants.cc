#include "exporter/collector/tenants.h"

#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace operator_connect::collector {
namespace {

using live_platform::Lead;

// The state of a tenant by all of its leads.
struct Facts {
  bool removed = true;  // all of its leads
  bool licensed = false;
  bool listed = false;  // in `customers` or `removed`
};

std::unordered_map<std::string_view, Facts> FactsOf(
    const std::vector<Lead>& leads) {
  std::unordered_map<std::string_view, Facts> facts;
  for (const Lead& lead : leads) {
    Facts& tenant = facts[lead.tenant_id];
    if (lead.removed()) continue;
    tenant.removed = false;
    tenant.licensed = tenant.licensed || lead.licensed;
  }
  return facts;
}

}  // namespace

Tenants TenantsOf(const config::Account& account,
                  const std::vector<Lead>& leads) {
  std::unordered_set<std::string_view> excluded;
  for (const std::string& status : account.numbers.exclude_statuses) {
    excluded.insert(live_platform::ShownLeadStatus(status));
  }
  Tenants tenants;
  if (excluded.contains(live_platform::kLeadRemoved)) tenants.removed.emplace();
  std::unordered_map<std::string_view, Facts> facts = FactsOf(leads);
  for (const Lead& lead : leads) {
    if (lead.tenant_id.empty() ||
        (account.channel_id && !lead.InChannel(*account.channel_id))) {
      continue;
    }
    Facts& tenant = facts[lead.tenant_id];
    const bool orphan = tenant.removed && tenants.removed;
    if (tenant.listed || (excluded.contains(lead.status) && !orphan)) continue;
    tenant.listed = true;
    (orphan ? *tenants.removed : tenants.customers)
        .push_back(
            {lead.tenant_id, lead.tenant, !tenant.removed && !tenant.licensed});
  }
  return tenants;
}

}  // namespace operator_connect::collector
