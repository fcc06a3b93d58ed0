#ifndef OPERATOR_CONNECT_EXPORTER_WEB_RATE_LIMITER_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_RATE_LIMITER_H_

#include "exporter/base/clock.h"
#include "exporter/base/mutex.h"
#include "exporter/config/web_config.h"

namespace operator_connect::web {

// A token bucket: gains one token every interval, up to the burst; each request
// takes one. Thread-safe.
class RateLimiter {
 public:
  // Whether a request at `now` is within `limit`. A changed limit fills the
  // bucket.
  bool Allow(const config::RateLimit& limit, SteadyTime now);

 private:
  Mutex mutex_;
  config::RateLimit limit_ OC_GUARDED_BY(mutex_);
  double tokens_ OC_GUARDED_BY(mutex_) = 0;
  SteadyTime filled_ OC_GUARDED_BY(mutex_);
};

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_RATE_LIMITER_H_
