#ifndef OPERATOR_CONNECT_EXPORTER_BASE_CLOCK_H_
#define OPERATOR_CONNECT_EXPORTER_BASE_CLOCK_H_

#include <chrono>
#include <stop_token>
#include <utility>

namespace operator_connect {

// Time since the Unix epoch, as shown to people and Prometheus.
using WallTime = std::chrono::sys_time<std::chrono::nanoseconds>;
// Time that never jumps, for ages and intervals.
using SteadyTime = std::chrono::steady_clock::time_point;
using Duration = std::chrono::nanoseconds;

inline double ToSeconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}
inline double ToUnixSeconds(WallTime time) {
  // Split, as a double cannot hold nanoseconds since the epoch.
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  return static_cast<double>(whole.time_since_epoch().count()) +
         ToSeconds(time - whole);
}

// The clock by which the age of data is judged. Passed in, so that a test can
// let an hour pass. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallTime Wall() const = 0;
  virtual SteadyTime Steady() const = 0;
};

// The machine's own clocks.
class SystemClock : public Clock {
 public:
  WallTime Wall() const override { return std::chrono::system_clock::now(); }
  SteadyTime Steady() const override {
    return std::chrono::steady_clock::now();
  }
};

// The time limit of a call that can block: a moment of the machine's steady
// clock, or a request to stop, whichever comes first. Every function that can
// block takes one, last. A value: copy it freely. Thread-safe.
class Deadline {
 public:
  Deadline(SteadyTime at, std::stop_token stop)
      : at_(at), stop_(std::move(stop)) {}

  static Deadline At(SteadyTime at) { return Deadline(at, {}); }
  // `after` counts from now. Never() if it is too long for the clock.
  static Deadline After(Duration after, std::stop_token stop = {}) {
    const SteadyTime now = std::chrono::steady_clock::now();
    if (after > SteadyTime::max() - now) {
      return Deadline(SteadyTime::max(), std::move(stop));
    }
    return Deadline(now + after, std::move(stop));
  }
  static Deadline Never() { return At(SteadyTime::max()); }

  // The earlier of this and `after` from now, with the same stop.
  Deadline Within(Duration after) const {
    Deadline other = After(after, stop_);
    return other.at_ < at_ ? other : *this;
  }

  SteadyTime at() const { return at_; }
  const std::stop_token& stop() const { return stop_; }
  bool stopped() const { return stop_.stop_requested(); }
  bool expired() const {
    return stopped() || std::chrono::steady_clock::now() >= at_;
  }
  // Zero when expired.
  Duration left() const {
    if (stopped()) return Duration::zero();
    if (at_ == SteadyTime::max()) return Duration::max();
    const Duration left = at_ - std::chrono::steady_clock::now();
    return left > Duration::zero() ? left : Duration::zero();
  }

 private:
  SteadyTime at_;
  std::stop_token stop_;
};

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_BASE_CLOCK_H_
