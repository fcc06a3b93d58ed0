#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/simulator/samples.h"
#include "tests/simulator/truth_parts.h"

namespace operator_connect::simulator {

namespace {

using Counts = std::map<std::string, double>;

// The counts of one tenant's numbers.
struct TenantCount {
  double total = 0;
  double failed_checks = 0;
  Counts by_state;
};

struct Count {
  explicit Count(double now) : facts(now) {}
  NumberFacts facts;
  std::map<std::string, TenantCount> tenants;
  std::map<std::pair<std::string, std::string>, double> acquired;
  Counts available;
  Counts acquired_status;
  double never_checked = 0;
  std::optional<double> oldest_check;
  std::optional<double> newest_check;
};

bool CheckFailed(const Number& number) {
  return number.verification_code &&
         std::strtol(number.verification_code->c_str(), nullptr, 10) >= 400;
}

std::set<std::string> Distinct(const std::vector<std::string>& texts) {
  std::set<std::string> distinct;
  for (const std::string& text : texts) distinct.insert(LabelValue(text));
  return distinct;
}

void CountNumber(const Number& number, TenantCount& tenant, Count& count) {
  const std::string state = StateValue(number.assignment_status);
  ++tenant.total;
  ++tenant.by_state[state];
  if (CheckFailed(number)) ++tenant.failed_checks;
  for (const std::string& name : Distinct(number.acquired_capabilities)) {
    ++count.acquired[{state, name}];
  }
  for (const std::string& name : Distinct(number.available_capabilities)) {
    ++count.available[name];
  }
  ++count.acquired_status[number.acquired_number_status
                              ? std::to_string(*number.acquired_number_status)
                              : "unknown"];
  const std::optional<double> check =
      number.aslcht ? ParseDate(*number.aslcht) : std::nullopt;
  if (!check) {
    ++count.never_checked;
  } else {
    count.oldest_check = std::min(count.oldest_check.value_or(*check), *check);
    count.newest_check = std::max(count.newest_check.value_or(*check), *check);
  }
}

Count CountNumbers(const EstateData& estate, const TruthSettings& settings,
                   const std::set<std::string>& tenants) {
  Count count(ToUnixSeconds(settings.now));
  for (const std::string& tenant : tenants) {
    if (settings.failed.count(tenant) > 0) continue;
    TenantCount& counted = count.tenants[tenant];
    const auto numbers = estate.numbers.find(tenant);
    if (numbers == estate.numbers.end()) continue;
    if (settings.channel_id &&
        !ChannelSees(estate, *settings.channel_id, tenant)) {
      continue;
    }
    for (std::size_t i = 0; i < numbers->second.size(); ++i) {
      const Number number = numbers->second.at(i);
      CountNumber(number, counted, count);
      count.facts.Add(tenant, number);
    }
  }
  return count;
}

// All series of a tenant's numbers.
std::vector<NumberFacts::Series> TenantSeries(const std::string& tenant,
                                              const Count& count,
                                              const TruthSettings& settings) {
  std::vector<NumberFacts::Series> series = count.facts.Of(tenant, settings);
  const TenantCount& counted = count.tenants.at(tenant);
  if (counted.failed_checks > 0) {
    series.push_back(
        {"operator_connect_tenant_sync_failures", {}, counted.failed_checks});
  }
  if (!settings.tenant_series) return series;
  Counts states = counted.by_state;
  if (states.empty()) states["Unassigned"] = 0;
  for (const auto& [state, value] : states) {
    series.push_back({"operator_connect_tenant_numbers",
                      {{"assignment_status", state}},
                      value});
  }
  return series;
}

void ShowTenants(const Count& count, const TruthSettings& settings,
                 SampleMap& out) {
  std::vector<std::pair<double, std::string>> order;
  for (const auto& [tenant, counted] : count.tenants) {
    order.emplace_back(-counted.total, tenant);
  }
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::string& tenant = order[i].second;
    for (auto& [metric, labels, value] :
         TenantSeries(tenant, count, settings)) {
      if (i < settings.tenant_series_limit) {
        labels.emplace_back("tenant_id", tenant);
        out.Set(metric, labels, value);
      } else {
        out.Add("operator_connect_dropped_series", {{"metric", metric}}, 1);
      }
    }
  }
}

void ShowTenantStates(std::size_t asked, const TruthSettings& settings,
                      SampleMap& out) {
  const auto failed = static_cast<double>(settings.failed.size());
  const auto stale = static_cast<double>(settings.stale.size());
  out.Set("operator_connect_tenants", {{"state", "ok"}},
          static_cast<double>(asked) - failed - stale);
  out.Set("operator_connect_tenants", {{"state", "stale"}}, stale);
  out.Set("operator_connect_tenants", {{"state", "failed"}}, failed);
  for (const auto* problems : {&settings.failed, &settings.stale}) {
    for (const auto& [tenant, reason] : *problems) {
      out.Set("operator_connect_tenant_failed",
              {{"tenant_id", tenant}, {"reason", reason}}, 1);
    }
  }
}

void ShowSums(const Count& count, SampleMap& out) {
  for (const char* state :
       {"Unassigned", "UserAssigned", "ConferenceAssigned", "VoiceApp"}) {
    out.Add("operator_connect_numbers", {{"assignment_status", state}}, 0);
  }
  double failed_checks = 0;
  for (const auto& [tenant, counted] : count.tenants) {
    failed_checks += counted.failed_checks;
    for (const auto& [state, value] : counted.by_state) {
      out.Add("operator_connect_numbers", {{"assignment_status", state}},
              value);
    }
  }
  out.Set("operator_connect_sync_failures", {{"kind", "number_assignment"}},
          failed_checks);
  for (const auto& [key, value] : count.acquired) {
    out.Set("operator_connect_number_capabilities",
            {{"assignment_status", key.first}, {"capability", key.second}},
            value);
  }
  for (const auto& [name, value] : count.available) {
    out.Set("operator_connect_number_available_capabilities",
            {{"capability", name}}, value);
  }
  for (const auto& [status, value] : count.acquired_status) {
    out.Set("operator_connect_number_acquired_status",
            {{"acquired_status", status}}, value);
  }
  out.Set("operator_connect_numbers_never_checked", {}, count.never_checked);
  if (count.oldest_check) {
    out.Set("operator_connect_oldest_assignment_check_timestamp_seconds", {},
            *count.oldest_check);
    out.Set("operator_connect_newest_assignment_check_timestamp_seconds", {},
            *count.newest_check);
  }
  count.facts.ShowSums(out);
}

}  // namespace

