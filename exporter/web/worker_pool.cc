#include "exporter/web/worker_pool.h"

#include <malloc.h>

#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

namespace operator_connect::web {
namespace {

constexpr auto kIdle = std::chrono::seconds(5);

}  // namespace

WorkerPool::WorkerPool(std::size_t most_threads)
    : most_threads_(most_threads) {}

WorkerPool::~WorkerPool() {
  MutexLock lock(mutex_);
  stopping_ = true;
  work_came_.NotifyAll();
  while (threads_ > 0) thread_ended_.Wait(mutex_);
}

bool WorkerPool::Run(std::function<void()> work) {
  MutexLock lock(mutex_);
  queue_.push_back(std::move(work));
  if (queue_.size() <= idle_ || threads_ >= most_threads_) {
    work_came_.NotifyOne();
    return true;
  }
  try {
    // Detached, as a thread that ends by itself has nobody to join it; the
    // destructor waits for the count.
    std::thread([this] { Work(); }).detach();
    ++threads_;
  } catch (const std::system_error&) {
    if (threads_ > 0) return true;
    queue_.pop_back();
    return false;
  }
  return true;
}

void WorkerPool::Work() {
  MutexLock lock(mutex_);
  while (WaitForWork()) {
    std::function<void()> work = std::move(queue_.front());
    queue_.pop_front();
    mutex_.Unlock();
    work();
    work = nullptr;  // frees what it holds without the lock
    mutex_.Lock();
  }
  --threads_;
  thread_ended_.NotifyAll();
}

// True: there is work. False: this thread is to end.
bool WorkerPool::WaitForWork() {
  const auto until = std::chrono::steady_clock::now() + kIdle;
  bool trimmed = false;
  ++idle_;
  while (queue_.empty() && !stopping_) {
    const bool over = std::chrono::steady_clock::now() >= until;
    if (over && threads_ > 1) break;
    if (over && !trimmed) {
      // The last one: what the answers of busier times needed goes back.
      trimmed = true;
      mutex_.Unlock();
      ::malloc_trim(0);
      mutex_.Lock();
      continue;
    }
    work_came_.WaitUntil(
        mutex_, over ? std::chrono::steady_clock::time_point::max() : until);
  }
  --idle_;
  return !queue_.empty();
}

}  // namespace operator_connect::web
