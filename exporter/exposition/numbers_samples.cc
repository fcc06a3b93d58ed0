#include "exporter/exposition/numbers_samples.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "exporter/exposition/freshness.h"
#include "exporter/exposition/number_totals.h"
#include "exporter/exposition/sample_writer.h"
#include "exporter/exposition/tenant_samples.h"
#include "exporter/live_platform/labels.h"

namespace operator_connect::exposition {
namespace {

using live_platform::LabelIds;
using live_platform::NumberCount;
using live_platform::NumberLabels;
using live_platform::TenantNumbers;
using Kind = NumberCount::Kind;

// Writes the sums of all tenants.
class NumbersWriter {
 public:
  NumbersWriter(const std::string& account, const NumberLabels& labels,
                const TenantNumbers& totals, const NumberLimits& limits)
      : account_(account), labels_(labels), totals_(totals), limits_(limits) {}

  void Write(Samples& samples) const {
    WriteStatuses(samples);
    WriteByLabel(Family::kNumberAvailableCapabilities, "capability",
                 Kind::kAvailable, samples);
    WriteByLabel(Family::kNumberAcquiredStatus, "acquired_status",
                 Kind::kAcquiredStatus, samples);
    WriteByLabel(Family::kNumbersByVerificationCode, "code", Kind::kCode,
                 samples);
    WriteByStatus(Family::kNumberCapabilities, "capability", {Kind::kAcquired},
                  samples);
    WriteByStatus(Family::kNumbersByCountry, "country",
                  {Kind::kCountry, Kind::kNoLocation}, samples);
    WriteByStatus(Family::kNumbersWithoutEmergencyLocation, "country",
                  {Kind::kNoLocation}, samples);
    WriteByStatus(Family::kNumbersBySource, "source", {Kind::kSource}, samples);
    WriteByStatus(Family::kNumbersBySbc, "sbc", {Kind::kSbc}, samples);
    WriteByStatus(Family::kNumbersByCallingProfile, "calling_profile",
                  {Kind::kProfile}, samples);
    WriteChecks(samples);
    WriteByAge(Family::kNumbersAcquired, "within", live_platform::kAcquiredDays,
               totals_.acquired, samples);
    WriteByAge(Family::kIdleNumbers, "longer_than", live_platform::kIdleDays,
               totals_.idle, samples);
  }

 private:
  // Numbers by shown label value.
  using ByLabel = std::map<std::string_view, std::uint64_t>;

  void WriteStatuses(Samples& samples) const {
    ByLabel numbers;
    for (LabelIds::Id id = 0; id < live_platform::kKnownAssignmentStatuses;
         ++id) {
      numbers[labels_.assignment_statuses.label(id)] = 0;
    }
    for (const NumberCount& count : totals_.counts) {
      if (count.kind != Kind::kStatus) continue;
      numbers[limits_.Status(count.status)] += count.numbers;
    }
    Write(Family::kNumbers, "assignment_status", numbers, samples);
  }

  void WriteByLabel(Family family, std::string_view label, Kind kind,
                    Samples& samples) const {
    ByLabel numbers;
    for (const NumberCount& count : totals_.counts) {
      if (count.kind != kind) continue;
      numbers[limits_.Value(count)] += count.numbers;
    }
    Write(family, label, numbers, samples);
  }

  void Write(Family family, std::string_view label, const ByLabel& numbers,
             Samples& samples) const {
    SampleWriter writer(family, account_);
    for (const auto& [value, count] : numbers) {
      writer.Add().Label(label, value).Value(count);
    }
    samples[family] = writer.Finish();
  }

  void WriteByStatus(Family family, std::string_view label,
                     std::initializer_list<Kind> kinds,
                     Samples& samples) const {
    std::map<std::pair<std::string_view, std::string_view>, std::uint64_t>
        numbers;
    for (const NumberCount& count : totals_.counts) {
      if (std::find(kinds.begin(), kinds.end(), count.kind) == kinds.end()) {
        continue;
      }
      numbers[{limits_.Status(count.status), limits_.Value(count)}] +=
          count.numbers;
    }
    SampleWriter writer(family, account_);
    for (const auto& [values, count] : numbers) {
      writer.Add()
          .Label("assignment_status", values.first)
          .Label(label, values.second)
          .Value(count);
    }
    samples[family] = writer.Finish();
  }

  void WriteChecks(Samples& samples) const {
    SampleWriter never(Family::kNumbersNeverChecked, account_);
    never.Add().Value(totals_.never_checked);
    samples[Family::kNumbersNeverChecked] = never.Finish();
    SampleWriter failures(Family::kSyncFailures, account_);
    failures.Add().Label("kind", "number_assignment").Value(totals_.failed);
    samples[Family::kSyncFailures] = failures.Finish();
    WriteTime(Family::kOldestAssignmentCheck, totals_.oldest_check, samples);
    WriteTime(Family::kNewestAssignmentCheck, totals_.newest_check, samples);
  }

  void WriteTime(Family family, const std::optional<WallTime>& time,
                 Samples& samples) const {
    if (!time) return;
    SampleWriter writer(family, account_);
    writer.Add().Value(ToUnixSeconds(*time));
    samples[family] = writer.Finish();
  }

  template <std::size_t kSize>
  void WriteByAge(Family family, std::string_view label,
                  const std::array<int, kSize>& days,
                  const std::array<std::uint64_t, kSize>& numbers,
                  Samples& samples) const {
    SampleWriter writer(family, account_);
    for (std::size_t i = 0; i < kSize; ++i) {
      writer.Add()
          .Label(label, std::to_string(days[i]) + "d")
          .Value(numbers[i]);
    }
    samples[family] = writer.Finish();
  }

  const std::string& account_;
  const NumberLabels& labels_;
  const TenantNumbers& totals_;
  const NumberLimits& limits_;
};

// Counts a tenant as ok, stale or failed, by whether its counts are in use and
// its read failed.
void AddTenant(const TenantSnapshot& tenant, bool used, TenantPointers& in_use,
               SampleWriter& failures, AccountState::Tenants& states) {
  if (used) in_use.push_back(&tenant);
  if (used && tenant.failure.empty()) {
    ++states.ok;
    return;
  }
  ++(used ? states.stale : states.failed);
  // Without a failure and a new read, the tenant was not reached.
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
  Freshness freshness(now);
  TenantPointers in_use;
  SampleWriter failures(Family::kTenantFailed, account.name);
  for (const TenantSnapshot& tenant : snapshot.tenants) {
    AddTenant(tenant, freshness.InUse(tenant.read_at, max_age), in_use,
              failures, written.tenants);
  }
  written.valid_until = freshness.valid_until();
  Samples& samples = written.samples;
  WriteStates(account, written.tenants, samples);
  samples[Family::kTenantFailed] = failures.Finish();
  WriteOldest(account, in_use, samples);
  if (snapshot.tenants.empty() || !in_use.empty()) {
    const TenantNumbers totals = AddUp(in_use);
    const NumberLimits limits(snapshot.labels, totals);
    NumbersWriter(account.name, snapshot.labels, totals, limits).Write(samples);
    WriteTenantSamples(account, snapshot.labels, limits, in_use, samples);
  }
  return written;
}

}  // namespace operator_connect::exposition
