#include "exporter/base/thread_pool.h"

#include <chrono>
#include <system_error>
#include <utility>

namespace operator_connect {
namespace {

// Longer than the pauses within a collection, shorter than those between two.
constexpr std::chrono::seconds kIdleTime(5);

}  // namespace

ThreadPool::~ThreadPool() {
  std::list<std::thread> threads;
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
    while (!threads_.empty()) changed_.Wait(mutex_);
    threads.swap(ended_);
  }
  for (std::thread& thread : threads) thread.join();
}

void ThreadPool::Submit(std::function<void()> work) {
  MutexLock lock(mutex_);
  JoinEnded();
  queue_.push_back(std::move(work));
  if (idle_ >= queue_.size()) {
    changed_.NotifyAll();
  } else if (threads_.size() < max_threads_) {
    StartThread();
  }
}

std::size_t ThreadPool::threads() const {
  MutexLock lock(mutex_);
  return threads_.size();
}

std::size_t ThreadPool::idle() const {
  MutexLock lock(mutex_);
  return idle_;
}

void ThreadPool::StartThread() {
  const auto self = threads_.emplace(threads_.end());
  try {
    *self = std::thread([this, self] { Run(self); });
  } catch (const std::system_error&) {
    // The machine has no more threads: the running ones take the work.
    threads_.erase(self);
    if (threads_.empty()) throw;
  }
}

void ThreadPool::Run(std::list<std::thread>::iterator self) {
  MutexLock lock(mutex_);
  while (true) {
    if (!queue_.empty()) {
      std::function<void()> work = std::move(queue_.front());
      queue_.pop_front();
      mutex_.Unlock();
      work();
      work = nullptr;
      mutex_.Lock();
      continue;
    }
    if (stopping_) break;
    const auto until = std::chrono::steady_clock::now() + kIdleTime;
    ++idle_;
    while (queue_.empty() && !stopping_ &&
           std::chrono::steady_clock::now() < until) {
      changed_.WaitUntil(mutex_, until);
    }
    --idle_;
    if (queue_.empty()) break;
  }
  ended_.splice(ended_.end(), threads_, self);
  changed_.NotifyAll();
}

void ThreadPool::JoinEnded() {
  // Joins quickly: they only have to release the mutex that is held here.
  std::list<std::thread> ended;
  ended.swap(ended_);
  mutex_.Unlock();
  for (std::thread& thread : ended) thread.join();
  mutex_.Lock();
}

}  // namespace operator_connect
