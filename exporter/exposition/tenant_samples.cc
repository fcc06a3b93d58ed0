#include "exporter/exposition/tenant_samples.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <tuple>

#include "exporter/base/text.h"
#include "exporter/exposition/sample_writer.h"

namespace operator_connect::exposition {
namespace {

using live_platform::NumberCount;
using live_platform::NumberLabels;
using Kind = NumberCount::Kind;

// Numbers by shown label value.
using ByLabel = std::map<std::string_view, std::uint64_t>;

// The index of 90 days in TenantNumbers::idle.
constexpr std::size_t kIdle90Days = 1;
static_assert(live_platform::kIdleDays[kIdle90Days] == 90);

// Whether numbers with that acquired status are being released or removed.
bool IsLeaving(std::string_view acquired_status) {
  return acquired_status != live_platform::kUnknown && acquired_status != "0" &&
         !EqualIgnoringCase(acquired_status, "Active");
}

// One family of tenants' series.
class Series {
 public:
  Series(Family family, const config::Account& account)
      : family_(family),
        limit_(static_cast<std::size_t>(account.numbers.tenant_series_limit)),
        writer_(family, account.name) {}

  // Adds one series of the tenant at that place, or counts it as dropped.
  void Add(std::size_t place, const TenantSnapshot& tenant, auto value) {
    if (place >= limit_) {
      ++dropped_;
      return;
    }
    writer_.Add().Label("tenant_id", tenant.id).Value(value);
  }
  void Add(std::size_t place, const TenantSnapshot& tenant,
           std::string_view label, const ByLabel& numbers) {
    if (place >= limit_) {
      dropped_ += numbers.size();
      return;
    }
    for (const auto& [value, count] : numbers) {
      writer_.Add()
          .Label("tenant_id", tenant.id)
          .Label(label, value)
          .Value(count);
    }
  }

  void Finish(SampleWriter& dropped, Samples& samples) {
    samples[family_] = writer_.Finish();
    if (dropped_ > 0) {
      dropped.Add().Label("metric", Name(family_)).Value(dropped_);
    }
  }

 private:
  const Family family_;
  const std::size_t limit_;
  SampleWriter writer_;
  std::uint64_t dropped_ = 0;
};

class TenantWriter {
 public:
  TenantWriter(const config::Account& account, const NumberLabels& labels,
               const NumberLimits& limits)
      : account_(account),
        labels_(labels),
        limits_(limits),
        numbers_(Family::kTenantNumbers, account),
        failures_(Family::kTenantSyncFailures, account),
        idle_(Family::kTenantIdleNumbers, account),
        without_location_(Family::kTenantNumbersWithoutEmergencyLocation,
                          account),
        leaving_(Family::kTenantLeavingNumbers, account),
        first_(Family::kTenantFirstNumber, account) {}

  void Add(std::size_t place, const TenantSnapshot& tenant) {
    const live_platform::TenantNumbers& numbers = tenant.numbers;
    AddCounts(place, tenant);
    if (numbers.failed > 0) failures_.Add(place, tenant, numbers.failed);
    const std::uint64_t idle = numbers.idle[kIdle90Days];
    if (idle > 0) idle_.Add(place, tenant, idle);
    if (account_.numbers.tenant_series && numbers.first_acquired) {
      first_.Add(place, tenant, ToUnixSeconds(*numbers.first_acquired));
    }
  }

  void Finish(Samples& samples) {
    SampleWriter dropped(Family::kDroppedSeries, account_.name);
    for (Series* series : {&numbers_, &failures_, &idle_, &without_location_,
                           &leaving_, &first_}) {
      series->Finish(dropped, samples);
    }
    samples[Family::kDroppedSeries] = dropped.Finish();
  }

 private:
  void AddCounts(std::size_t place, const TenantSnapshot& tenant) {
    ByLabel by_status;
    ByLabel without_location;
    ByLabel leaving;
    for (const NumberCount& count : tenant.numbers.counts) {
      if (count.kind == Kind::kStatus) {
        by_status[limits_.Status(count.status)] += count.numbers;
      } else if (count.kind == Kind::kNoLocation &&
                 count.status == live_platform::kUserAssigned) {
        without_location[limits_.Value(count)] += count.numbers;
      } else if (count.kind == Kind::kAcquiredStatus &&
                 IsLeaving(labels_.acquired_statuses.label(count.value))) {
        leaving[limits_.Value(count)] += count.numbers;
      }
    }
    if (by_status.empty()) by_status[limits_.Status(0)] = 0;
    if (account_.numbers.tenant_series) {
      numbers_.Add(place, tenant, "assignment_status", by_status);
    }
    without_location_.Add(place, tenant, "country", without_location);
    leaving_.Add(place, tenant, "acquired_status", leaving);
  }

  const config::Account& account_;
  const NumberLabels& labels_;
  const NumberLimits& limits_;
  Series numbers_;
  Series failures_;
  Series idle_;
  Series without_location_;
  Series leaving_;
  Series first_;
};

}  // namespace

void WriteTenantSamples(const config::Account& account,
                        const NumberLabels& labels, const NumberLimits& limits,
                        TenantPointers tenants, Samples& samples) {
  if (tenants.size() >
      static_cast<std::size_t>(account.numbers.tenant_series_limit)) {
    std::sort(tenants.begin(), tenants.end(),
              [](const TenantSnapshot* a, const TenantSnapshot* b) {
                return std::tuple(b->numbers.numbers, a->id) <
                       std::tuple(a->numbers.numbers, b->id);
              });
  }
  TenantWriter writer(account, labels, limits);
  for (std::size_t i = 0; i < tenants.size(); ++i) writer.Add(i, *tenants[i]);
  writer.Finish(samples);
}

}  // namespace operator_connect::exposition
