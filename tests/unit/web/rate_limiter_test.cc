#include "exporter/web/rate_limiter.h"

#include <doctest/doctest.h>

#include <chrono>

namespace operator_connect::web {
namespace {

using namespace std::chrono_literals;

constexpr SteadyTime kNow{1000h};

TEST_CASE("without a limit everything is allowed") {
  RateLimiter limiter;
  for (int i = 0; i < 1000; ++i) CHECK(limiter.Allow({}, kNow));
}

TEST_CASE("a burst is allowed, then one request per interval") {
  RateLimiter limiter;
  const config::RateLimit limit = {1s, 2};
  CHECK(limiter.Allow(limit, kNow));
  CHECK(limiter.Allow(limit, kNow));
  CHECK_FALSE(limiter.Allow(limit, kNow));
  CHECK_FALSE(limiter.Allow(limit, kNow + 900ms));
  CHECK(limiter.Allow(limit, kNow + 1100ms));
  CHECK_FALSE(limiter.Allow(limit, kNow + 1100ms));
}

TEST_CASE("a long pause allows no more than the burst") {
  RateLimiter limiter;
  const config::RateLimit limit = {1s, 2};
  limiter.Allow(limit, kNow);
  CHECK(limiter.Allow(limit, kNow + 1h));
  CHECK(limiter.Allow(limit, kNow + 1h));
  CHECK_FALSE(limiter.Allow(limit, kNow + 1h));
}

TEST_CASE("a new limit counts at once") {
  RateLimiter limiter;
  limiter.Allow({1s, 1}, kNow);
  CHECK_FALSE(limiter.Allow({1s, 1}, kNow));
  CHECK(limiter.Allow({1s, 5}, kNow));
}

}  // namespace
}  // namespace operator_connect::web
