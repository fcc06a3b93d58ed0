#include "exporter/collector/numbers_collection.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "exporter/base/mutex.h"
#include "exporter/live_platform/numbers_reader.h"

namespace operator_connect::collector {
namespace {

using live_platform::Client;
using live_platform::Failure;
using live_platform::NumberTranslator;
using live_platform::TenantNumbersReader;

// So many tenants that begin to fail are logged one by one.
constexpr int kLoggedFailures = 5;

// One collection under way: what its workers share. It outlives the call that
// made it, as a worker may be given a thread only when all is done.
class Round {
 public:
  Round(const NumbersContext& context, std::vector<Tenant> tenants,
        std::shared_ptr<const NumbersSnapshot> before, const Deadline& deadline)
      : context_(context),
        tenants_(std::move(tenants)),
        before_(std::move(before)),
        deadline_(deadline) {
    MutexLock lock(mutex_);
    for (std::size_t i = 0; before_ && i < before_->tenants.size(); ++i) {
      before_by_id_.emplace(before_->tenants[i].id, &before_->tenants[i]);
    }
    snapshot_ = std::make_shared<NumbersSnapshot>();
    snapshot_->tenants.resize(tenants_.size());
    for (std::size_t i = 0; i < tenants_.size(); ++i) {
      snapshot_->tenants[i].id = tenants_[i].id;
      snapshot_->tenants[i].failure = "timeout";
      order_.push_back(i);
    }
    std::stable_sort(order_.begin(), order_.end(),
                     [&](std::size_t a, std::size_t b) {
                       return Turn(tenants_[a]) < Turn(tenants_[b]);
                     });
  }

  // Asks tenants until none is left. Any number of threads.
  void Work() OC_EXCLUDES(mutex_) {
    std::optional<std::size_t> place = Begin();
    if (!place) return;
    TenantNumbersReader reader;
    NumberTranslator translator(reader.labels(), snapshot_labels());
    for (; place; place = Next()) Ask(*place, reader, translator);
    MutexLock lock(mutex_);
    --working_;
    changed_.NotifyAll();
  }

  // Waits for the other workers, and takes what they found.
  NumbersOutcome Finish() OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    next_ = order_.size();
    while (working_ > 0) changed_.Wait(mutex_);
    KeepOldCounts();
    outcome_.snapshot = snapshot_;
    return outcome_;
  }

 private:
  // Sorts tenants: never read, then by the age of their answers; those that
  // had their turn last time and did not use it come behind all others, so
  // that they do not take everybody's time again.
  std::tuple<bool, SteadyTime> Turn(const Tenant& tenant) const {
    const auto found = before_by_id_.find(tenant.id);
    if (found == before_by_id_.end()) return {false, SteadyTime::min()};
    return {found->second->asked_in_vain,
            found->second->read_at.value_or(SteadyTime::min())};
  }

  // The tables are written to under the lock alone, by Add().
  live_platform::NumberLabels& snapshot_labels() OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return snapshot_->labels;
  }

