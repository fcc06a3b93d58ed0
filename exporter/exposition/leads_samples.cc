#include "exporter/exposition/leads_samples.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "exporter/exposition/label_limit.h"
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

std::string_view Bool(bool value) { return value ? "true" : "false"; }

// Since when an unlicensed lead waits for its license.
std::optional<WallTime> WaitingSince(const Lead& lead) {
  if (lead.licensed || lead.status != live_platform::kLeadActive) {
    return std::nullopt;
  }
  return lead.consented ? lead.consented : lead.modified;
}

LabelLimit LimitStatuses(const Leads& leads) {
  LabelLimit::Counts counts;
  for (const std::string_view known :
       {live_platform::kLeadActive, live_platform::kLeadNotActive,
        live_platform::kLeadEssential, live_platform::kLeadRemoved}) {
    counts.emplace(known, 0);
  }
  for (const Lead& lead : leads) {
    const auto found = counts.find(lead.status);
    if (found != counts.end()) {
      ++found->second;
    } else if (counts.size() < live_platform::LabelIds::kMaxValues) {
      counts.emplace(lead.status, 1);
    }
  }
  return LabelLimit(counts, [](std::string_view status) {
    return live_platform::IsKnownLeadStatus(status) ||
           status == live_platform::kUnknown;
  });
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

void WriteWaiting(const std::string& account, const Leads& leads, WallTime now,
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
    const std::optional<WallTime> since = WaitingSince(lead);
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

// Tells leads apart by the two labels that name them.
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

// Leaves the first of those that have the same labels: no series may be there
// twice. Ids differ, so that they are shown alike only if one was changed for
// its label.
void KeepOneOfAlike(LeadPointers& leads) {
  if (std::all_of(leads.begin(), leads.end(),
                  [](const Lead* lead) { return lead->key == lead->id; })) {
    return;
  }
  std::unordered_set<const Lead*, HashLabels, SameLabels> met;
  std::erase_if(leads,
                [&](const Lead* lead) { return !met.insert(lead).second; });
}

// The leads to be shown one by one, and by how many of them the limit is
// passed: those stand behind the others.
LeadPointers ChooseDetails(const config::Account& account, const Leads& leads,
                           WallTime now) {
  const config::Leads& settings = account.leads;
  LeadPointers chosen;
  if (settings.details == config::LeadDetails::kNone) return chosen;
  for (const Lead& lead : leads) {
    if (lead.id.empty()) continue;
    const bool wanted = settings.details == config::LeadDetails::kAll ||
                        NeedsAttention(lead, settings.removed_for, now);
    if (wanted) chosen.push_back(&lead);
  }
  KeepOneOfAlike(chosen);
  if (chosen.size() > static_cast<std::size_t>(settings.details_limit)) {
    const auto rank = [&](const Lead* lead) {
      return std::tuple(NeedsAttention(*lead, settings.removed_for, now),
                        lead->modified.value_or(WallTime::min()));
    };
    std::stable_sort(
        chosen.begin(), chosen.end(),
        [&](const Lead* a, const Lead* b) { return rank(a) > rank(b); });
  }
  return chosen;
}

void WriteDetails(const config::Account& account, const LeadPointers& chosen,
                  const LabelLimit& limit, Samples& samples) {
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
        .Label("licensed", Bool(lead.licensed))
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

// Whether `a` speaks for its tenant rather than `b`: a lead that is there
// rather than a removed one, then the newer one.
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
        .Value(std::uint64_t{1});
  }
  samples[Family::kTenantInfo] = writer.Finish();
}

}  // namespace

bool NeedsAttention(const Lead& lead, Duration removed_for, WallTime now) {
  if (lead.removed()) {
    return lead.modified && now - *lead.modified <= removed_for;
  }
  return !lead.licensed || lead.sync_failed();
}

Samples WriteLeads(const config::Account& account, const Leads& leads,
                   WallTime read_at) {
  Samples samples;
  const LabelLimit limit = LimitStatuses(leads);
  WriteCounts(account.name, leads, limit, samples);
  WriteWaiting(account.name, leads, read_at, samples);
  const LeadPointers details = ChooseDetails(account, leads, read_at);
  WriteDetails(account, details, limit, samples);
  WriteDropped(account, details, samples);
  WriteTenants(account.name, leads, samples);
  return samples;
}

}  // namespace operator_connect::exposition
