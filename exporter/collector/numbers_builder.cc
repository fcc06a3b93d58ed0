#include "exporter/collector/numbers_builder.h"

#include <algorithm>
#include <utility>

namespace operator_connect::collector {
namespace {

using live_platform::Failure;
using live_platform::NumberTranslator;

// So many tenants that begin to fail are logged one by one.
constexpr int kLoggedFailures = 5;

std::unordered_map<std::string_view, const TenantSnapshot*> ById(
    const NumbersSnapshot* snapshot) {
  std::unordered_map<std::string_view, const TenantSnapshot*> by_id;
  if (snapshot == nullptr) return by_id;
  for (const TenantSnapshot& tenant : snapshot->tenants) {
    by_id.emplace(tenant.id, &tenant);
  }
  return by_id;
}

std::shared_ptr<NumbersSnapshot> NotReached(
    const std::vector<Tenant>& tenants) {
  auto snapshot = std::make_shared<NumbersSnapshot>();
  snapshot->tenants.resize(tenants.size());
  for (std::size_t i = 0; i < tenants.size(); ++i) {
    snapshot->tenants[i].id = tenants[i].id;
    snapshot->tenants[i].failure = "timeout";
  }
  return snapshot;
}

}  // namespace

NumbersBuilder::NumbersBuilder(const NumbersContext& context,
                               std::vector<Tenant> tenants,
                               std::shared_ptr<const NumbersSnapshot> before,
                               const Deadline& deadline)
    : context_(context),
      tenants_(std::move(tenants)),
      before_(std::move(before)),
      deadline_(deadline),
      before_by_id_(ById(before_.get())),
      snapshot_(NotReached(tenants_)) {}

const TenantSnapshot* NumbersBuilder::Before(std::string_view id) const {
  const auto found = before_by_id_.find(id);
  return found == before_by_id_.end() ? nullptr : found->second;
}

std::vector<std::size_t> NumbersBuilder::Order() const {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < tenants_.size(); ++i) order.push_back(i);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) {
                     return Turn(tenants_[a]) < Turn(tenants_[b]);
                   });
  return order;
}

// Never read, then by the age of the answer. Those that had their turn last
// time and did not use it come behind all others: they would take everybody's
// time again.
std::tuple<bool, SteadyTime> NumbersBuilder::Turn(const Tenant& tenant) const {
  const TenantSnapshot* const before = Before(tenant.id);
  if (before == nullptr) return {false, SteadyTime::min()};
  return {before->asked_in_vain, before->read_at.value_or(SteadyTime::min())};
}

void NumbersBuilder::Answered(std::size_t place,
                              live_platform::TenantNumbers numbers,
                              const live_platform::NumberLabels& labels,
                              const ReadTime& read_at) {
  MutexLock lock(mutex_);
  TenantSnapshot& tenant = snapshot_->tenants[place];
  tenant.failure.clear();
  tenant.asked_in_vain = false;
  tenant.read_at = read_at.steady;
  tenant.read_at_wall = read_at.wall;
  tenant.numbers = std::move(numbers);
  NumberTranslator(labels, snapshot_->labels).Translate(tenant.numbers);
  ++outcome_.answered;
  outcome_.records += tenant.numbers.numbers;
}

void NumbersBuilder::Failed(std::size_t place, const Failure& failure) {
  MutexLock lock(mutex_);
  TenantSnapshot& tenant = snapshot_->tenants[place];
  tenant.asked_in_vain =
      failure.kind == Failure::Kind::kTimeout && !deadline_.expired();
  Fail(tenant, failure);
}

void NumbersBuilder::AllFailed(const Failure& failure) {
  MutexLock lock(mutex_);
  for (TenantSnapshot& tenant : snapshot_->tenants) Fail(tenant, failure);
}

void NumbersBuilder::Fail(TenantSnapshot& tenant, const Failure& failure) {
  tenant.failure = failure.Reason();
  if (deadline_.stopped()) return;
  if (outcome_.problem.empty()) outcome_.problem = failure.detail;
  LogFailure(tenant, failure);
}

void NumbersBuilder::LogFailure(const TenantSnapshot& tenant,
                                const Failure& failure) {
  const TenantSnapshot* const before = Before(tenant.id);
  if (before != nullptr && before->failure == tenant.failure) return;
  if (++failures_ > kLoggedFailures) return;
  context_.log.Warn("collector", "The numbers of a tenant cannot be read.",
                    {{"account", context_.client.account().name},
                     {"endpoint", "numbers"},
                     {"tenant_id", tenant.id},
                     {"reason", tenant.failure},
                     {"detail", failure.detail}});
}

// How many were not logged one by one, so that five lines of a thousand
// failures do not look like five failures.
void NumbersBuilder::LogOthers() {
  if (failures_ <= kLoggedFailures) return;
  context_.log.Warn(
      "collector", "The numbers of more tenants cannot be read.",
      {{"account", context_.client.account().name},
       {"endpoint", "numbers"},
       {"more", failures_ - kLoggedFailures},
       {"detail", "operator_connect_tenant_failed names every one"}});
}

void NumbersBuilder::AddMalformed(std::uint64_t elements) {
  MutexLock lock(mutex_);
  outcome_.malformed += elements;
}

NumbersOutcome NumbersBuilder::Finish() {
  MutexLock lock(mutex_);
  LogOthers();
  if (before_ != nullptr) {
    NumberTranslator translator(before_->labels, snapshot_->labels);
    for (TenantSnapshot& tenant : snapshot_->tenants) {
      const TenantSnapshot* const before = Before(tenant.id);
      if (tenant.read_at || before == nullptr) continue;
      tenant.read_at = before->read_at;
      tenant.read_at_wall = before->read_at_wall;
      tenant.numbers = before->numbers;
      translator.Translate(tenant.numbers);
    }
  }
  outcome_.snapshot = snapshot_;
  return outcome_;
}

}  // namespace operator_connect::collector
