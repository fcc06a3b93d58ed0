#include "exporter/exposition/lead_details.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <tuple>

#include "exporter/exposition/sample_writer.h"

namespace operator_connect::exposition {
namespace {

using live_platform::Lead;
using Leads = std::vector<Lead>;
using LeadPointers = std::vector<const Lead*>;

std::string_view Bool(bool value) { return value ? "true" : "false"; }

// Distinguishes leads by their labels tenant_id and lead_id.
struct HashLabels {
  std::size_t operator()(const Lead* lead) const {
    const std::hash<std::string_view> hash;
    return hash(lead->id) * 31 + hash(lead->tenant_id);
  }
};
struct SameLabels {
  bool operator()(const Lead* a, const Lead* b) const {
    return a->id == b->id && a->tenant_id == b->tenant_id;
  }
};

// Keeps the first of leads with the same labels: no series may occur twice. Ids
// differ, so labels are the same only if an id was changed for its label.
void KeepOneOfAlike(LeadPointers& leads) {
  if (std::all_of(leads.begin(), leads.end(),
                  [](const Lead* lead) { return lead->key == lead->id; })) {
    return;
  }
  std::unordered_set<const Lead*, HashLabels, SameLabels> met;
  std::erase_if(leads,
                [&](const Lead* lead) { return !met.insert(lead).second; });
}

// The leads that get series of their own. If they exceed the limit, the first
// ones are to be shown.
LeadPointers ChooseDetails(const config::Account& account, const Leads& leads,
                           const LicensedTenants& licensed, WallTime now) {
  const config::Leads& settings = account.leads;
  LeadPointers chosen;
  if (settings.details == config::LeadDetails::kNone) return chosen;
  for (const Lead& lead : leads) {
    if (lead.id.empty()) continue;
    const bool wanted =
        settings.details == config::LeadDetails::kAll ||
        NeedsAttention(lead, licensed, settings.removed_for, now);
    if (wanted) chosen.push_back(&lead);
  }
  KeepOneOfAlike(chosen);
  if (chosen.size() > static_cast<std::size_t>(settings.details_limit)) {
    const auto rank = [&](const Lead* lead) {
      return std::tuple(
          NeedsAttention(*lead, licensed, settings.removed_for, now),
          lead->modified.value_or(WallTime::min()));
    };
    std::stable_sort(
        chosen.begin(), chosen.end(),
        [&](const Lead* a, const Lead* b) { return rank(a) > rank(b); });
  }
  return chosen;
}

// The label `licensed`.
std::string_view Licensed(const Lead& lead, const LicensedTenants& licensed) {
  if (lead.licensed) return "true";
  return licensed.Has(lead) ? "other_lead" : "false";
}

void WriteDetails(const config::Account& account, const LeadPointers& chosen,
                  const LicensedTenants& licensed, const LabelLimit& limit,
                  Samples& samples) {
  SampleWriter info(Family::kLeadInfo, account.name);
  SampleWriter consented(Family::kLeadConsented, account.name);
  SampleWriter modified(Family::kLeadLastModified, account.name);
  const std::size_t shown = std::min(
      chosen.size(), static_cast<std::size_t>(account.leads.details_limit));
  for (std::size_t i = 0; i < shown; ++i) {
    const Lead& lead = *chosen[i];
    info.Add()
        .Label("tenant_id", lead.tenant_id)
        .Label("lead_id", lead.id)
        .Label("company", lead.company)
        .Label("status", limit(lead.status))
        .Label("licensed", Licensed(lead, licensed))
        .Label("direct", Bool(lead.direct))
        .Label("sync_failed", Bool(lead.sync_failed()))
        .Value(std::uint64_t{1});
    const auto write_time = [&](SampleWriter& writer,
                                const std::optional<WallTime>& time) {
      if (!time) return;
      writer.Add()
          .Label("tenant_id", lead.tenant_id)
          .Label("lead_id", lead.id)
          .Value(ToUnixSeconds(*time));
    };
    write_time(consented, lead.consented);
    write_time(modified, lead.modified);
  }
  samples[Family::kLeadInfo] = info.Finish();
  samples[Family::kLeadConsented] = consented.Finish();
  samples[Family::kLeadLastModified] = modified.Finish();
}

void WriteDropped(const config::Account& account, const LeadPointers& chosen,
                  Samples& samples) {
  std::uint64_t info = 0;
  std::uint64_t consented = 0;
  std::uint64_t modified = 0;
  const auto limit = static_cast<std::size_t>(account.leads.details_limit);
  for (std::size_t i = limit; i < chosen.size(); ++i) {
    ++info;
    if (chosen[i]->consented) ++consented;
    if (chosen[i]->modified) ++modified;
  }
  SampleWriter writer(Family::kDroppedSeries, account.name);
  const auto write = [&](Family family, std::uint64_t series) {
    if (series == 0) return;
    writer.Add().Label("metric", Name(family)).Value(series);
  };
  write(Family::kLeadInfo, info);
  write(Family::kLeadConsented, consented);
  write(Family::kLeadLastModified, modified);
  samples[Family::kDroppedSeries] = writer.Finish();
}

}  // namespace

LicensedTenants::LicensedTenants(const Leads& leads) {
  for (const Lead& lead : leads) {
    if (lead.licensed && !lead.removed() && !lead.tenant_id.empty()) {
      tenants_.insert(lead.tenant_id);
    }
  }
}

bool NeedsAttention(const Lead& lead, const LicensedTenants& licensed,
                    Duration removed_for, WallTime now) {
  if (lead.removed()) {
    return lead.modified && now - *lead.modified <= removed_for;
  }
  return (!lead.licensed && !licensed.Has(lead)) || lead.sync_failed();
}

void WriteLeadDetails(const config::Account& account, const Leads& leads,
                      const LicensedTenants& licensed, const LabelLimit& limit,
                      WallTime now, Samples& samples) {
  const LeadPointers details = ChooseDetails(account, leads, licensed, now);
  WriteDetails(account, details, licensed, limit, samples);
  WriteDropped(account, details, samples);
}

}  // namespace operator_connect::exposition
