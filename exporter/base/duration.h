#ifndef OPERATOR_CONNECT_EXPORTER_BASE_DURATION_H_
#define OPERATOR_CONNECT_EXPORTER_BASE_DURATION_H_

#include <optional>
#include <string>
#include <string_view>

#include "exporter/base/clock.h"

namespace operator_connect {

// Parses a duration as Prometheus writes it: integers with the units y (365 d),
// w, d, h, m, s, ms, each at most once and in this order, such as 90s, 1h30m,
// 30d; or a bare 0. nullopt for anything else, and above 200 years, so that a
// few durations can be added without overflow.
std::optional<Duration> ParseDuration(std::string_view text);

// Parses a duration as Go's time.ParseDuration does, which is how the
// exporter-toolkit reads rate_limit.interval: decimal numbers with the units h,
// m, s, ms, us and ns, in any order, such as 1.5s or 1m0.5s; or a bare 0.
// nullopt for anything else, for a sign, and above 200 years. Parts of a
// nanosecond are cut off.
std::optional<Duration> ParseGoDuration(std::string_view text);

// Formats in Prometheus' notation, such that ParseDuration reads the same
// duration, parts of a millisecond apart. Uses days and longer units only if no
// rest is left ("30d", "36h"). Zero and below is "0s".
std::string FormatDuration(Duration duration);

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_BASE_DURATION_H_
