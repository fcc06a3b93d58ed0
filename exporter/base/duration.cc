#include "exporter/base/duration.h"

#include <array>
#include <charconv>
#include <cstdint>

namespace operator_connect {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
};

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kHour = 3600 * kSecond;
constexpr std::int64_t kDay = 24 * kHour;
// From long to short, the order in which they must be written.
constexpr std::array<Unit, 7> kUnits = {{{"y", 365 * kDay},
                                         {"w", 7 * kDay},
                                         {"d", kDay},
                                         {"h", kHour},
                                         {"m", 60 * kSecond},
                                         {"s", kSecond},
                                         {"ms", 1}}};
constexpr std::int64_t kLongest = 200 * 365 * kDay;

// The index of the unit that is called `name`, kUnits.size() if none is.
std::size_t FindUnit(std::string_view name) {
  std::size_t i = 0;
  while (i < kUnits.size() && kUnits[i].name != name) ++i;
  return i;
}

}  // namespace

std::optional<Duration> ParseDuration(std::string_view text) {
  if (text == "0") return Duration::zero();
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  while (!text.empty()) {
    std::uint64_t count = 0;
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, count);
    if (parsed.ec != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(parsed.ptr - text.data()));
    const std::size_t unit_end = text.find_first_of("0123456789");
    const std::size_t unit = FindUnit(text.substr(0, unit_end));
    if (unit < next_unit || unit == kUnits.size()) return std::nullopt;
    next_unit = unit + 1;
    const std::int64_t milliseconds = kUnits[unit].milliseconds;
    if (count > static_cast<std::uint64_t>(kLongest / milliseconds)) {
      return std::nullopt;
    }
    total += static_cast<std::int64_t>(count) * milliseconds;
    if (total > kLongest) return std::nullopt;
    text.remove_prefix(unit_end == text.npos ? text.size() : unit_end);
  }
  return std::chrono::milliseconds(total);
}

std::string FormatDuration(Duration duration) {
  std::int64_t left =
      std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
  std::string out;
  for (const Unit& unit : kUnits) {
    if (left < unit.milliseconds) continue;
    // 36h is easier to read than 1d12h, and 365d than 52w1d.
    if (unit.milliseconds >= kDay && left % unit.milliseconds != 0) continue;
    out += std::to_string(left / unit.milliseconds);
    out += unit.name;
    left %= unit.milliseconds;
  }
  return out.empty() ? "0s" : out;
}

}  // namespace operator_connect
