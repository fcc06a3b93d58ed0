#include "exporter/exposition/numbers_samples.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "exporter/exposition/number_totals.h"
#include "exporter/exposition/sample_writer.h"
#include "exporter/live_platform/labels.h"

namespace operator_connect::exposition {
namespace {

using live_platform::LabelIds;
using live_platform::NumberCount;
using live_platform::NumberLabels;
using Kind = NumberCount::Kind;

class Writer {
 public:
  Writer(const config::Account& account, const NumbersSnapshot& snapshot,
         const TenantPointers& tenants)
      : account_(account),
        labels_(snapshot.labels),
        tenants_(tenants),
        totals_(tenants),
        limits_(snapshot.labels, totals_) {}

  void Write(Samples& samples) const {
    WriteStatuses(samples);
    WriteCapabilities(samples);
    WriteAcquiredStatuses(samples);
    WriteChecks(samples);
    WriteTenantFailures(samples);
    if (account_.numbers.tenant_series) WriteTenantNumbers(samples);
  }

 private:
  // Numbers by shown label value.
  using ByLabel = std::map<std::string_view, std::uint64_t>;

  std::string_view Status(LabelIds::Id id) const {
    return limits_.statuses(labels_.assignment_statuses.label(id));
  }
  std::string_view Capability(LabelIds::Id id) const {
    return limits_.capabilities(labels_.capabilities.label(id));
  }

  void WriteByLabel(Family family, std::string_view label,
                    const ByLabel& numbers, Samples& samples) const {
    SampleWriter writer(family, account_.name);
    for (const auto& [value, count] : numbers) {
      writer.Add().Label(label, value).Value(count);
    }
    samples[family] = writer.Finish();
  }

  void WriteStatuses(Samples& samples) const {
    ByLabel numbers;
    for (LabelIds::Id id = 0; id < live_platform::kKnownAssignmentStatuses;
         ++id) {
      numbers[labels_.assignment_statuses.label(id)] = 0;
    }
    for (const auto& [id, count] : totals_.by_status) {
      numbers[Status(id)] += count;
    }
    WriteByLabel(Family::kNumbers, "assignment_status", numbers, samples);
  }

  void WriteCapabilities(Samples& samples) const {
    std::map<std::pair<std::string_view, std::string_view>, std::uint64_t>
        acquired;
    for (const auto& [ids, count] : totals_.acquired) {
      acquired[{Status(ids.first), Capability(ids.second)}] += count;
    }
    SampleWriter writer(Family::kNumberCapabilities, account_.name);
    for (const auto& [values, count] : acquired) {
      writer.Add()
          .Label("assignment_status", values.first)
          .Label("capability", values.second)
          .Value(count);
    }
    samples[Family::kNumberCapabilities] = writer.Finish();
    ByLabel available;
    for (const auto& [id, count] : totals_.available) {
      available[Capability(id)] += count;
    }
    WriteByLabel(Family::kNumberAvailableCapabilities, "capability", available,
                 samples);
  }

  void WriteAcquiredStatuses(Samples& samples) const {
    ByLabel numbers;
    for (const auto& [id, count] : totals_.by_acquired_status) {
      numbers[limits_.acquired_statuses(labels_.acquired_statuses.label(id))] +=
          count;
    }
    WriteByLabel(Family::kNumberAcquiredStatus, "acquired_status", numbers,
                 samples);
  }

  void WriteChecks(Samples& samples) const {
    SampleWriter never(Family::kNumbersNeverChecked, account_.name);
    never.Add().Value(totals_.never_checked);
    samples[Family::kNumbersNeverChecked] = never.Finish();
    SampleWriter failures(Family::kSyncFailures, account_.name);
    failures.Add().Label("kind", "number_assignment").Value(totals_.failed);
    samples[Family::kSyncFailures] = failures.Finish();
    if (totals_.oldest_check) {
      SampleWriter oldest(Family::kOldestAssignmentCheck, account_.name);
      oldest.Add().Value(ToUnixSeconds(*totals_.oldest_check));
      samples[Family::kOldestAssignmentCheck] = oldest.Finish();
    }
  }

  void WriteTenantFailures(Samples& samples) const {
    SampleWriter writer(Family::kTenantSyncFailures, account_.name);
    for (const TenantSnapshot* tenant : tenants_) {
      if (tenant->numbers.failed == 0) continue;
      writer.Add().Label("tenant_id", tenant->id).Value(tenant->numbers.failed);
    }
    samples[Family::kTenantSyncFailures] = writer.Finish();
  }

