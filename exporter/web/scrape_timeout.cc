#include "exporter/web/scrape_timeout.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

namespace operator_connect::web {
namespace {

std::string_view Trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::optional<Duration> ParseScrapeTimeout(std::string_view header) {
  const std::string_view text = Trim(header);
  double seconds = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  if (!std::isfinite(seconds) || seconds <= 0) return std::nullopt;
  const double nanoseconds = seconds * 1e9;
  // The double nearest to max() lies above it, so >= keeps the cast defined.
  if (nanoseconds >= static_cast<double>(Duration::max().count())) {
    return Duration::max();
  }
  return Duration(static_cast<Duration::rep>(nanoseconds));
}

Deadline ScrapeDeadline(std::string_view header, Duration offset,
                        SteadyTime received) {
  const std::optional<Duration> timeout = ParseScrapeTimeout(header);
  if (!timeout) return Deadline::Never();
  const Duration wait =
      *timeout - std::clamp(offset, Duration::zero(), *timeout / 2);
  if (wait >= SteadyTime::max() - received) return Deadline::Never();
  return Deadline::At(received + wait);
}

}  // namespace operator_connect::web
