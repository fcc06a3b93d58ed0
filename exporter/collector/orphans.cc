#include "exporter/collector/orphans.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "exporter/base/mutex.h"
#include "exporter/base/work_together.h"
#include "exporter/collector/tenant_reader.h"
#include "exporter/http_client/failure.h"

namespace operator_connect::collector {
namespace {

using exposition::Orphan;
using exposition::OrphansSnapshot;
using http_client::Failure;

// The last counts of tenants that may have become orphans, by their ids.
std::unordered_map<std::string_view, Orphan> Known(
    const NumbersBefore& before) {
  std::unordered_map<std::string_view, Orphan> known;
  if (before.orphans != nullptr) {
    if (before.orphans->removed) {
      for (const Orphan& orphan : *before.orphans->removed) {
        known.emplace(orphan.id, orphan);
      }
    }
    for (const Orphan& orphan : before.orphans->no_lead) {
      known.emplace(orphan.id, orphan);
    }
  }
  if (before.numbers != nullptr) {
    for (const auto* tenants :
         {&before.numbers->tenants, &before.numbers->left}) {
      for (const exposition::TenantSnapshot& tenant : *tenants) {
        // A failure since then must not delay its request.
        known.emplace(tenant.id, Orphan{tenant.id, tenant.numbers.numbers,
                                        tenant.read_at, tenant.read_at, false});
      }
    }
  }
  return known;
}

OrphansSnapshot ListWhole(const config::Account& account,
                          const Tenants& tenants,
                          const std::vector<std::string>& all_tenants,
                          const WholeRead& whole) {
  OrphansSnapshot orphans;
  orphans.whole_at = whole.read_at;
  const auto orphan = [&](const std::string& id, std::uint64_t numbers) {
    return Orphan{id, numbers, whole.read_at, whole.read_at, false};
  };
  if (tenants.removed) {
    orphans.removed.emplace();
    for (const Tenant& tenant : *tenants.removed) {
      const auto found = whole.unwanted.find(tenant.id);
      orphans.removed->push_back(
          orphan(tenant.id, found == whole.unwanted.end() ? 0 : found->second));
    }
  }
  const std::unordered_set<std::string_view> excluded(
      account.exclude_tenants.begin(), account.exclude_tenants.end());
  for (const auto& [id, numbers] : whole.unwanted) {
    if (excluded.contains(id) ||
        std::binary_search(all_tenants.begin(), all_tenants.end(), id)) {
      continue;
    }
    orphans.no_lead.push_back(orphan(id, numbers));
  }
  return orphans;
}

// Asks removed tenants one by one.
class Asking {
 public:
  Asking(const NumbersContext& context, const std::vector<Tenant>& tenants,
         std::vector<Orphan>& orphans, const Deadline& deadline)
      : context_(context),
        tenants_(tenants),
        deadline_(deadline),
        orphans_(orphans) {}

  void Run() {
    const std::vector<std::size_t> order = Due();
    const std::size_t workers =
        std::min(SlotsForNumbers(context_.client.account()), order.size());
    WorkTogether(context_.pool, workers, order.size(), deadline_, [&] {
      const auto reader = std::make_shared<TenantReader>(context_, deadline_);
      return [this, &order, reader](std::size_t turn) {
        Ask(order[turn], *reader);
      };
    });
    LogFailures();
  }

  std::uint64_t malformed() OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return malformed_;
  }

 private:
  // The places of the tenants that are due, in the order in which to ask them.
  std::vector<std::size_t> Due() OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    const SteadyTime now = context_.clock.Steady();
    const Duration interval =
        context_.client.account().numbers.removed_tenants_interval;
    // Tenants without a time were never asked and come first.
    std::vector<std::pair<std::optional<SteadyTime>, std::size_t>> due;
    for (std::size_t i = 0; i < orphans_.size(); ++i) {
      const Orphan& orphan = orphans_[i];
      if (!orphan.asked_at || orphan.interrupted ||
          now - *orphan.asked_at >= interval) {
        due.emplace_back(orphan.asked_at, i);
      }
    }
    std::sort(due.begin(), due.end());
    std::vector<std::size_t> places;
    places.reserve(due.size());
    for (const auto& orphan : due) places.push_back(orphan.second);
    return places;
  }

  void Ask(std::size_t place, TenantReader& reader) OC_EXCLUDES(mutex_) {
    const ReadTime read_at(context_.clock);
    const Result<live_platform::TenantNumbers, Failure> read =
        reader.Read(tenants_[place], read_at.wall);
    MutexLock lock(mutex_);
    malformed_ += reader.malformed();
    Orphan& orphan = orphans_[place];
    if (!read.ok() && read.error().not_sent) return;
    orphan.asked_at = read_at.steady;
    orphan.interrupted = !read.ok() && deadline_.expired();
    if (read.ok()) {
      orphan.read_at = read_at.steady;
      orphan.numbers = read->numbers;
    } else if (!orphan.interrupted) {
      ++failed_;
      failure_ = read.error();
    }
  }

  // Logs one line for all: no metric names a removed tenant that fails.
  void LogFailures() OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    if (failed_ == 0) return;
    context_.log.Warn("collector",
                      "The numbers of removed tenants cannot be read.",
                      {{"account", context_.client.account().name},
                       {"endpoint", "numbers"},
                       {"tenants", failed_},
                       {"reason", failure_.Reason()},
                       {"detail", failure_.detail}});
  }

  const NumbersContext& context_;
  const std::vector<Tenant>& tenants_;
  const Deadline& deadline_;

  Mutex mutex_;
  std::vector<Orphan>& orphans_ OC_GUARDED_BY(mutex_);  // at their places
  std::uint64_t malformed_ OC_GUARDED_BY(mutex_) = 0;
  int failed_ OC_GUARDED_BY(mutex_) = 0;
  Failure failure_ OC_GUARDED_BY(mutex_);  // the last one
};

}  // namespace

OrphansSnapshot ListOrphans(const config::Account& account,
                            const Tenants& tenants,
                            const std::vector<std::string>& all_tenants,
                            const NumbersOutcome& found,
                            const NumbersBefore& before) {
  if (found.whole) {
    return ListWhole(account, tenants, all_tenants, *found.whole);
  }
  OrphansSnapshot orphans;
  if (tenants.removed) {
    const std::unordered_map<std::string_view, Orphan> known = Known(before);
    orphans.removed.emplace();
    for (const Tenant& tenant : *tenants.removed) {
      const auto same = known.find(tenant.id);
      if (same == known.end()) {
        orphans.removed->emplace_back().id = tenant.id;
      } else {
        orphans.removed->push_back(same->second);
      }
    }
  }
  if (found.one_by_one || before.orphans == nullptr) return orphans;
  orphans.whole_at = before.orphans->whole_at;
  for (const Orphan& orphan : before.orphans->no_lead) {
    if (!std::binary_search(all_tenants.begin(), all_tenants.end(),
                            orphan.id)) {
      orphans.no_lead.push_back(orphan);
    }
  }
  return orphans;
}

bool OrphansAreAsked(const config::Account& account,
                     const NumbersOutcome& found) {
  return account.numbers.removed_tenants_interval > Duration::zero() &&
         found.one_by_one && found.Summary().success;
}

OrphansSnapshot AskOrphans(const NumbersContext& context,
                           const std::vector<Tenant>& removed,
                           OrphansSnapshot orphans, std::uint64_t& malformed,
                           const Deadline& deadline) {
  if (!orphans.removed) return orphans;
  Asking asking(context, removed, *orphans.removed, deadline);
  asking.Run();
  malformed += asking.malformed();
  return orphans;
}

}  // namespace operator_connect::collector
