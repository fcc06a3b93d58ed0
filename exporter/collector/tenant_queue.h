#ifndef OPERATOR_CONNECT_EXPORTER_COLLECTOR_TENANT_QUEUE_H_
#define OPERATOR_CONNECT_EXPORTER_COLLECTOR_TENANT_QUEUE_H_

#include <cstddef>
#include <deque>
#include <vector>

#include "exporter/base/mutex.h"

namespace operator_connect::collector {

// Tenants, by their places, in the order in which they are to be asked.
struct AskingOrder {
  // Never read, then by the age of their answers.
  std::vector<std::size_t> waiting;
  // Those whose last request failed. They may take everybody's time again.
  std::vector<std::size_t> failing;
  // The first of these was not even asked last time.
  bool overdue = false;
};

// The tenants that one collection has still to ask. Those that fail come
// last; but of several workers one begins with them, and an only worker begins
// with one that is overdue. So neither kind can starve the other, however many
// hang and however little time there is. Thread-safe.
class TenantQueue {
 public:
  TenantQueue(const AskingOrder& order, std::size_t workers);

  // A worker begins. True: it is the one that begins with those that fail.
  bool Join() OC_EXCLUDES(mutex_);

  // The next tenant to ask. To be called as often as there are tenants.
  std::size_t Take(bool failing_first) OC_EXCLUDES(mutex_);

 private:
  Mutex mutex_;
  std::deque<std::size_t> waiting_ OC_GUARDED_BY(mutex_);
  std::deque<std::size_t> failing_ OC_GUARDED_BY(mutex_);
  int joined_ OC_GUARDED_BY(mutex_) = 0;
};

}  // namespace operator_connect::collector

#endif  // OPERATOR_CONNECT_EXPORTER_COLLECTOR_TENANT_QUEUE_H_
