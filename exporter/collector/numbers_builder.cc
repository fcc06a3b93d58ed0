#include "exporter/collector/numbers_builder.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <unordered_set>
#include <utility>

namespace operator_connect::collector {
namespace {

using live_platform::NumberTranslator;

// At most this many tenants that begin to fail are logged one by one.
constexpr int kLoggedFailures = 5;

std::unordered_map<std::string_view, const exposition::TenantSnapshot*> ById(
    const exposition::NumbersSnapshot* snapshot) {
  std::unordered_map<std::string_view, const exposition::TenantSnapshot*> by_id;
  if (snapshot == nullptr) return by_id;
  for (const exposition::TenantSnapshot& tenant : snapshot->tenants) {
    by_id.emplace(tenant.id, &tenant);
  }
  for (const exposition::TenantSnapshot& tenant : snapshot->left) {
    by_id.emplace(tenant.id, &tenant);
  }
  return by_id;
}

std::shared_ptr<exposition::NumbersSnapshot> NotReached(
    const std::vector<Tenant>& tenants) {
  auto snapshot = std::make_shared<exposition::NumbersSnapshot>();
  snapshot->tenants.resize(tenants.size());
  for (std::size_t i = 0; i < tenants.size(); ++i) {
    snapshot->tenants[i].id = tenants[i].id;
    snapshot->tenants[i].failure = "timeout";
    snapshot->tenants[i].unlicensed = tenants[i].unlicensed;
  }
  return snapshot;
}

}  // namespace

Outcome NumbersOutcome::Summary() const {
  Outcome summary;
  summary.success = snapshot->tenants.empty() || answered > 0;
  summary.records = records;
  if (!summary.success) {
    summary.failure = snapshot->tenants.front().failure;
    summary.problem = "no tenant answered: " + problem;
  }
  return summary;
}

NumbersBuilder::NumbersBuilder(
    const NumbersContext& context, std::vector<Tenant> tenants,
    std::shared_ptr<const exposition::NumbersSnapshot> before,
    const Deadline& deadline)
    : context_(context),
      tenants_(std::move(tenants)),
      before_(std::move(before)),
      deadline_(deadline),
      before_by_id_(ById(before_.get())),
      snapshot_(NotReached(tenants_)) {}

const exposition::TenantSnapshot* NumbersBuilder::Before(
    std::string_view id) const {
  const auto found = before_by_id_.find(id);
  return found == before_by_id_.end() ? nullptr : found->second;
}

std::vector<std::size_t> NumbersBuilder::Order() const {
  const auto asked_at = [&](std::size_t place) {
    const exposition::TenantSnapshot* const before = Before(tenants_[place].id);
    return before == nullptr ? std::nullopt : before->asked_at;
  };
  std::vector<std::size_t> order(tenants_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // Tenants without a time were never asked and come first.
  std::stable_sort(
      order.begin(), order.end(),
      [&](std::size_t a, std::size_t b) { return asked_at(a) < asked_at(b); });
  return order;
}

void NumbersBuilder::Answered(std::size_t place,
                              live_platform::TenantNumbers numbers,
                              const live_platform::NumberLabels& labels,
                              const ReadTime& read_at) {
  MutexLock lock(mutex_);
  exposition::TenantSnapshot& tenant = snapshot_->tenants[place];
  tenant.failure.clear();
  tenant.asked_at = read_at.steady;
  tenant.read_at = read_at.steady;
  tenant.read_at_wall = read_at.wall;
  tenant.numbers = std::move(numbers);
  NumberTranslator(labels, snapshot_->labels).Translate(tenant.numbers);
  ++outcome_.answered;
  outcome_.records += tenant.numbers.numbers;
}

void NumbersBuilder::Failed(std::size_t place,
                            const http_client::Failure& failure,
                            const ReadTime& read_at) {
  MutexLock lock(mutex_);
  exposition::TenantSnapshot& tenant = snapshot_->tenants[place];
  if (!failure.not_sent) tenant.asked_at = read_at.steady;
  Fail(tenant, failure);
}

void NumbersBuilder::ReadWhole(WholeRead whole) {
  MutexLock lock(mutex_);
  outcome_.whole = std::move(whole);
}

void NumbersBuilder::AskOneByOne() {
  MutexLock lock(mutex_);
  outcome_.one_by_one = true;
}

void NumbersBuilder::AllFailed(const http_client::Failure& failure) {
  MutexLock lock(mutex_);
  for (exposition::TenantSnapshot& tenant : snapshot_->tenants)
    Fail(tenant, failure);
}

void NumbersBuilder::Fail(exposition::TenantSnapshot& tenant,
                          const http_client::Failure& failure) {
  tenant.failure = failure.Reason();
  if (deadline_.stopped()) return;
  if (outcome_.problem.empty()) outcome_.problem = failure.detail;
  LogFailure(tenant, failure);
}

void NumbersBuilder::LogFailure(const exposition::TenantSnapshot& tenant,
                                const http_client::Failure& failure) {
  const exposition::TenantSnapshot* const before = Before(tenant.id);
  if (before != nullptr && before->failure == tenant.failure) return;
  if (++failures_ > kLoggedFailures) return;
  context_.log.Warn("collector", "The numbers of a tenant cannot be read.",
                    {{"account", context_.client.account().name},
                     {"endpoint", "numbers"},
                     {"tenant_id", tenant.id},
                     {"reason", tenant.failure},
                     {"detail", failure.detail}});
}

// Logs how many failures were not logged, so that five lines of a thousand
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

void NumbersBuilder::KeepThoseWhoLeft(NumberTranslator& translator) {
  std::unordered_set<std::string_view> asked;
  for (const Tenant& tenant : tenants_) asked.insert(tenant.id);
  const SteadyTime now = context_.clock.Steady();
  for (const auto* known : {&before_->tenants, &before_->left}) {
    for (const exposition::TenantSnapshot& tenant : *known) {
      if (asked.contains(tenant.id)) continue;
      if (!tenant.read_at || now - *tenant.read_at > context_.max_age) continue;
      snapshot_->left.push_back(tenant);
      translator.Translate(snapshot_->left.back().numbers);
      snapshot_->left.back().failure.clear();  // log the next failure
    }
  }
}

NumbersOutcome NumbersBuilder::Finish() {
  MutexLock lock(mutex_);
  LogOthers();
  if (before_ != nullptr) {
    NumberTranslator translator(before_->labels, snapshot_->labels);
    for (exposition::TenantSnapshot& tenant : snapshot_->tenants) {
      const exposition::TenantSnapshot* const before = Before(tenant.id);
      if (tenant.read_at || before == nullptr) continue;
      if (!tenant.asked_at) tenant.asked_at = before->asked_at;
      tenant.read_at = before->read_at;
      tenant.read_at_wall = before->read_at_wall;
      tenant.numbers = before->numbers;
      translator.Translate(tenant.numbers);
    }
    KeepThoseWhoLeft(translator);
  }
  outcome_.snapshot = snapshot_;
  return outcome_;
}

}  // namespace operator_connect::collector
