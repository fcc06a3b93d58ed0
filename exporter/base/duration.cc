#include "exporter/base/duration.h"

#include <array>
#include <charconv>
#include <cstdint>

namespace operator_connect {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kSecond = 1000 * kMillisecond;
constexpr std::int64_t kHour = 3600 * kSecond;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kLongest = 200 * 365 * kDay;

// From long to short, the order in which Prometheus writes them.
constexpr std::array<Unit, 11> kUnits = {{{"y", 365 * kDay},
                                          {"w", 7 * kDay},
                                          {"d", kDay},
                                          {"h", kHour},
                                          {"m", 60 * kSecond},
                                          {"s", kSecond},
                                          {"ms", kMillisecond},
                                          {"us", 1000},
                                          {"\u00b5s", 1000},  // micro sign
                                          {"\u03bcs", 1000},  // Greek mu
                                          {"ns", 1}}};

// The units that a notation has. Go's allows decimals and any order.
struct Notation {
  std::size_t first;
  std::size_t end;
  bool go;
};
constexpr Notation kPrometheus = {0, 7, false};
constexpr Notation kGo = {3, kUnits.size(), true};

struct Term {
  std::size_t unit;
  std::int64_t nanoseconds;
};

// Takes the first `size` characters of `text`, or all that there are.
std::string_view Take(std::string_view& text, std::size_t size) {
  const std::string_view taken = text.substr(0, size);
  text.remove_prefix(taken.size());
  return taken;
}

std::string_view TakeDigits(std::string_view& text) {
  return Take(text, text.find_first_not_of("0123456789"));
}

// The value of `digits`, 0 if there are none.
std::optional<std::int64_t> ToNumber(std::string_view digits) {
  std::int64_t number = 0;
  if (digits.empty()) return number;
  const auto parsed =
      std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (parsed.ec != std::errc()) return std::nullopt;
  return number;
}

// The value of the digits behind the decimal point.
std::int64_t PartOf(std::string_view digits, std::int64_t nanoseconds) {
  // In integers, as no double is 0.1. Even of an hour, the digits behind the
  // 13th are less than a nanosecond.
  std::int64_t part = 0;
  std::int64_t divisor = 1;
  for (const char digit : digits.substr(0, 13)) {
    divisor *= 10;
    part += (digit - '0') * nanoseconds / divisor;
  }
  return part;
}

// One number with its unit from the front of `text`.
std::optional<Term> TakeTerm(std::string_view& text, const Notation& notation) {
  const std::string_view whole = TakeDigits(text);
  std::string_view part;
  if (notation.go && text.starts_with('.')) {
    text.remove_prefix(1);
    part = TakeDigits(text);
  }
  if (whole.empty() && part.empty()) return std::nullopt;
  const std::string_view name = Take(text, text.find_first_of("0123456789."));
  std::size_t unit = notation.first;
  while (unit < notation.end && kUnits[unit].name != name) ++unit;
  if (unit == notation.end) return std::nullopt;
  const std::int64_t one = kUnits[unit].nanoseconds;
  const auto count = ToNumber(whole);
  if (!count || *count > kLongest / one) return std::nullopt;
  return Term{unit, *count * one + PartOf(part, one)};
}

std::optional<Duration> Parse(std::string_view text, const Notation& notation) {
  if (text == "0") return Duration::zero();
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  std::size_t next_unit = notation.first;
  while (!text.empty()) {
    const auto term = TakeTerm(text, notation);
    if (!term || term->nanoseconds > kLongest - total) return std::nullopt;
    if (!notation.go && term->unit < next_unit) return std::nullopt;
    next_unit = term->unit + 1;
    total += term->nanoseconds;
  }
  return Duration(total);
}

}  // namespace

std::optional<Duration> ParseDuration(std::string_view text) {
  return Parse(text, kPrometheus);
}

std::optional<Duration> ParseGoDuration(std::string_view text) {
  return Parse(text, kGo);
}

std::string FormatDuration(Duration duration) {
  std::int64_t left = duration.count();
  std::string out;
  for (std::size_t i = 0; i < kPrometheus.end; ++i) {
    const Unit& unit = kUnits[i];
    if (left < unit.nanoseconds) continue;
    // 36h is easier to read than 1d12h, and 365d than 52w1d.
    if (unit.nanoseconds >= kDay && left % unit.nanoseconds != 0) continue;
    out += std::to_string(left / unit.nanoseconds);
    out += unit.name;
    left %= unit.nanoseconds;
  }
  return out.empty() ? "0s" : out;
}

}  // namespace operator_connect
