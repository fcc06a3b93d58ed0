#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_WEB_CONFIG_DURATION_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_WEB_CONFIG_DURATION_H_

#include <optional>
#include <string_view>

#include "exporter/base/clock.h"

namespace operator_connect::config {

// A duration as Go's time.ParseDuration reads it, which is how the toolkit
// reads rate_limit.interval: decimal numbers with the units h, m, s, ms, us
// and ns, in any order, such as 1.5s or 1m0.5s; or a bare 0. Nothing for
// anything else, also what has a sign, and for what is longer than 200 years.
// What is shorter than a nanosecond is cut off.
std::optional<Duration> ParseGoDuration(std::string_view text);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_WEB_CONFIG_DURATION_H_
