#include "exporter/http_client/retry.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <vector>

namespace operator_connect::http_client {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration kFirstBackoff = std::chrono::milliseconds(250);
constexpr seconds kLongestPause = hours(1);

// A number that is nothing but digits.
std::optional<int> Digits(std::string_view text) {
  int value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || value < 0) return std::nullopt;
  return value;
}

std::vector<std::string_view> Split(std::string_view text,
                                    std::string_view separators) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t begin = text.find_first_not_of(separators);
    if (begin == std::string_view::npos) return parts;
    text.remove_prefix(begin);
    const std::size_t end =
        std::min(text.find_first_of(separators), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

std::optional<unsigned> Month(std::string_view name) {
  constexpr std::array<std::string_view, 12> kNames = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun",
      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (unsigned i = 0; i < kNames.size(); ++i) {
    if (name == kNames[i]) return i + 1;
  }
  return std::nullopt;
}

std::optional<seconds> TimeOfDay(std::string_view text) {
  const std::vector<std::string_view> parts = Split(text, ":");
  if (parts.size() != 3) return std::nullopt;
  const std::optional<int> hour = Digits(parts[0]);
  const std::optional<int> minute = Digits(parts[1]);
  const std::optional<int> second = Digits(parts[2]);
  if (!hour || !minute || !second) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return hours(*hour) + minutes(*minute) + seconds(*second);
}

// "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT" and
// "Sun Nov  6 08:49:37 1994".
std::optional<std::chrono::sys_seconds> ParseHttpDate(std::string_view text) {
  std::vector<std::string_view> parts = Split(text, " ,-");
  if (parts.size() == 5)
    parts = {parts[0], parts[2], parts[1], parts[4], parts[3]};
  if (parts.size() != 5 && parts.size() != 6) return std::nullopt;
  const std::optional<int> day = Digits(parts[1]);
  const std::optional<unsigned> month = Month(parts[2]);
  std::optional<int> year = Digits(parts[3]);
  const std::optional<seconds> time = TimeOfDay(parts[4]);
  if (!day || !month || !year || !time) return std::nullopt;
  if (parts[3].size() == 2) *year += *year < 70 ? 2000 : 1900;
  if (*year < 1970 || *year > 9999) return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year(*year), std::chrono::month(*month),
      std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date) + *time;
}

}  // namespace

bool IsWorthRepeating(const Failure& failure) {
  if (failure.lasting) return false;
  switch (failure.kind) {
    case Failure::Kind::kTimeout:
    case Failure::Kind::kTransport:
      return true;
    case Failure::Kind::kStatus:
      return failure.status == 429 || failure.status == 502 ||
             failure.status == 503 || failure.status == 504;
    default:
      return false;
  }
}

Duration Backoff(int repeat, double jitter) {
  const Duration longest = kFirstBackoff * (1 << std::clamp(repeat, 0, 10));
  const double share = 0.5 + 0.5 * std::clamp(jitter, 0.0, 1.0);
  return std::chrono::duration_cast<Duration>(longest * share);
}

std::optional<Duration> ParseRetryAfter(const HttpResponse& response,
                                        WallTime now) {
  const std::string_view value = response.retry_after;
  if (value.empty()) return std::nullopt;
  if (std::all_of(value.begin(), value.end(),
                  [](char c) { return c >= '0' && c <= '9'; })) {
    // Digits too many for an int are as good as the cap.
    const int most = static_cast<int>(kLongestPause.count());
    return seconds(std::min(Digits(value).value_or(most), most));
  }
  const std::optional<std::chrono::sys_seconds> date = ParseHttpDate(value);
  if (!date) return std::nullopt;
  // In seconds: a far date is too large for nanoseconds.
  const seconds pause =
      *date -
      ParseHttpDate(response.date).value_or(std::chrono::floor<seconds>(now));
  if (pause <= seconds(0)) return std::nullopt;
  return std::min(pause, kLongestPause);
}

bool SleepFor(Duration duration, const Deadline& deadline) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock<std::mutex> lock(mutex);
  never.wait_for(lock, deadline.stop(), duration, [] { return false; });
  return !deadline.stopped();
}

}  // namespace operator_connect::http_client
