#ifndef OPERATOR_CONNECT_EXPORTER_BASE_DURATION_H_
#define OPERATOR_CONNECT_EXPORTER_BASE_DURATION_H_

#include <optional>
#include <string>
#include <string_view>

#include "exporter/base/clock.h"

namespace operator_connect {

// A duration as Prometheus writes it: whole numbers with the units y (365 d),
// w, d, h, m, s, ms, each at most once and in this order, such as 90s, 1h30m,
// 30d; or a bare 0. Nothing for anything else, and for what is longer than
// 200 years, so that a few can be added without overflow.
std::optional<Duration> ParseDuration(std::string_view text);

// A duration as Go's time.ParseDuration reads it, which is how the
// exporter-toolkit reads rate_limit.interval: decimal numbers with the units h,
// m, s, ms, us and ns, in any order, such as 1.5s or 1m0.5s; or a bare 0.
// Nothing for anything else, also what has a sign, and for what is longer than
// 200 years. What is shorter than a nanosecond is cut off.
std::optional<Duration> ParseGoDuration(std::string_view text);

// In Prometheus' notation: what ParseDuration reads back as the same duration,
// a part of a millisecond aside. Days and longer units only where they come out
// even ("30d", "36h"). Zero, and less, is "0s".
std::string FormatDuration(Duration duration);

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_BASE_DURATION_H_
