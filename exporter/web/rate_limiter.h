#ifndef OPERATOR_CONNECT_EXPORTER_WEB_RATE_LIMITER_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_RATE_LIMITER_H_

#include "exporter/base/clock.h"
#include "exporter/base/mutex.h"
#include "exporter/config/web_config.h"

namespace operator_connect::web {

// A bucket of tokens: one more every interval, never above the burst; each
// request takes one. Thread-safe.
class RateLimiter {
 public:
  // Whether a request that comes at `now` is within `limit`. When the limit
  // changes, the bucket is full again.
  bool Allow(const config::RateLimit& limit, SteadyTime now);

 private:
  Mutex mutex_;
  config::RateLimit limit_ OC_GUARDED_BY(mutex_);
  double tokens_ OC_GUARDED_BY(mutex_) = 0;
  SteadyTime filled_ OC_GUARDED_BY(mutex_);
};

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_RATE_LIMITER_H_
