#ifndef OPERATOR_CONNECT_EXPORTER_WEB_SCRAPE_TIMEOUT_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_SCRAPE_TIMEOUT_H_

#include <optional>
#include <string_view>

#include "exporter/base/clock.h"

namespace operator_connect::web {

// The header by which Prometheus says how long it will wait.
inline constexpr std::string_view kScrapeTimeoutHeader =
    "X-Prometheus-Scrape-Timeout-Seconds";

// The header's value: a finite decimal number above 0, blanks around it
// allowed. Anything else: nullopt. Longer than the clock can tell:
// Duration::max(). Asks no locale, throws nothing.
std::optional<Duration> ParseScrapeTimeout(std::string_view header);

// Until when a scrape that was received at `received` must be answered:
// `offset` before its time-out, but at most half of it. Without a usable
// header there is no such moment: collections are bounded on their own.
Deadline ScrapeDeadline(std::string_view header, Duration offset,
                        SteadyTime received);

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_SCRAPE_TIMEOUT_H_
