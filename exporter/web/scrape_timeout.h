#ifndef OPERATOR_CONNECT_EXPORTER_WEB_SCRAPE_TIMEOUT_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_SCRAPE_TIMEOUT_H_

#include <optional>
#include <string_view>

#include "exporter/base/clock.h"
#include "exporter/web/endpoint_options.h"

namespace operator_connect::web {

// The header with Prometheus' scrape timeout.
inline constexpr std::string_view kScrapeTimeoutHeader =
    "X-Prometheus-Scrape-Timeout-Seconds";

// Parses the header's value: a finite decimal number above 0, with optional
// blanks around it. Anything else: nullopt. More than the clock can hold:
// Duration::max(). Independent of the locale, throws nothing.
std::optional<Duration> ParseScrapeTimeout(std::string_view header);

// Until when a scrape that was received at `received` may wait: its timeout
// less `offset`, but at least half of the timeout. Without a usable header
// (missing, or no finite number above 0): the whole of the default timeout.
SteadyTime ScrapeDeadline(std::string_view header,
                          const EndpointOptions& options, SteadyTime received);

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_SCRAPE_TIMEOUT_H_
