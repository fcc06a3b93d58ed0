#ifndef OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_RETRY_H_
#define OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_RETRY_H_

#include "exporter/base/clock.h"
#include "exporter/http_client/failure.h"

namespace operator_connect::http_client {

// How often a request is made again at the most.
inline constexpr int kMaxRepeats = 3;

// Whether the same request, made again soon, may well succeed: connections
// that failed or broke, time-outs, 429, 502, 503, 504.
bool IsWorthRepeating(const Failure& failure);

// How long to wait before repeat number `repeat` (from 0): 0.25 s, doubled
// each time, of which `jitter` (0 to 1) decides half.
Duration Backoff(int repeat, double jitter);

// False: the deadline would pass meanwhile, which is said at once, or its stop
// came first.
bool SleepFor(Duration duration, const Deadline& deadline);

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_RETRY_H_
