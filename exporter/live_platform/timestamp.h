#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_TIMESTAMP_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_TIMESTAMP_H_

#include <optional>
#include <string_view>

#include "exporter/base/clock.h"

namespace operator_connect::live_platform {

// Parses a date and time of the platform: 2022-01-10T07:57:55.0623609Z, with
// any number of fraction digits or none, with Z, an offset such as +00:00, or
// no zone, which means UTC. A date alone is its midnight. nullopt for any other
// text, and for times before the year 2000: the platform writes
// 0001-01-01T00:00:00 for no time. Years that the clock cannot hold count as
// 2261, such as 9999-12-31T23:59:59.9999999Z, the last time of .NET.
std::optional<WallTime> ParseTimestamp(std::string_view text);

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_TIMESTAMP_H_
