#ifndef OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_RETRY_H_
#define OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_RETRY_H_

#include <optional>

#include "exporter/base/clock.h"
#include "exporter/http_client/failure.h"
#include "exporter/http_client/transport.h"

namespace operator_connect::http_client {

// How often a request is made again at the most.
inline constexpr int kMaxRepeats = 3;

// Whether the same request, made again soon, may well succeed: connections
// that failed or broke, time-outs, 429, 502, 503, 504.
bool IsWorthRepeating(const Failure& failure);

// How long to wait before repeat number `repeat` (from 0): 0.25 s, doubled
// each time, of which `jitter` (0 to 1) decides half.
Duration Backoff(int repeat, double jitter);

// The pause that an answer asks for by its Retry-After header: seconds or any
// of HTTP's three forms of a date. A date counts from the answer's own Date, as
// the clocks of platform and exporter may differ, and from `now` if it has
// none. At most an hour; nullopt when it is neither, or lies in the past.
std::optional<Duration> ParseRetryAfter(const HttpResponse& response,
                                        WallTime now);

// False: the deadline's stop came first. Must not be asked to sleep past the
// deadline.
bool SleepFor(Duration duration, const Deadline& deadline);

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_RETRY_H_
