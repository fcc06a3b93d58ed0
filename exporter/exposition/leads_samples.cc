#include "exporter/exposition/leads_samples.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "exporter/exposition/label_limit.h"
#include "exporter/exposition/lead_details.h"
#include "exporter/exposition/sample_writer.h"
#include "exporter/live_platform/labels.h"

namespace operator_connect::exposition {
namespace {

using live_platform::Lead;
using Leads = std::vector<Lead>;
using LeadPointers = std::vector<const Lead*>;

struct StatusCount {
  std::uint64_t leads = 0;
  std::uint64_t unlicensed = 0;
};

// The start of an unlicensed lead's wait for its license.
std::optional<WallTime> WaitingSince(const Lead& lead,
                                     const LicensedTenants& licensed) {
  if (lead.licensed || lead.status != live_platform::kLeadActive ||
      licensed.Has(lead)) {
    return std::nullopt;
  }
  return lead.consented ? lead.consented : lead.modified;
}

// Chooses the values of one label. `known` values are kept however many others
// come before them; `counts` holds values that are always shown.
LabelLimit Limit(const Leads& leads, std::string Lead::* label,
                 bool (*known)(std::string_view), LabelLimit::Counts counts) {
  for (const Lead& lead : leads) {
    const std::string& value = lead.*label;
    const auto found = counts.find(value);
    if (found != counts.end()) {
      ++found->second;
    } else if (counts.size() < live_platform::LabelIds::kMaxValues ||
               known(value)) {
      counts.emplace(value, 1);
    }
  }
  return LabelLimit(counts, known);
}

LabelLimit LimitStatuses(const Leads& leads) {
  LabelLimit::Counts shown;
  for (const std::string_view known :
       {live_platform::kLeadActive, live_platform::kLeadNotActive,
        live_platform::kLeadEssential, live_platform::kLeadRemoved}) {
    shown.emplace(known, 0);
  }
  return Limit(
      leads, &Lead::status,
      [](std::string_view status) {
        return live_platform::IsKnownLeadStatus(status) ||
               status == live_platform::kUnknown;
      },
      std::move(shown));
}

void WriteCounts(const std::string& account, const Leads& leads,
                 const LabelLimit& limit, Samples& samples) {
  std::map<std::string_view, StatusCount> counts = {
      {live_platform::kLeadActive, {}},
      {live_platform::kLeadNotActive, {}},
      {live_platform::kLeadEssential, {}},
      {live_platform::kLeadRemoved, {}},
  };
  std::uint64_t direct = 0;
  std::uint64_t sync_failed = 0;
  for (const Lead& lead : leads) {
    StatusCount& count = counts[limit(lead.status)];
    ++count.leads;
    if (!lead.licensed) ++count.unlicensed;
    if (lead.direct) ++direct;
    if (lead.sync_failed()) ++sync_failed;
  }
  SampleWriter total(Family::kLeads, account);
  SampleWriter unlicensed(Family::kUnlicensedLeads, account);
  for (const auto& [status, count] : counts) {
    total.Add().Label("status", status).Value(count.leads);
    unlicensed.Add().Label("status", status).Value(count.unlicensed);
  }
  samples[Family::kLeads] = total.Finish();
  samples[Family::kUnlicensedLeads] = unlicensed.Finish();
  SampleWriter directs(Family::kDirectLeads, account);
  directs.Add().Value(direct);
  samples[Family::kDirectLeads] = directs.Finish();
  SampleWriter failures(Family::kSyncFailures, account);
  failures.Add().Label("kind", "civic_address").Value(sync_failed);
  samples[Family::kSyncFailures] = failures.Finish();
}

void WriteChannels(const std::string& account, const Leads& leads,
                   const LabelLimit& statuses, Samples& samples) {
  const LabelLimit channels = Limit(
      leads, &Lead::channel,
      [](std::string_view channel) { return channel == live_platform::kNone; },
      {});
  std::map<std::pair<std::string_view, std::string_view>, std::uint64_t> counts;
  for (const Lead& lead : leads) {
    ++counts[{channels(lead.channel), statuses(lead.status)}];
  }
  SampleWriter writer(Family::kLeadsByChannel, account);
  for (const auto& [values, count] : counts) {
    writer.Add()
        .Label("channel", values.first)
        .Label("status", values.second)
        .Value(count);
  }
  samples[Family::kLeadsByChannel] = writer.Finish();
}

void WriteWaiting(const std::string& account, const Leads& leads,
                  const LicensedTenants& licensed, WallTime now,
                  Samples& samples) {
  struct Threshold {
    std::string_view name;
    std::chrono::hours age;
    std::uint64_t leads = 0;
  };
  std::array<Threshold, 3> thresholds = {{
      {"1d", std::chrono::hours(24)},
      {"7d", std::chrono::hours(24 * 7)},
      {"30d", std::chrono::hours(24 * 30)},
  }};
  std::optional<WallTime> oldest;
  for (const Lead& lead : leads) {
    const std::optional<WallTime> since = WaitingSince(lead, licensed);
    if (!since) continue;
    if (!oldest || *since < *oldest) oldest = since;
    for (Threshold& threshold : thresholds) {
      if (now - *since > threshold.age) ++threshold.leads;
    }
  }
  SampleWriter waiting(Family::kUnlicensedLeadsWaiting, account);
  for (const Threshold& threshold : thresholds) {
    waiting.Add().Label("longer_than", threshold.name).Value(threshold.leads);
  }
  samples[Family::kUnlicensedLeadsWaiting] = waiting.Finish();
  if (oldest) {
    SampleWriter writer(Family::kOldestUnlicensedLead, account);
    writer.Add().Value(ToUnixSeconds(*oldest));
    samples[Family::kOldestUnlicensedLead] = writer.Finish();
  }
}

// Whether `a` rather than `b` describes the tenant: a lead that is not Removed
// first, then the newer one.
bool SpeaksBefore(const Lead& a, const Lead& b) {
  const auto rank = [](const Lead& lead) {
    const std::optional<WallTime>& newest =
        lead.modified ? lead.modified : lead.consented;
    return std::tuple(!lead.removed(), newest.value_or(WallTime::min()));
  };
  return rank(a) > rank(b);
}

void WriteTenants(const std::string& account, const Leads& leads,
                  Samples& samples) {
  std::unordered_map<std::string_view, std::size_t> places;
  LeadPointers speakers;
  for (const Lead& lead : leads) {
    if (lead.tenant_id.empty()) continue;
    const auto [place, added] = places.emplace(lead.tenant_id, speakers.size());
    if (added) {
      speakers.push_back(&lead);
    } else if (SpeaksBefore(lead, *speakers[place->second])) {
      speakers[place->second] = &lead;
    }
  }
  SampleWriter writer(Family::kTenantInfo, account);
  for (const Lead* lead : speakers) {
    writer.Add()
        .Label("tenant_id", lead->tenant_id)
        .Label("company", lead->company)
        .Label("channel", lead->channel)
        .Label("company_size", lead->company_size)
        .Value(std::uint64_t{1});
  }
  samples[Family::kTenantInfo] = writer.Finish();
}

}  // namespace

Samples WriteLeads(const config::Account& account, const Leads& leads,
                   WallTime read_at) {
  Samples samples;
  const LabelLimit limit = LimitStatuses(leads);
  WriteCounts(account.name, leads, limit, samples);
  WriteChannels(account.name, leads, limit, samples);
  const LicensedTenants licensed(leads);
  WriteWaiting(account.name, leads, licensed, read_at, samples);
  WriteLeadDetails(account, leads, licensed, limit, read_at, samples);
  WriteTenants(account.name, leads, samples);
  return samples;
}

}  // namespace operator_connect::exposition
