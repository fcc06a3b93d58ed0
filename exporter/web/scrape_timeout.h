#ifndef OPERATOR_CONNECT_EXPORTER_WEB_SCRAPE_TIMEOUT_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_SCRAPE_TIMEOUT_H_

#include <optional>
#include <string_view>

#include "exporter/base/clock.h"
#include "exporter/web/endpoint_options.h"

namespace operator_connect::web {

// The header by which Prometheus says how long it will wait.
inline constexpr std::string_view kScrapeTimeoutHeader =
    "X-Prometheus-Scrape-Timeout-Seconds";

// The header's value: a finite decimal number above 0, blanks around it
// allowed. Anything else: nullopt. Longer than the clock can tell:
// Duration::max(). Asks no locale, throws nothing.
std::optional<Duration> ParseScrapeTimeout(std::string_view header);

// Until when a scrape that was received at `received` may wait: the offset
// before its timeout, but at least half of that. Without a usable header (none,
// or no finite number above 0): for the whole of the default timeout.
SteadyTime ScrapeDeadline(std::string_view header,
                          const EndpointOptions& options, SteadyTime received);

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_SCRAPE_TIMEOUT_H_
