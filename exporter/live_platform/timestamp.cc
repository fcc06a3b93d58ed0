#include "exporter/live_platform/timestamp.h"

#include <chrono>
#include <cstdint>

#include "exporter/base/text.h"

namespace operator_connect::live_platform {
namespace {

// Reads a text from left to right. After a step that does not fit, it stays
// bad.
class Cursor {
 public:
  explicit Cursor(std::string_view text)
      : at_(text.data()), end_(text.data() + text.size()) {}

  bool good() const { return good_; }
  bool at_end() const { return at_ == end_; }

  int Digits(int count) {
    int value = 0;
    if (end_ - at_ < count) {
      good_ = false;
      return 0;
    }
    for (int i = 0; i < count; ++i) {
      const int digit = at_[i] - '0';
      if (digit < 0 || digit > 9) {
        good_ = false;
        return 0;
      }
      value = value * 10 + digit;
    }
    at_ += count;
    return value;
  }

  // The digits after a decimal point, as nanoseconds.
  std::int64_t Fraction() {
    std::int64_t nanoseconds = 0;
    std::int64_t unit = 100'000'000;
    const char* const begin = at_;
    while (at_ < end_ && *at_ >= '0' && *at_ <= '9') {
      nanoseconds += (*at_++ - '0') * unit;
      unit /= 10;
    }
    good_ = good_ && at_ > begin;
    return nanoseconds;
  }

  bool Skip(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }

  void Expect(char c) { good_ = Skip(c) && good_; }

 private:
  const char* at_;
  const char* const end_;
  bool good_ = true;
};

// The offset from UTC, such as +05:30, +0530 or +05.
std::chrono::minutes Offset(Cursor& cursor, int sign) {
  const int hours = cursor.Digits(2);
  cursor.Skip(':');
  const int minutes = cursor.at_end() ? 0 : cursor.Digits(2);
  return std::chrono::minutes(sign * (hours * 60 + minutes));
}

std::optional<WallTime> SinceYear2000(WallTime time) {
  using std::chrono::January, std::chrono::year;
  if (time < std::chrono::sys_days(year(2000) / January / 1)) {
    return std::nullopt;
  }
  return time;
}

}  // namespace

std::optional<WallTime> ParseTimestamp(std::string_view text) {
  using std::chrono::hours, std::chrono::minutes, std::chrono::seconds;
  Cursor cursor(TrimWhitespace(text));
  const std::chrono::year year(cursor.Digits(4));
  cursor.Expect('-');
  const std::chrono::month month(static_cast<unsigned>(cursor.Digits(2)));
  cursor.Expect('-');
  const std::chrono::day day(static_cast<unsigned>(cursor.Digits(2)));
  if (!cursor.good()) return std::nullopt;
  const std::chrono::year_month_day date(year, month, day);
  // The range of nanoseconds in 64 bits, with room for an offset.
  constexpr std::chrono::year kLastYear(2261);
  if (!date.ok() || year < std::chrono::year(1900)) return std::nullopt;
  WallTime time = std::chrono::sys_days(
      year <= kLastYear ? date : kLastYear / std::chrono::December / 31);
  if (cursor.at_end()) return SinceYear2000(time);

  if (!cursor.Skip('T') && !cursor.Skip('t')) cursor.Expect(' ');
  const int hour = cursor.Digits(2);
  cursor.Expect(':');
  const int minute = cursor.Digits(2);
  int second = 0;
  if (cursor.Skip(':')) second = cursor.Digits(2);
  if (hour > 23 || minute > 59 || second > 60) return std::nullopt;
  time += hours(hour) + minutes(minute) + seconds(second);
  if (cursor.Skip('.')) time += Duration(cursor.Fraction());
  if (cursor.Skip('+')) {
    time -= Offset(cursor, 1);
  } else if (cursor.Skip('-')) {
    time -= Offset(cursor, -1);
  } else if (!cursor.Skip('Z')) {
    cursor.Skip('z');
  }
  if (!cursor.good() || !cursor.at_end()) return std::nullopt;
  return SinceYear2000(time);
}

}  // namespace operator_connect::live_platform
