#include "tests/simulator/text.h"

#include <array>
#include <chrono>
#include <cstdio>

#include "exporter/base/json_string.h"
#include "tests/simulator/estate.h"

namespace operator_connect::simulator {

namespace {

constexpr char kHex[] = "0123456789abcdef";

struct Civil {
  int year;
  unsigned month, day, weekday;
  int hour, minute, second;
};

Civil ToCivil(std::int64_t seconds) {
  const std::chrono::sys_seconds time{std::chrono::seconds(seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const int rest = static_cast<int>((time - day).count());
  return {static_cast<int>(date.year()),
          static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()),
          std::chrono::weekday(day).c_encoding(),
          rest / 3600,
          rest / 60 % 60,
          rest % 60};
}

}  // namespace

std::string JsonString(std::string_view text) {
  std::string out;
  AppendJsonString(text, out);
  return out;
}

std::string FormatDate(std::int64_t seconds, int digits, unsigned ticks,
                       bool zulu) {
  const Civil c = ToCivil(seconds);
  std::array<char, 64> buffer;
  std::snprintf(buffer.data(), buffer.size(),
                "%04d-%02u-%02uT%02d:%02d:%02d.%07u", c.year, c.month, c.day,
                c.hour, c.minute, c.second, ticks % 10000000U);
  std::string text(buffer.data());
  text.resize(digits == 0 ? 19 : static_cast<std::size_t>(20 + digits));
  return text + (zulu ? "Z" : "+00:00");
}

std::string FormatHttpDate(std::int64_t seconds) {
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed",
                                          "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr",
                                            "May", "Jun", "Jul", "Aug",
                                            "Sep", "Oct", "Nov", "Dec"};
  const Civil c = ToCivil(seconds);
  std::array<char, 64> buffer;
  std::snprintf(buffer.data(), buffer.size(),
                "%s, %02u %s %04d %02d:%02d:%02d GMT", kDays[c.weekday], c.day,
                kMonths[c.month - 1], c.year, c.hour, c.minute, c.second);
  return buffer.data();
}

std::uint64_t Random::Next() {
  std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

std::string Random::Guid() {
  std::string guid(36, '-');
  std::uint64_t bits = 0;
  int left = 0;
  for (std::size_t i = 0; i < guid.size(); ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) continue;
    if (left == 0) {
      bits = Next();
      left = 16;
    }
    guid[i] = kHex[bits & 15];
    bits >>= 4;
    --left;
  }
  guid[14] = '4';
  guid[19] = kHex[8 + (guid[19] % 4)];
  return guid;
}

std::uint64_t Mix(std::uint64_t a, std::uint64_t b) {
  return Random(Random(a).Next() ^ (b * 0xd6e8feb86659fd93ULL)).Next();
}

std::string ToLower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string RandomDate(Random& random, std::int64_t seconds) {
  const int digits = random.Chance(0.6) ? 7 : static_cast<int>(random.Below(8));
  return FormatDate(seconds, digits, static_cast<unsigned>(random.Next()),
                    random.Chance(0.8));
}

}  // namespace operator_connect::simulator
