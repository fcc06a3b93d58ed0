#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_FAKE_CLOCK_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_FAKE_CLOCK_H_

#include "exporter/base/clock.h"
#include "exporter/base/mutex.h"

namespace operator_connect {

// A clock that stands still until a test moves it. Thread-safe.
class FakeClock : public Clock {
 public:
  explicit FakeClock(WallTime wall = WallTime(std::chrono::seconds(1700000000)),
                     SteadyTime steady = SteadyTime(std::chrono::hours(1)))
      : wall_(wall), steady_(steady) {}

  WallTime Wall() const override OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return wall_;
  }
  SteadyTime Steady() const override OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return steady_;
  }
  void Pass(Duration time) OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    wall_ += time;
    steady_ += time;
  }

 private:
  mutable Mutex mutex_;
  WallTime wall_ OC_GUARDED_BY(mutex_);
  SteadyTime steady_ OC_GUARDED_BY(mutex_);
};

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_FAKE_CLOCK_H_
