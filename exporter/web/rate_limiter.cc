#include "exporter/web/rate_limiter.h"

#include <algorithm>

namespace operator_connect::web {

bool RateLimiter::Allow(const config::RateLimit& limit, SteadyTime now) {
  if (limit.interval <= Duration::zero()) return true;
  MutexLock lock(mutex_);
  const double burst = std::max(limit.burst, 1);
  if (limit != limit_) {
    limit_ = limit;
    tokens_ = burst;
    filled_ = now;
  }
  if (now > filled_) {
    tokens_ += ToSeconds(now - filled_) / ToSeconds(limit.interval);
    tokens_ = std::min(tokens_, burst);
    filled_ = now;
  }
  if (tokens_ < 1) return false;
  tokens_ -= 1;
  return true;
}

}  // namespace operator_connect::web
