#ifndef OPERATOR_CONNECT_EXPORTER_BASE_THREAD_POOL_H_
#define OPERATOR_CONNECT_EXPORTER_BASE_THREAD_POOL_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <thread>

#include "exporter/base/mutex.h"

namespace operator_connect {

// Threads that start when there is work, and end when there has been none for
// a while: an exporter that nobody scrapes has none. Thread-safe.
class ThreadPool {
 public:
  static constexpr std::size_t kMaxThreads = 512;

  // Work beyond `max_threads` pieces at once waits for its turn.
  explicit ThreadPool(std::size_t max_threads = kMaxThreads)
      : max_threads_(max_threads) {}
  // Waits for all work, also for what has not begun.
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // Runs `work` on a thread, soon. It must not throw.
  void Submit(std::function<void()> work) OC_EXCLUDES(mutex_);

  // The threads that run now, and those of them that wait for work.
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
