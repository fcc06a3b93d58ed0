#ifndef OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_RETRY_H_
#define OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_RETRY_H_

#include "exporter/base/clock.h"
#include "exporter/http_client/failure.h"

namespace operator_connect::http_client {

// The maximum number of repeats of a request.
inline constexpr int kMaxRepeats = 3;

// Whether the same request may soon succeed: failed or broken connections,
// time-outs, 429, 502, 503, 504.
bool IsWorthRepeating(const Failure& failure);

// The wait before repeat number `repeat` (from 0): 0.25 s, doubled each time.
// `jitter` (0 to 1) scales its second half.
Duration Backoff(int repeat, double jitter);

// Sleeps for `duration`. False: the deadline would pass before, which returns
// at once, or its stop came first.
bool SleepFor(Duration duration, const Deadline& deadline);

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_RETRY_H_
