#include "exporter/live_platform/timestamp.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "exporter/base/text.h"

namespace operator_connect::live_platform {
namespace {

// Reads a text from left to right. A step that does not fit makes it bad,
// and all steps after it.
class Cursor {
 public:
  explicit Cursor(std::string_view text)
      : at_(text.data()), end_(text.data() + text.size()) {}

  bool good() const { return good_; }
  bool at_end() const { return at_ == end_; }

  int TwoDigits() {
    if (end_ - at_ < 2) {
      good_ = false;
      return 0;
    }
    const int tens = at_[0] - '0';
    const int ones = at_[1] - '0';
    if (tens < 0 || tens > 9 || ones < 0 || ones > 9) good_ = false;
    at_ += 2;
    return 10 * tens + ones;
  }

  // The digits after a decimal point, as nanoseconds.
  std::int64_t Fraction() {
    constexpr int kDigits = 9;
    constexpr std::array<std::int64_t, kDigits + 1> kUnits = {
        1'000'000'000, 100'000'000, 10'000'000, 1'000'000, 100'000,
        10'000,        1'000,       100,        10,        1};
    std::int64_t value = 0;
    const char* const begin = at_;
    for (; at_ < end_ && *at_ >= '0' && *at_ <= '9'; ++at_) {
      if (at_ - begin < kDigits) value = 10 * value + (*at_ - '0');
    }
    good_ = good_ && at_ > begin;
    return value * kUnits[static_cast<std::size_t>(
                       std::min<std::ptrdiff_t>(at_ - begin, kDigits))];
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

// What an offset such as +05:30, +0530 or +05 adds to UTC.
std::chrono::minutes Offset(Cursor& cursor, int sign) {
  const int hours = cursor.TwoDigits();
  cursor.Skip(':');
  const int minutes = cursor.at_end() ? 0 : cursor.TwoDigits();
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
  const int century = cursor.TwoDigits();
  const std::chrono::year year(100 * century + cursor.TwoDigits());
  cursor.Expect('-');
  const std::chrono::month month(static_cast<unsigned>(cursor.TwoDigits()));
  cursor.Expect('-');
  const std::chrono::day day(static_cast<unsigned>(cursor.TwoDigits()));
  if (!cursor.good()) return std::nullopt;
  const std::chrono::year_month_day date(year, month, day);
  // What nanoseconds in 64 bits can hold, with room for an offset.
  if (!date.ok() || year < std::chrono::year(1900) ||
      year > std::chrono::year(2261)) {
    return std::nullopt;
  }
  WallTime time = std::chrono::sys_days(date);
  if (cursor.at_end()) return SinceYear2000(time);

  if (!cursor.Skip('T') && !cursor.Skip('t')) cursor.Expect(' ');
  const int hour = cursor.TwoDigits();
  cursor.Expect(':');
  const int minute = cursor.TwoDigits();
  int second = 0;
  if (cursor.Skip(':')) second = cursor.TwoDigits();
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
