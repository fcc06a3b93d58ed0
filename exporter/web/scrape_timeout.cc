#include "exporter/web/scrape_timeout.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

#include "exporter/base/text.h"

namespace operator_connect::web {
std::optional<Duration> ParseScrapeTimeout(std::string_view header) {
  const std::string_view text = TrimWhitespace(header);
  double seconds = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  if (!std::isfinite(seconds) || seconds <= 0) return std::nullopt;
  const double nanoseconds = seconds * 1e9;
  // The double nearest to max() is above it, so >= keeps the cast defined.
  if (nanoseconds >= static_cast<double>(Duration::max().count())) {
    return Duration::max();
  }
  return Duration(static_cast<Duration::rep>(nanoseconds));
}

SteadyTime ScrapeDeadline(std::string_view header,
                          const EndpointOptions& options, SteadyTime received) {
  Duration wait = options.default_timeout;
  if (const std::optional<Duration> timeout = ParseScrapeTimeout(header)) {
    wait = *timeout -
           std::clamp(options.timeout_offset, Duration::zero(), *timeout / 2);
  }
  return wait >= SteadyTime::max() - received ? SteadyTime::max()
                                              : received + wait;
}

}  // namespace operator_connect::web
