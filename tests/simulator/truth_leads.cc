#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulator/samples.h"
#include "tests/simulator/text.h"
#include "tests/simulator/truth_parts.h"

namespace operator_connect::simulator {

namespace {

bool IsUnlicensed(const Lead& lead) {
  const std::string guid = lead.ump_customer_guid.value_or("");
  return guid.empty() || guid == "00000000-0000-0000-0000-000000000000";
}

bool IsRemoved(const Lead& lead) { return lead.status == "Removed"; }

bool SyncFailed(const Lead& lead) {
  return lead.is_direct && !IsRemoved(lead) && lead.civic_addresses <= 0;
}

// The start of a lead's wait for its license.
std::optional<double> WaitingSince(const Lead& lead) {
  const std::optional<double> consent = DateOf(lead.consented_on);
  return consent ? consent : DateOf(lead.last_modified_on);
}

std::string TenantOf(const Lead& lead) {
  return ToLower(lead.tenant_id.value_or(""));
}

// Whether the lead is unlicensed, but another lead of the tenant, which is not
// Removed, is licensed.
bool OtherIsLicensed(const Lead& lead, const std::vector<const Lead*>& leads) {
  if (!IsUnlicensed(lead) || TenantOf(lead).empty()) return false;
  return std::any_of(leads.begin(), leads.end(), [&](const Lead* other) {
    return !IsUnlicensed(*other) && !IsRemoved(*other) &&
           TenantOf(*other) == TenantOf(lead);
  });
}

bool NeedsAttention(const Lead& lead, const std::vector<const Lead*>& leads,
                    const TruthSettings& settings) {
  if (!IsRemoved(lead)) {
    return (IsUnlicensed(lead) && !OtherIsLicensed(lead, leads)) ||
           SyncFailed(lead);
  }
  const std::optional<double> modified = DateOf(lead.last_modified_on);
  return modified && ToUnixSeconds(settings.now) - *modified <=
                         ToSeconds(settings.removed_for);
}

std::string ChannelOf(const Lead& lead) {
  const std::int64_t channel = lead.ovoc_channel_id.value_or(0);
  return channel == 0 ? "none" : std::to_string(channel);
}

void CountStatuses(const std::vector<const Lead*>& leads, SampleMap& out) {
  for (const char* status :
       {"Active", "Not Active", "OC Essential", "Removed"}) {
    out.Add("operator_connect_leads", {{"status", status}}, 0);
    out.Add("operator_connect_unlicensed_leads", {{"status", status}}, 0);
  }
  out.Add("operator_connect_direct_leads", {}, 0);
  out.Add("operator_connect_sync_failures", {{"kind", "civic_address"}}, 0);
  for (const Lead* lead : leads) {
    const std::string status = StateValue(lead->status);
    out.Add("operator_connect_leads", {{"status", status}}, 1);
    out.Add("operator_connect_leads_by_channel",
            {{"channel", ChannelOf(*lead)}, {"status", status}}, 1);
    out.Add("operator_connect_unlicensed_leads", {{"status", status}},
            IsUnlicensed(*lead) ? 1 : 0);
    out.Add("operator_connect_direct_leads", {}, lead->is_direct ? 1 : 0);
    out.Add("operator_connect_sync_failures", {{"kind", "civic_address"}},
            SyncFailed(*lead) ? 1 : 0);
  }
}

void CountWaiting(const std::vector<const Lead*>& leads, double now,
                  SampleMap& out) {
  const std::pair<const char*, double> kLimits[] = {
      {"1d", kDay}, {"7d", 7 * kDay}, {"30d", 30 * kDay}};
  for (const auto& [name, limit] : kLimits) {
    out.Add("operator_connect_unlicensed_leads_waiting",
            {{"longer_than", name}}, 0);
  }
  std::optional<double> oldest;
  for (const Lead* lead : leads) {
    if (lead->status != "Active" || !IsUnlicensed(*lead) ||
        OtherIsLicensed(*lead, leads)) {
      continue;
    }
    const std::optional<double> since = WaitingSince(*lead);
    if (!since) continue;
    oldest = std::min(oldest.value_or(*since), *since);
    for (const auto& [name, limit] : kLimits) {
      out.Add("operator_connect_unlicensed_leads_waiting",
              {{"longer_than", name}}, now - *since > limit ? 1 : 0);
    }
  }
  if (oldest) {
    out.Set("operator_connect_oldest_unlicensed_lead_timestamp_seconds", {},
            *oldest);
  }
}

const char* Truth(bool value) { return value ? "true" : "false"; }

void Detail(const Lead& lead, const std::vector<const Lead*>& leads,
            SampleMap& out) {
  const Labels ids = {{"tenant_id", LabelValue(TenantOf(lead))},
                      {"lead_id", LabelValue(ToLower(*lead.id))}};
  Labels labels = ids;
  labels.emplace_back("company", CompanyValue(lead.company.value_or("")));
  labels.emplace_back("status", StateValue(lead.status));
  labels.emplace_back("licensed", OtherIsLicensed(lead, leads)
                                      ? "other_lead"
                                      : Truth(!IsUnlicensed(lead)));
  labels.emplace_back("direct", Truth(lead.is_direct));
  labels.emplace_back("sync_failed", Truth(SyncFailed(lead)));
  out.Set("operator_connect_lead_info", labels, 1);
  if (const auto date = DateOf(lead.consented_on)) {
    out.Set("operator_connect_lead_consented_timestamp_seconds", ids, *date);
  }
  if (const auto date = DateOf(lead.last_modified_on)) {
    out.Set("operator_connect_lead_last_modified_timestamp_seconds", ids,
            *date);
  }
}

void Details(const std::vector<const Lead*>& leads,
             const TruthSettings& settings, SampleMap& out) {
  if (settings.details == TruthSettings::Details::kNone) return;
  std::vector<const Lead*> shown;
  // The first of leads with the same labels is shown.
  std::set<std::pair<std::string, std::string>> met;
  for (const Lead* lead : leads) {
    if (!lead->id || lead->id->empty()) continue;
    if (settings.details != TruthSettings::Details::kAll &&
        !NeedsAttention(*lead, leads, settings)) {
      continue;
    }
    if (met.emplace(LabelValue(TenantOf(*lead)), LabelValue(ToLower(*lead->id)))
            .second) {
      shown.push_back(lead);
    }
  }
  const auto rank = [&](const Lead* lead) {
    return std::make_pair(NeedsAttention(*lead, leads, settings),
                          DateOf(lead->last_modified_on).value_or(0));
  };
  std::stable_sort(
      shown.begin(), shown.end(),
      [&](const Lead* a, const Lead* b) { return rank(a) > rank(b); });
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (i < settings.details_limit) {
      Detail(*shown[i], leads, out);
      continue;
    }
    const auto dropped = [&](const char* metric, double count) {
      if (count == 0) return;
      out.Add("operator_connect_dropped_series", {{"metric", metric}}, count);
    };
    dropped("operator_connect_lead_info", 1);
    dropped("operator_connect_lead_consented_timestamp_seconds",
            DateOf(shown[i]->consented_on) ? 1 : 0);
    dropped("operator_connect_lead_last_modified_timestamp_seconds",
            DateOf(shown[i]->last_modified_on) ? 1 : 0);
  }
}

void NameTenants(const std::vector<const Lead*>& leads, SampleMap& out) {
  std::map<std::string, const Lead*> newest;
  const auto rank = [](const Lead* lead) {
    return std::make_pair(
        !IsRemoved(*lead),
        DateOf(lead->last_modified_on)
            .value_or(DateOf(lead->consented_on).value_or(0)));
  };
  for (const Lead* lead : leads) {
    const std::string tenant = TenantOf(*lead);
    if (tenant.empty()) continue;
    const Lead*& best = newest[tenant];
    if (best == nullptr || rank(lead) > rank(best)) best = lead;
  }
  for (const auto& [tenant, lead] : newest) {
    out.Set("operator_connect_tenant_info",
            {{"tenant_id", LabelValue(tenant)},
             {"company", CompanyValue(lead->company.value_or(""))},
             {"channel", ChannelOf(*lead)},
             {"company_size", LabelValue(lead->company_size)}},
            1);
  }
}

}  // namespace

std::vector<const Lead*> CountedLeads(const EstateData& estate,
                                      const TruthSettings& settings) {
  std::set<std::string> excluded;
  for (const std::string& tenant : settings.exclude_tenants) {
    excluded.insert(ToLower(tenant));
  }
  std::set<std::string> seen;
  std::vector<const Lead*> leads;
  for (const Lead& lead : estate.leads) {
    if (excluded.count(TenantOf(lead)) > 0) continue;
    if (lead.id && !lead.id->empty() &&
        !seen.insert(ToLower(*lead.id)).second) {
      continue;
    }
    leads.push_back(&lead);
  }
  return leads;
}

Samples LeadsTruth(const EstateData& estate, const TruthSettings& settings) {
  const std::vector<const Lead*> leads = CountedLeads(estate, settings);
  Samples samples;
  SampleMap out(samples, settings.account);
  CountStatuses(leads, out);
  CountWaiting(leads, ToUnixSeconds(settings.now), out);
  Details(leads, settings, out);
  NameTenants(leads, out);
  return samples;
}

}  // namespace operator_connect::simulator
