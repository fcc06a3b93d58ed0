#ifndef OPERATOR_CONNECT_EXPORTER_EXPOSITION_FRESHNESS_H_
#define OPERATOR_CONNECT_EXPORTER_EXPOSITION_FRESHNESS_H_

#include <optional>

#include "exporter/base/clock.h"

namespace operator_connect::exposition {

// Decides which counts are young enough to be shown at one moment, and until
// when that holds.
class Freshness {
 public:
  explicit Freshness(SteadyTime now) : now_(now) {}

  // Whether a count is in use whose read started at `read_at` (nullopt: it was
  // never read), if counts are used for `lifetime`.
  bool InUse(const std::optional<SteadyTime>& read_at, Duration lifetime);

  // After it, a count that was in use is too old; max(): that never happens.
  SteadyTime valid_until() const { return valid_until_; }

 private:
  const SteadyTime now_;
  SteadyTime valid_until_ = SteadyTime::max();
};

}  // namespace operator_connect::exposition

#endif  // OPERATOR_CONNECT_EXPORTER_EXPOSITION_FRESHNESS_H_