  ByLabel TenantByStatus(const TenantSnapshot& tenant) const {
    ByLabel numbers;
    for (const NumberCount& count : tenant.numbers.counts) {
      if (count.kind == Kind::kStatus) {
        numbers[Status(count.status)] += count.numbers;
      }
    }
    if (numbers.empty()) numbers[labels_.assignment_statuses.label(0)] = 0;
    return numbers;
  }

  void WriteTenantNumbers(Samples& samples) const {
    TenantPointers tenants = tenants_;
    const auto limit =
        static_cast<std::size_t>(account_.numbers.tenant_series_limit);
    if (tenants.size() > limit) {
      std::sort(tenants.begin(), tenants.end(),
                [](const TenantSnapshot* a, const TenantSnapshot* b) {
                  return std::tuple(b->numbers.numbers, a->id) <
                         std::tuple(a->numbers.numbers, b->id);
                });
    }
    SampleWriter writer(Family::kTenantNumbers, account_.name);
    std::uint64_t dropped = 0;
    for (std::size_t i = 0; i < tenants.size(); ++i) {
      const ByLabel numbers = TenantByStatus(*tenants[i]);
      if (i >= limit) {
        dropped += numbers.size();
        continue;
      }
      for (const auto& [status, count] : numbers) {
        writer.Add()
            .Label("tenant_id", tenants[i]->id)
            .Label("assignment_status", status)
            .Value(count);
      }
    }
    samples[Family::kTenantNumbers] = writer.Finish();
    if (dropped > 0) {
      SampleWriter series(Family::kDroppedSeries, account_.name);
      series.Add().Label("metric", Name(Family::kTenantNumbers)).Value(dropped);
      samples[Family::kDroppedSeries] = series.Finish();
    }
  }

  const config::Account& account_;
  const NumberLabels& labels_;
  const TenantPointers& tenants_;  // those in use
  const NumberTotals totals_;
  const NumberLimits limits_;
};

// Sorts a tenant by whether its counts are young enough to be used.
void AddTenant(const TenantSnapshot& tenant, Duration max_age, SteadyTime now,
               TenantPointers& in_use, SampleWriter& failures,
               NumbersSamples& written) {
  const bool used = tenant.read_at && now - *tenant.read_at <= max_age;
  if (used) {
    in_use.push_back(&tenant);
    written.valid_until =
        std::min(written.valid_until, *tenant.read_at + max_age);
  }
  if (used && tenant.failure.empty()) {
    ++written.tenants.ok;
    return;
  }
  ++(used ? written.tenants.stale : written.tenants.failed);
  // Nothing failed, but nothing was read since: it was not reached.
  failures.Add()
      .Label("tenant_id", tenant.id)
      .Label("reason", tenant.failure.empty() ? "timeout" : tenant.failure)
      .Value(std::uint64_t{1});
}

void WriteOldest(const config::Account& account, const TenantPointers& in_use,
                 Samples& samples) {
  if (in_use.empty()) return;
  const auto oldest =
      std::min_element(in_use.begin(), in_use.end(),
                       [](const TenantSnapshot* a, const TenantSnapshot* b) {
                         return a->read_at_wall < b->read_at_wall;
                       });
  SampleWriter writer(Family::kOldestTenantNumbers, account.name);
  writer.Add().Value(ToUnixSeconds((*oldest)->read_at_wall));
  samples[Family::kOldestTenantNumbers] = writer.Finish();
}

void WriteStates(const config::Account& account,
                 const AccountState::Tenants& tenants, Samples& samples) {
  SampleWriter writer(Family::kTenants, account.name);
  writer.Add().Label("state", "ok").Value(tenants.ok);
  writer.Add().Label("state", "stale").Value(tenants.stale);
  writer.Add().Label("state", "failed").Value(tenants.failed);
  samples[Family::kTenants] = writer.Finish();
}

}  // namespace

NumbersSamples WriteNumbers(const config::Account& account,
                            const NumbersSnapshot& snapshot, Duration max_age,
                            SteadyTime now) {
  NumbersSamples written;
  TenantPointers in_use;
  SampleWriter failures(Family::kTenantFailed, account.name);
  for (const TenantSnapshot& tenant : snapshot.tenants) {
    AddTenant(tenant, max_age, now, in_use, failures, written);
  }
  Samples& samples = written.samples;
  WriteStates(account, written.tenants, samples);
  samples[Family::kTenantFailed] = failures.Finish();
  WriteOldest(account, in_use, samples);
  if (snapshot.tenants.empty() || !in_use.empty()) {
    Writer(account, snapshot, in_use).Write(samples);
  }
  return written;
}

}  // namespace operator_connect::exposition
