#include "exporter/history/life_samples.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>
#include <tuple>
#include <utility>

#include "exporter/exposition/sample_writer.h"

namespace operator_connect::history {
namespace {

using exposition::Family;
using exposition::Samples;
using exposition::SampleWriter;

// Tenants that are not licensed first, then those that changed last: a limit
// keeps the first ones.
void PutMostUrgentFirst(ShownTenants& tenants) {
  const auto rank = [](const ShownTenant& tenant) {
    const Stay& now = tenant.life->now;
    return std::tuple(now.state != State::kLicensed, *now.since);
  };
  std::sort(tenants.begin(), tenants.end(),
            [&](const ShownTenant& a, const ShownTenant& b) {
              return std::tuple(rank(b), *a.id) < std::tuple(rank(a), *b.id);
            });
}

}  // namespace

bool IsShown(const Life& life, Duration removed_for, WallTime now) {
  if (!life.now.since) return false;
  return life.now.state != State::kRemoved ||
         now - *life.now.since <= removed_for;
}

Samples WriteByLifecycle(const std::string& account,
                         const std::array<std::uint64_t, kStates>& counts) {
  SampleWriter writer(Family::kTenantsByLifecycle, account);
  for (std::size_t i = 0; i < kStates; ++i) {
    writer.Add().Label("state", Name(static_cast<State>(i))).Value(counts[i]);
  }
  Samples samples;
  samples[Family::kTenantsByLifecycle] = writer.Finish();
  return samples;
}

std::string WriteSinceSample(const std::string& account, const std::string& id,
                             const Life& life) {
  if (!life.now.since) return {};
  SampleWriter writer(Family::kTenantLifecycleSince, account);
  writer.Add()
      .Label("tenant_id", id)
      .Label("company", life.now.company)
      .Label("state", Name(life.now.state))
      .Value(ToUnixSeconds(*life.now.since));
  return *writer.Finish();
}

Samples WriteSince(const config::Account& account, ShownTenants tenants,
                   WallTime now) {
  const config::Leads& settings = account.leads;
  std::erase_if(tenants, [&](const ShownTenant& tenant) {
    const Life& life = *tenant.life;
    return settings.details == config::LeadDetails::kNone ||
           (settings.details == config::LeadDetails::kAttention &&
            life.now.state == State::kLicensed) ||
           !IsShown(life, settings.removed_for, now);
  });
  const auto limit = static_cast<std::size_t>(settings.details_limit);
  const std::size_t shown = std::min(tenants.size(), limit);
  if (tenants.size() > limit) PutMostUrgentFirst(tenants);
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) text += *tenants[i].since_sample;
  text.shrink_to_fit();
  Samples samples;
  if (!text.empty()) {
    samples[Family::kTenantLifecycleSince] =
        std::make_shared<const std::string>(std::move(text));
  }
  if (tenants.size() > limit) {
    SampleWriter dropped(Family::kDroppedSeries, account.name);
    dropped.Add()
        .Label("metric", exposition::Name(Family::kTenantLifecycleSince))
        .Value(std::uint64_t{tenants.size() - limit});
    samples[Family::kDroppedSeries] = dropped.Finish();
  }
  return samples;
}

RecentChanges::RecentChanges(const ShownTenants& tenants) {
  for (const ShownTenant& tenant : tenants) {
    const Stay& now = tenant.life->now;
    if (!now.since) continue;
    for (std::size_t i = 0; i < kWatched.size(); ++i) {
      if (now.state == kWatched[i]) since_[i].push_back(*now.since);
    }
  }
  for (std::vector<WallTime>& since : since_) {
    std::sort(since.begin(), since.end());
  }
}

Samples RecentChanges::Write(const std::string& account, WallTime now) const {
  constexpr std::array<std::pair<std::string_view, std::chrono::hours>, 2>
      kWithin = {
          {{"1h", std::chrono::hours(1)}, {"3d", std::chrono::hours(72)}}};
  SampleWriter writer(Family::kTenantsChangedRecently, account);
  for (std::size_t i = 0; i < kWatched.size(); ++i) {
    for (const auto& [name, within] : kWithin) {
      const auto first =
          std::upper_bound(since_[i].begin(), since_[i].end(), now - within);
      writer.Add()
          .Label("state", history::Name(kWatched[i]))
          .Label("within", name)
          .Value(static_cast<std::uint64_t>(since_[i].end() - first));
    }
  }
  Samples samples;
  samples[Family::kTenantsChangedRecently] = writer.Finish();
  return samples;
}

}  // namespace operator_connect::history
