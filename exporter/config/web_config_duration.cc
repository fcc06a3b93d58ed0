#include "exporter/config/web_config_duration.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace operator_connect::config {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kLongest = std::int64_t{200} * 365 * 24 * 3600 * kSecond;

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};

constexpr std::array<Unit, 8> kUnits = {{{"ns", 1},
                                         {"us", 1000},
                                         {"\u00b5s", 1000},  // micro sign
                                         {"\u03bcs", 1000},  // Greek mu
                                         {"ms", 1'000'000},
                                         {"s", kSecond},
                                         {"m", 60 * kSecond},
                                         {"h", 3600 * kSecond}}};

// Takes the first `size` characters of `text`, or all that there are.
std::string_view Take(std::string_view& text, std::size_t size) {
  const std::string_view taken = text.substr(0, size);
  text.remove_prefix(taken.size());
  return taken;
}

std::string_view TakeDigits(std::string_view& text) {
  return Take(text, text.find_first_not_of("0123456789"));
}

// The value of `digits`, 0 for none at all.
std::optional<std::int64_t> ToNumber(std::string_view digits) {
  std::int64_t number = 0;
  if (digits.empty()) return number;
  const auto parsed =
      std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (parsed.ec != std::errc()) return std::nullopt;
  return number;
}

// What the digits behind the point are worth.
std::int64_t PartOf(std::string_view digits, std::int64_t nanoseconds) {
  // In whole numbers, as 0.1 is no double. Even of an hour, what follows the
  // 13th digit is less than a nanosecond.
  std::int64_t part = 0;
  std::int64_t divisor = 1;
  for (const char digit : digits.substr(0, 13)) {
    divisor *= 10;
    part += (digit - '0') * nanoseconds / divisor;
  }
  return part;
}

// One number with its unit from the front of `text`.
std::optional<std::int64_t> TakeTerm(std::string_view& text) {
  const std::string_view whole = TakeDigits(text);
  std::string_view part;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    part = TakeDigits(text);
  }
  if (whole.empty() && part.empty()) return std::nullopt;
  const std::string_view name = Take(text, text.find_first_of("0123456789."));
  const auto* unit = std::find_if(
      kUnits.begin(), kUnits.end(),
      [&](const Unit& candidate) { return candidate.name == name; });
  const auto count = ToNumber(whole);
  if (unit == kUnits.end() || !count || *count > kLongest / unit->nanoseconds) {
    return std::nullopt;
  }
  return *count * unit->nanoseconds + PartOf(part, unit->nanoseconds);
}

}  // namespace

std::optional<Duration> ParseGoDuration(std::string_view text) {
  if (text == "0") return Duration::zero();
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  while (!text.empty()) {
    const auto term = TakeTerm(text);
    if (!term || *term > kLongest - total) return std::nullopt;
    total += *term;
  }
  return Duration(total);
}

}  // namespace operator_connect::config
