#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "tests/simulator/truth_parts.h"

namespace operator_connect::simulator {

namespace {

// The state of a tenant by all of its leads.
struct Leads {
  bool all_removed = true;
  bool licensed = false;  // any that is not Removed
  bool visible = false;   // any is in no other channel
};

std::map<std::string, Leads> LeadsByTenant(const EstateData& estate,
                                           const TruthSettings& settings) {
  std::map<std::string, Leads> tenants;
  for (const Lead* lead : CountedLeads(estate, settings)) {
    if (!lead->tenant_id || lead->tenant_id->empty()) continue;
    Leads& tenant = tenants[ToLower(*lead->tenant_id)];
    tenant.visible = tenant.visible || !settings.channel_id ||
                     !lead->ovoc_channel_id ||
                     *lead->ovoc_channel_id == *settings.channel_id;
    if (lead->status == "Removed") continue;
    tenant.all_removed = false;
    const std::string guid = lead->ump_customer_guid.value_or("");
    tenant.licensed =
        tenant.licensed ||
        (!guid.empty() && guid != "00000000-0000-0000-0000-000000000000");
  }
  return tenants;
}

class Orphans {
 public:
  Orphans(const EstateData& estate, const TruthSettings& settings,
          SampleMap& out)
      : estate_(estate),
        settings_(settings),
        leads_(LeadsByTenant(estate, settings)),
        out_(out) {}

  void Show(const std::set<std::string>& asked) {
    ShowUnlicensed(asked);
    const std::vector<std::string>& excluded = settings_.exclude_statuses;
    if (settings_.orphans != TruthSettings::Orphans::kNotAsked &&
        std::count(excluded.begin(), excluded.end(), "Removed") > 0) {
      ShowRemoved();
    }
    if (settings_.orphans == TruthSettings::Orphans::kAll) ShowNoLead();
    ShowTenants();
  }

 private:
  void Add(const std::string& reason, const std::string& tenant) {
    const auto found = estate_.numbers.find(tenant);
    const bool seen = !settings_.channel_id ||
                      ChannelSees(estate_, *settings_.channel_id, tenant);
    if (found == estate_.numbers.end() || found->second.size() == 0 || !seen) {
      return;
    }
    const auto numbers = static_cast<double>(found->second.size());
    out_.Add("operator_connect_orphan_numbers", {{"reason", reason}}, numbers);
    tenants_.emplace(-numbers, tenant, reason);
  }

  void Start(const std::string& reason) {
    out_.Add("operator_connect_orphan_numbers", {{"reason", reason}}, 0);
  }

  void ShowUnlicensed(const std::set<std::string>& asked) {
    Start("unlicensed");
    for (const std::string& tenant : asked) {
      const Leads& leads = leads_.at(tenant);
      if (settings_.failed.count(tenant) == 0 && !leads.all_removed &&
          !leads.licensed) {
        Add("unlicensed", tenant);
      }
    }
  }

  void ShowRemoved() {
    Start("removed");
    for (const auto& [tenant, leads] : leads_) {
      if (leads.all_removed && leads.visible &&
          settings_.failed_orphans.count(tenant) == 0) {
        Add("removed", tenant);
      }
    }
  }

  void ShowNoLead() {
    Start("no_lead");
    std::set<std::string> excluded;
    for (const std::string& tenant : settings_.exclude_tenants) {
      excluded.insert(ToLower(tenant));
    }
    for (const auto& [tenant, numbers] : estate_.numbers) {
      if (leads_.count(tenant) == 0 && excluded.count(tenant) == 0) {
        Add("no_lead", tenant);
      }
    }
  }

  void ShowTenants() {
    std::size_t shown = 0;
    for (const auto& [numbers, tenant, reason] : tenants_) {
      if (++shown <= settings_.tenant_series_limit) {
        out_.Set("operator_connect_tenant_orphan_numbers",
                 {{"tenant_id", tenant}, {"reason", reason}}, -numbers);
      } else {
        out_.Add("operator_connect_dropped_series",
                 {{"metric", "operator_connect_tenant_orphan_numbers"}}, 1);
      }
    }
  }

  const EstateData& estate_;
  const TruthSettings& settings_;
  const std::map<std::string, Leads> leads_;
  SampleMap& out_;
  // Negative counts, tenant and reason: the order of the limit.
  std::set<std::tuple<double, std::string, std::string>> tenants_;
};

}  // namespace

void ShowOrphans(const EstateData& estate, const TruthSettings& settings,
                 const std::set<std::string>& asked, SampleMap& out) {
  Orphans(estate, settings, out).Show(asked);
}

}  // namespace operator_connect::simulator
