#ifndef OPERATOR_CONNECT_EXPORTER_BASE_THREAD_POOL_H_
#define OPERATOR_CONNECT_EXPORTER_BASE_THREAD_POOL_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <thread>

#include "exporter/base/mutex.h"

namespace operator_connect {

// Starts threads when there is work, and ends them after a while without work:
// an exporter that is not scraped has none. Thread-safe.
class ThreadPool {
 public:
  static constexpr std::size_t kMaxThreads = 512;

  // More than `max_threads` pieces of work at once wait in a queue.
  explicit ThreadPool(std::size_t max_threads = kMaxThreads)
      : max_threads_(max_threads) {}
  // Waits for all work, including work that has not begun.
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // Runs `work` on a thread, soon. It must not throw.
  void Submit(std::function<void()> work) OC_EXCLUDES(mutex_);

  // The running threads, and those of them that wait for work.
  std::size_t threads() const OC_EXCLUDES(mutex_);
  std::size_t idle() const OC_EXCLUDES(mutex_);

 private:
  void StartThread() OC_REQUIRES(mutex_);
  void Run(std::list<std::thread>::iterator self) OC_EXCLUDES(mutex_);
  void JoinEnded() OC_REQUIRES(mutex_);

  const std::size_t max_threads_;
  mutable Mutex mutex_;
  CondVar changed_;
  std::deque<std::function<void()>> queue_ OC_GUARDED_BY(mutex_);
  std::list<std::thread> threads_ OC_GUARDED_BY(mutex_);
  std::list<std::thread> ended_ OC_GUARDED_BY(mutex_);
  std::size_t idle_ OC_GUARDED_BY(mutex_) = 0;
  bool stopping_ OC_GUARDED_BY(mutex_) = false;
};

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_BASE_THREAD_POOL_H_
