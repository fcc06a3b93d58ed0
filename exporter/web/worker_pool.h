#ifndef OPERATOR_CONNECT_EXPORTER_WEB_WORKER_POOL_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_WORKER_POOL_H_

#include <cstddef>
#include <deque>
#include <functional>

#include "exporter/base/mutex.h"

namespace operator_connect::web {

// Threads that are made when there is work and nobody free for it, and end
// after some seconds without work. One stays: it gives unused memory back to
// the system, and sleeps until it is needed, so that an idle process is never
// woken. Thread-safe.
class WorkerPool {
 public:
  // At most `most_threads`; work beyond that waits in a queue.
  explicit WorkerPool(std::size_t most_threads);
  // Finishes all work, queued work too.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Never blocks. `work` must not throw. False: there is no thread, and none
  // can be made; `work` will not run.
  bool Run(std::function<void()> work);

 private:
  void Work();
  bool WaitForWork() OC_REQUIRES(mutex_);

  const std::size_t most_threads_;

  Mutex mutex_;
  CondVar work_came_;
  CondVar thread_ended_;
  std::deque<std::function<void()>> queue_ OC_GUARDED_BY(mutex_);
  std::size_t threads_ OC_GUARDED_BY(mutex_) = 0;
  std::size_t idle_ OC_GUARDED_BY(mutex_) = 0;
  bool stopping_ OC_GUARDED_BY(mutex_) = false;
};

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_WORKER_POOL_H_