  std::optional<std::size_t> Begin() OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    const std::optional<std::size_t> place = Take();
    if (place) ++working_;
    return place;
  }

  std::optional<std::size_t> Next() OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return Take();
  }

  std::optional<std::size_t> Take() OC_REQUIRES(mutex_) {
    if (next_ >= order_.size() || deadline_.expired()) return std::nullopt;
    return order_[next_++];
  }

  void Ask(std::size_t place, TenantNumbersReader& reader,
           NumberTranslator& translator) OC_EXCLUDES(mutex_) {
    const Tenant& tenant = tenants_[place];
    const SteadyTime read_at = context_.clock.Steady();
    const WallTime read_at_wall = context_.clock.Wall();
    reader.Expect(tenant.id);
    reader.Restart();
    Result<Done, Failure> result =
        context_.client.GetNumbers(tenant.raw, reader, deadline_);
    if (result.ok() && reader.mismatched() > 0) {
      result = Failure{Failure::Kind::kMismatch, 0,
                       std::to_string(reader.mismatched()) +
                           " numbers belong to other tenants: the platform "
                           "ignores msTenantId"};
    }
    MutexLock lock(mutex_);
    outcome_.malformed += reader.malformed();
    TenantSnapshot& snapshot = snapshot_->tenants[place];
    if (!result.ok()) {
      Fail(snapshot, result.error());
      return;
    }
    snapshot.failure.clear();
    snapshot.read_at = read_at;
    snapshot.read_at_wall = read_at_wall;
    snapshot.numbers = reader.Total();
    translator.Translate(snapshot.numbers);
    ++outcome_.answered;
    outcome_.records += snapshot.numbers.numbers;
  }

  void Fail(TenantSnapshot& tenant, const Failure& failure)
      OC_REQUIRES(mutex_) {
    tenant.failure = failure.Reason();
    tenant.asked_in_vain =
        failure.kind == Failure::Kind::kTimeout && !deadline_.expired();
    if (deadline_.stopped()) return;
    if (outcome_.problem.empty()) outcome_.problem = failure.detail;
    const auto found = before_by_id_.find(tenant.id);
    const bool news = found == before_by_id_.end() ||
                      found->second->failure != tenant.failure;
    if (!news || logged_ >= kLoggedFailures) return;
    ++logged_;
    context_.log.Warn("collector", "The numbers of a tenant cannot be read.",
                      {{"account", context_.client.account().name},
                       {"endpoint", "numbers"},
                       {"tenant_id", tenant.id},
                       {"reason", tenant.failure},
                       {"detail", failure.detail}});
  }

  // Gives tenants that were not read this time what was known of them.
  void KeepOldCounts() OC_REQUIRES(mutex_) {
    if (!before_) return;
    NumberTranslator translator(before_->labels, snapshot_->labels);
    for (TenantSnapshot& tenant : snapshot_->tenants) {
      const auto found = before_by_id_.find(tenant.id);
      if (tenant.read_at || found == before_by_id_.end()) continue;
      tenant.read_at = found->second->read_at;
      tenant.read_at_wall = found->second->read_at_wall;
      tenant.numbers = found->second->numbers;
      translator.Translate(tenant.numbers);
    }
  }

  const NumbersContext context_;
  const std::vector<Tenant> tenants_;
  const std::shared_ptr<const NumbersSnapshot> before_;
  const Deadline deadline_;
  std::unordered_map<std::string_view, const TenantSnapshot*> before_by_id_;
  std::vector<std::size_t> order_;  // of tenants_; constant once made

  Mutex mutex_;
  CondVar changed_;
  std::shared_ptr<NumbersSnapshot> snapshot_ OC_GUARDED_BY(mutex_);
  std::size_t next_ OC_GUARDED_BY(mutex_) = 0;  // in order_
  int working_ OC_GUARDED_BY(mutex_) = 0;
  int logged_ OC_GUARDED_BY(mutex_) = 0;
  NumbersOutcome outcome_ OC_GUARDED_BY(mutex_);
};

}  // namespace

NumbersOutcome CollectNumbers(
    const NumbersContext& context, std::vector<Tenant> tenants,
    const std::shared_ptr<const NumbersSnapshot>& before,
    const Deadline& deadline) {
  // One of the account's places is kept for leads.
  const std::size_t places = std::max(
      std::size_t{1},
      static_cast<std::size_t>(context.client.account().concurrency) - 1);
  const std::size_t workers = std::min(places, tenants.size());
  const auto round =
      std::make_shared<Round>(context, std::move(tenants), before, deadline);
  for (std::size_t i = 1; i < workers; ++i) {
    context.executor.Submit([round] { round->Work(); });
  }
  round->Work();
  return round->Finish();
}

}  // namespace operator_connect::collector
