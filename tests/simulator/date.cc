#include <chrono>
#include <cstdlib>

#include "tests/simulator/truth.h"

namespace operator_connect::simulator {

namespace {

// Removes `count` digits from the front of `text` and returns their value; -1:
// there are fewer.
int TakeDigits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return -1;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool Take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

std::optional<double> TakeFraction(std::string_view& text) {
  if (!Take(text, ".")) return 0;
  std::string digits = "0.";
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    digits += text.front();
    text.remove_prefix(1);
  }
  if (digits.size() == 2) return std::nullopt;
  return std::strtod(digits.c_str(), nullptr);
}

std::optional<int> TakeZoneMinutes(std::string_view& text) {
  if (text.empty() || Take(text, "Zz")) return 0;
  const bool west = text.front() == '-';
  if (!Take(text, "+-")) return std::nullopt;
  const int hours = TakeDigits(text, 2);
  if (hours < 0) return std::nullopt;
  Take(text, ":");
  const int minutes = TakeDigits(text, 2);
  if (minutes < 0) return std::nullopt;
  return (hours * 60 + minutes) * (west ? -1 : 1);
}

}  // namespace

std::optional<double> ParseDate(std::string_view text) {
  const int year = TakeDigits(text, 4);
  if (!Take(text, "-")) return std::nullopt;
  const int month = TakeDigits(text, 2);
  if (!Take(text, "-")) return std::nullopt;
  const int day = TakeDigits(text, 2);
  if (!Take(text, "Tt ")) return std::nullopt;
  const int hour = TakeDigits(text, 2);
  if (!Take(text, ":")) return std::nullopt;
  const int minute = TakeDigits(text, 2);
  if (!Take(text, ":")) return std::nullopt;
  const int second = TakeDigits(text, 2);
  const std::optional<double> fraction = TakeFraction(text);
  const std::optional<int> zone = TakeZoneMinutes(text);
  if (year < 2000 || month < 1 || day < 1 || hour < 0 || hour > 23 ||
      minute < 0 || minute > 59 || second < 0 || second > 60 || !fraction ||
      !zone || !text.empty()) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{
      std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
      std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  const auto days = std::chrono::sys_days(date).time_since_epoch();
  const double seconds = static_cast<double>(days.count()) * 86400 +
                         hour * 3600 + (minute - *zone) * 60 + second +
                         *fraction;
  if (seconds < 946684800) return std::nullopt;  // 2000-01-01T00:00:00Z
  return seconds;
}

}  // namespace operator_connect::simulator
