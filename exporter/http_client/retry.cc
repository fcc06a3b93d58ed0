#include "exporter/http_client/retry.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace operator_connect::http_client {
namespace {

constexpr Duration kFirstBackoff = std::chrono::milliseconds(250);

}  // namespace

bool IsWorthRepeating(const Failure& failure) {
  if (failure.lasting) return false;
  switch (failure.kind) {
    case Failure::Kind::kTimeout:
    case Failure::Kind::kTransport:
      return true;
    case Failure::Kind::kStatus:
      return failure.status == 429 || failure.status == 502 ||
             failure.status == 503 || failure.status == 504;
    default:
      return false;
  }
}

Duration Backoff(int repeat, double jitter) {
  const Duration longest = kFirstBackoff * (1 << std::clamp(repeat, 0, 10));
  const double share = 0.5 + 0.5 * std::clamp(jitter, 0.0, 1.0);
  return std::chrono::duration_cast<Duration>(longest * share);
}

bool SleepFor(Duration duration, const Deadline& deadline) {
  if (deadline.left() <= duration) return false;
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock<std::mutex> lock(mutex);
  never.wait_for(lock, deadline.stop(), duration, [] { return false; });
  return !deadline.stopped();
}

}  // namespace operator_connect::http_client
