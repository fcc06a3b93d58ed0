#include "exporter/collector/tenant_queue.h"

namespace operator_connect::collector {
namespace {

std::size_t TakeFirst(std::deque<std::size_t>& from) {
  const std::size_t place = from.front();
  from.pop_front();
  return place;
}

}  // namespace

TenantQueue::TenantQueue(const AskingOrder& order, std::size_t workers)
    : waiting_(order.waiting.begin(), order.waiting.end()),
      failing_(order.failing.begin(), order.failing.end()) {
  if (workers == 1 && order.overdue) {
    waiting_.push_front(TakeFirst(failing_));
  }
}

bool TenantQueue::Join() {
  MutexLock lock(mutex_);
  // Not the first: the others may never come.
  return ++joined_ == 2;
}

std::size_t TenantQueue::Take(bool failing_first) {
  MutexLock lock(mutex_);
  const bool from_failing =
      waiting_.empty() || (failing_first && !failing_.empty());
  return TakeFirst(from_failing ? failing_ : waiting_);
}

}  // namespace operator_connect::collector