bool ChannelSees(const EstateData& estate, std::int64_t channel,
                 std::string_view tenant_id) {
  const std::string tenant = ToLower(tenant_id);
  return std::any_of(estate.leads.begin(), estate.leads.end(),
                     [&](const Lead& lead) {
                       return lead.ovoc_channel_id == channel &&
                              ToLower(lead.tenant_id.value_or("")) == tenant;
                     });
}

std::set<std::string> AskedTenants(const EstateData& estate,
                                   const TruthSettings& settings) {
  std::set<std::string> tenants;
  if (!settings.numbers_enabled) return tenants;
  for (const Lead* lead : CountedLeads(estate, settings)) {
    if (!lead->tenant_id || lead->tenant_id->empty()) continue;
    const std::vector<std::string>& excluded = settings.exclude_statuses;
    if (lead->status && std::find(excluded.begin(), excluded.end(),
                                  *lead->status) != excluded.end()) {
      continue;
    }
    if (settings.channel_id && lead->ovoc_channel_id &&
        *lead->ovoc_channel_id != *settings.channel_id) {
      continue;
    }
    tenants.insert(ToLower(*lead->tenant_id));
  }
  return tenants;
}

Samples NumbersTruth(const EstateData& estate, const TruthSettings& settings) {
  Samples samples;
  if (!settings.numbers_enabled) return samples;
  const std::set<std::string> tenants = AskedTenants(estate, settings);
  const Count count = CountNumbers(estate, settings, tenants);
  SampleMap out(samples, settings.account);
  ShowSums(count, out);
  ShowTenants(count, settings, out);
  ShowTenantStates(tenants.size(), settings, out);
  ShowOrphans(estate, settings, tenants, out);
  return samples;
}

Samples Truth(const EstateData& estate, const TruthSettings& settings) {
  Samples samples = LeadsTruth(estate, settings);
  samples.merge(NumbersTruth(estate, settings));
  return samples;
}

const std::set<std::string>& TruthMetrics() {
  static const std::set<std::string> kNames = {
      "operator_connect_leads",
      "operator_connect_unlicensed_leads",
      "operator_connect_unlicensed_leads_waiting",
      "operator_connect_oldest_unlicensed_lead_timestamp_seconds",
      "operator_connect_direct_leads",
      "operator_connect_lead_info",
      "operator_connect_lead_consented_timestamp_seconds",
      "operator_connect_lead_last_modified_timestamp_seconds",
      "operator_connect_tenant_info",
      "operator_connect_sync_failures",
      "operator_connect_leads_by_channel",
      "operator_connect_numbers_by_verification_code",
      "operator_connect_numbers_by_country",
      "operator_connect_numbers_by_source",
      "operator_connect_numbers_by_sbc",
      "operator_connect_numbers_by_calling_profile",
      "operator_connect_numbers_acquired",
      "operator_connect_idle_numbers",
      "operator_connect_numbers_without_emergency_location",
      "operator_connect_newest_assignment_check_timestamp_seconds",
      "operator_connect_tenant_idle_numbers",
      "operator_connect_tenant_numbers_without_emergency_location",
      "operator_connect_tenant_leaving_numbers",
      "operator_connect_tenant_first_number_timestamp_seconds",
      "operator_connect_numbers",
      "operator_connect_number_capabilities",
      "operator_connect_number_available_capabilities",
      "operator_connect_number_acquired_status",
      "operator_connect_oldest_assignment_check_timestamp_seconds",
      "operator_connect_numbers_never_checked",
      "operator_connect_tenant_numbers",
      "operator_connect_tenant_sync_failures",
      "operator_connect_tenants",
      "operator_connect_tenant_failed",
      "operator_connect_orphan_numbers",
      "operator_connect_tenant_orphan_numbers",
      "operator_connect_dropped_series"};
  return kNames;
}

}  // namespace operator_connect::simulator
