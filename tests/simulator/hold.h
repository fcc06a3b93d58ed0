#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_HOLD_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_HOLD_H_

#include <cstddef>
#include <utility>

#include "exporter/base/mutex.h"
#include "tests/simulator/request_log.h"
#include "tests/simulator/simulator.h"
#include "tests/simulator/stream.h"
#include "tests/simulator/text.h"

namespace operator_connect::simulator {

// Picks the requests that a Match selects, with skip, count and probability.
class Picker {
 public:
  explicit Picker(Match match) : match_(std::move(match)) {}
  bool Pick(const Request& request, Random& random) {
    if (!Matches(match_, request)) return false;
    if (seen_++ < match_.skip) return false;
    if (match_.count >= 0 && hits_ >= match_.count) return false;
    if (match_.probability < 1 && !random.Chance(match_.probability)) {
      return false;
    }
    ++hits_;
    return true;
  }
  int hits() const { return hits_; }

 private:
  Match match_;
  int seen_ = 0;
  int hits_ = 0;
};

// The state shared by a Hold and the connections that it holds. Thread-safe.
class Hold::State {
 public:
  explicit State(Match match);

  // If the request is selected, waits until it may proceed. False: the client
  // left.
  bool Pass(const Request& request, Stream& stream, Random& random)
      OC_EXCLUDES(mutex_);
  bool WaitForHeld(std::size_t count, const Deadline& deadline)
      OC_EXCLUDES(mutex_);
  std::size_t held() const OC_EXCLUDES(mutex_);
  void ReleaseSome(std::size_t count) OC_EXCLUDES(mutex_);
  void Release() OC_EXCLUDES(mutex_);
  bool released() const OC_EXCLUDES(mutex_);

 private:
  bool Leave() OC_EXCLUDES(mutex_);

  const Descriptor permits_;  // an eventfd that counts permits to proceed
  mutable Mutex mutex_;
  CondVar changed_;
  Picker picker_ OC_GUARDED_BY(mutex_);
  std::size_t held_ OC_GUARDED_BY(mutex_) = 0;
  // The held requests that may proceed and have not yet.
  std::size_t permitted_ OC_GUARDED_BY(mutex_) = 0;
  bool released_ OC_GUARDED_BY(mutex_) = false;
};

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_HOLD_H_
