#include "exporter/live_platform/gate.h"

#include <algorithm>
#include <utility>

namespace operator_connect::live_platform {
namespace {

Duration Spacing(double requests_per_second) {
  // At least one request a day, so that the sum below cannot overflow.
  constexpr double kSlowest = 1.0 / 86400;
  if (!(requests_per_second > 0)) return Duration::zero();
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(
      1 / std::max(requests_per_second, kSlowest)));
}

}  // namespace

// A thread in Enter().
struct Gate::Waiter {
  Kind kind;
  CondVar changed;
};

Gate::Slot::Slot(Slot&& other) noexcept
    : gate_(std::exchange(other.gate_, nullptr)),
      kind_(other.kind_),
      waited_(other.waited_) {}

Gate::Slot::~Slot() {
  if (gate_ != nullptr) gate_->Leave(kind_);
}

Gate::Gate(int concurrency, double requests_per_second)
    : concurrency_(std::max(1, concurrency)),
      numbers_concurrency_(std::max(1, concurrency - 1)),
      spacing_(Spacing(requests_per_second)) {}

Result<Gate::Slot, std::string> Gate::Enter(Kind kind,
                                            const Deadline& deadline) {
  Waiter waiter{kind, {}};
  // Created before the lock is taken: it locks when a stop is requested, and at
  // once if that has happened.
  const std::stop_callback wake(deadline.stop(), [this, &waiter] {
    MutexLock lock(mutex_);
    waiter.changed.NotifyAll();
  });
  MutexLock lock(mutex_);
  Queue& queue = kind == Kind::kLeads ? leads_ : numbers_;
  const Queue::iterator position = queue.insert(queue.end(), &waiter);
  bool waited = false;
  std::optional<std::string> refusal = WaitForTurn(waiter, deadline, &waited);
  queue.erase(position);
  if (!refusal) {
    ++under_way_;
    if (kind == Kind::kNumbers) ++numbers_under_way_;
    // Counts from now, not from when it was due: a late start must not allow a
    // burst.
    spaced_until_ = std::chrono::steady_clock::now() + spacing_;
  }
  WakeNext();
  if (refusal) return *std::move(refusal);
  return Slot(this, kind, waited);
}

std::optional<std::string> Gate::WaitForTurn(Waiter& waiter,
                                             const Deadline& deadline,
                                             bool* waited) {
  while (true) {
    if (deadline.stopped()) return "stopped";
    const SteadyTime now = std::chrono::steady_clock::now();
    if (now >= deadline.at()) return "its turn did not come in time";
    if (paused_until_ > now && paused_until_ >= deadline.at()) {
      return "the platform asked to wait for longer than there is time";
    }
    SteadyTime until = deadline.at();
    if (Next() == &waiter && HasSlot(waiter.kind)) {
      const SteadyTime start = NextStart();
      if (now >= start) return std::nullopt;
      if (start >= deadline.at()) {
        return "requests_per_second leaves it no turn in time";
      }
      until = start;
    }
    *waited = true;
    waiter.changed.WaitUntil(mutex_, until);
  }
}

void Gate::PauseUntil(SteadyTime until) {
  MutexLock lock(mutex_);
  if (until <= paused_until_) return;
  paused_until_ = until;
  for (Waiter* const waiter : leads_) waiter->changed.NotifyAll();
  for (Waiter* const waiter : numbers_) waiter->changed.NotifyAll();
}

SteadyTime Gate::paused_until() {
  MutexLock lock(mutex_);
  return paused_until_;
}

int Gate::waiting() {
  MutexLock lock(mutex_);
  return static_cast<int>(leads_.size() + numbers_.size());
}

void Gate::Leave(Kind kind) {
  MutexLock lock(mutex_);
  --under_way_;
  if (kind == Kind::kNumbers) --numbers_under_way_;
  WakeNext();
}

const Gate::Waiter* Gate::Next() const {
  if (!leads_.empty()) return leads_.front();
  return numbers_.empty() ? nullptr : numbers_.front();
}

bool Gate::HasSlot(Kind kind) const {
  return under_way_ < concurrency_ &&
         (kind == Kind::kLeads || numbers_under_way_ < numbers_concurrency_);
}

SteadyTime Gate::NextStart() const {
  return std::max(spaced_until_, paused_until_);
}

void Gate::WakeNext() {
  if (!leads_.empty()) {
    leads_.front()->changed.NotifyAll();
  } else if (!numbers_.empty()) {
    numbers_.front()->changed.NotifyAll();
  }
}

}  // namespace operator_connect::live_platform
