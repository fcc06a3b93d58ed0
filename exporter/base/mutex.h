#ifndef OPERATOR_CONNECT_EXPORTER_BASE_MUTEX_H_
#define OPERATOR_CONNECT_EXPORTER_BASE_MUTEX_H_

#include <chrono>
#include <condition_variable>
#include <mutex>

// Annotations for clang's thread-safety analysis; other compilers see nothing.
// `./dev lint` runs the analysis with its warnings as errors.
#if defined(__clang__)
#define OC_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define OC_THREAD_ANNOTATION(x)
#endif
#define OC_CAPABILITY(x) OC_THREAD_ANNOTATION(capability(x))
#define OC_SCOPED_CAPABILITY OC_THREAD_ANNOTATION(scoped_lockable)
#define OC_GUARDED_BY(x) OC_THREAD_ANNOTATION(guarded_by(x))
#define OC_NO_ANALYSIS OC_THREAD_ANNOTATION(no_thread_safety_analysis)
#define OC_REQUIRES(...) OC_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define OC_EXCLUDES(...) OC_THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))
#define OC_ACQUIRE(...) OC_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define OC_RELEASE(...) OC_THREAD_ANNOTATION(release_capability(__VA_ARGS__))

namespace operator_connect {

// A std::mutex with thread-safety annotations.
class OC_CAPABILITY("mutex") Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void Lock() OC_ACQUIRE() { mutex_.lock(); }
  void Unlock() OC_RELEASE() { mutex_.unlock(); }

 private:
  friend class CondVar;
  std::mutex mutex_;
};

// Holds a Mutex for a scope.
class OC_SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) OC_ACQUIRE(mutex) : mutex_(mutex) {
    mutex_.Lock();
  }
  ~MutexLock() OC_RELEASE() { mutex_.Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// A condition variable for Mutex. Wake-ups may be spurious: wait in a loop that
// checks the condition, as the analysis cannot see into predicates.
class CondVar {
 public:
  void Wait(Mutex& mutex) OC_REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }

  // Returns at `until` at the latest. time_point::max(): waits without a limit.
  void WaitUntil(Mutex& mutex, std::chrono::steady_clock::time_point until)
      OC_REQUIRES(mutex) {
    if (until == std::chrono::steady_clock::time_point::max()) {
      Wait(mutex);
      return;
    }
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait_until(lock, until);
    lock.release();
  }

  void NotifyOne() { condition_.notify_one(); }
  void NotifyAll() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_BASE_MUTEX_H_
