#include "exporter/exposition/orphan_samples.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "exporter/exposition/freshness.h"
#include "exporter/exposition/sample_writer.h"

namespace operator_connect::exposition {
namespace {

// The sum of two configured durations, held to the range of Duration.
Duration Sum(Duration a, Duration b) {
  return a > Duration::max() - b ? Duration::max() : a + b;
}

class OrphansWriter {
 public:
  OrphansWriter(const config::Account& account, Duration max_age,
                SteadyTime now)
      : account_(account), max_age_(max_age), freshness_(now) {}

  OrphanSamples Write(const NumbersSnapshot& numbers,
                      const OrphansSnapshot& orphans) {
    if (orphans.removed) AddRemoved(*orphans.removed, orphans.whole_at);
    if (freshness_.InUse(orphans.whole_at, max_age_)) {
      AddSum("no_lead", orphans.no_lead, max_age_);
    }
    AddUnlicensed(numbers);
    written_.samples[Family::kOrphanNumbers] = sums_.Finish();
    WriteTenants();
    written_.valid_until = freshness_.valid_until();
    return std::move(written_);
  }

 private:
  // One series of tenant_orphan_numbers.
  struct Series {
    std::uint64_t numbers;
    std::string_view tenant_id;
    std::string_view reason;
  };

  std::uint64_t Count(std::string_view reason, std::string_view tenant_id,
                      std::uint64_t numbers) {
    if (numbers > 0 && !tenant_id.empty()) {
      series_.push_back({numbers, tenant_id, reason});
    }
    return numbers;
  }

  void WriteSum(std::string_view reason, std::uint64_t numbers) {
    sums_.Add().Label("reason", reason).Value(numbers);
  }

  void AddSum(std::string_view reason, const std::vector<Orphan>& orphans,
              Duration lifetime) {
    std::uint64_t sum = 0;
    bool counted = orphans.empty();
    for (const Orphan& orphan : orphans) {
      if (!freshness_.InUse(orphan.read_at, lifetime)) continue;
      counted = true;
      sum += Count(reason, orphan.id, orphan.numbers);
    }
    if (counted) WriteSum(reason, sum);
  }

  void AddRemoved(const std::vector<Orphan>& removed,
                  const std::optional<SteadyTime>& whole_at) {
    const Duration interval = account_.numbers.removed_tenants_interval;
    if (!whole_at && interval == Duration::zero()) return;
    const bool all_asked = std::all_of(
        removed.begin(), removed.end(),
        [](const Orphan& orphan) { return orphan.asked_at.has_value(); });
    if (!all_asked) return;
    AddSum("removed", removed, whole_at ? max_age_ : Sum(interval, max_age_));
  }

  void AddUnlicensed(const NumbersSnapshot& numbers) {
    std::uint64_t sum = 0;
    bool counted = numbers.tenants.empty();
    for (const TenantSnapshot& tenant : numbers.tenants) {
      if (!freshness_.InUse(tenant.read_at, max_age_)) continue;
      counted = true;
      if (!tenant.unlicensed) continue;
      sum += Count("unlicensed", tenant.id, tenant.numbers.numbers);
    }
    if (counted) WriteSum("unlicensed", sum);
  }

  void WriteTenants() {
    const auto limit =
        static_cast<std::size_t>(account_.numbers.tenant_series_limit);
    if (series_.size() > limit) {
      std::sort(series_.begin(), series_.end(),
                [](const Series& a, const Series& b) {
                  return std::tuple(b.numbers, a.tenant_id) <
                         std::tuple(a.numbers, b.tenant_id);
                });
      SampleWriter dropped(Family::kDroppedSeries, account_.name);
      dropped.Add()
          .Label("metric", Name(Family::kTenantOrphanNumbers))
          .Value(std::uint64_t{series_.size() - limit});
      written_.samples[Family::kDroppedSeries] = dropped.Finish();
      series_.resize(limit);
    }
    SampleWriter writer(Family::kTenantOrphanNumbers, account_.name);
    for (const Series& series : series_) {
      writer.Add()
          .Label("tenant_id", series.tenant_id)
          .Label("reason", series.reason)
          .Value(series.numbers);
    }
    written_.samples[Family::kTenantOrphanNumbers] = writer.Finish();
  }

  const config::Account& account_;
  const Duration max_age_;
  Freshness freshness_;
  OrphanSamples written_;
  SampleWriter sums_{Family::kOrphanNumbers, account_.name};
  std::vector<Series> series_;
};

}  // namespace

OrphanSamples WriteOrphans(const config::Account& account,
                           const NumbersSnapshot& numbers,
                           const OrphansSnapshot& orphans, Duration max_age,
                           SteadyTime now) {
  return OrphansWriter(account, max_age, now).Write(numbers, orphans);
}

}  // namespace operator_connect::exposition
