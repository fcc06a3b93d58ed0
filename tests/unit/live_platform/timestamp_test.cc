#include "exporter/live_platform/timestamp.h"

#include <doctest/doctest.h>

#include <string>

namespace operator_connect::live_platform {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
// 2022-01-10T07:57:55Z, in seconds.
constexpr std::int64_t kMoment = 1641801475;

// Nanoseconds since the epoch; -1: not a time.
std::int64_t Parse(std::string_view text) {
  const std::optional<WallTime> time = ParseTimestamp(text);
  return time ? time->time_since_epoch().count() : -1;
}

TEST_CASE("a time can have no fraction or one of any length") {
  CHECK(Parse("2022-01-10T07:57:55Z") == kMoment * kSecond);
  CHECK(Parse("2022-01-10T07:57:55.0Z") == kMoment * kSecond);
  CHECK(Parse("2022-01-10T07:57:55.5Z") == kMoment * kSecond + kSecond / 2);
  CHECK(Parse("2022-01-10T07:57:55.0623609Z") == kMoment * kSecond + 62360900);
  CHECK(Parse("2022-01-10T07:57:55.062360912345Z") ==
        kMoment * kSecond + 62360912);
}

TEST_CASE("a time without a zone is UTC") {
  CHECK(Parse("2022-01-10T07:57:55") == kMoment * kSecond);
  CHECK(Parse("2022-01-10T07:57:55.0") == kMoment * kSecond);
}

TEST_CASE("an offset is subtracted, in all its forms") {
  for (const char* text :
       {"2022-01-10T07:57:55+00:00", "2022-01-10T07:57:55-00:00",
        "2022-01-10T13:27:55+05:30", "2022-01-10T13:27:55+0530",
        "2022-01-09T23:57:55-08:00", "2022-01-09T23:57:55-08",
        "2022-01-10 07:57:55Z", "2022-01-10t07:57:55z",
        " 2022-01-10T07:57:55Z "}) {
    CAPTURE(text);
    CHECK(Parse(text) == kMoment * kSecond);
  }
}

TEST_CASE("seconds are optional, and a date alone is its midnight") {
  CHECK(Parse("2022-01-10T07:57Z") == (kMoment - 55) * kSecond);
  CHECK(Parse("2022-01-10") == 1641772800 * kSecond);
}

TEST_CASE("a time before the year 2000 is none") {
  CHECK(Parse("0001-01-01T00:00:00") == -1);
  CHECK(Parse("0001-01-01T00:00:00Z") == -1);
  CHECK(Parse("1999-12-31T23:59:59.9999999Z") == -1);
  CHECK(Parse("2000-01-01T00:00:00Z") == 946684800 * kSecond);
}

TEST_CASE("a time beyond the clock's range is near its end") {
  const std::int64_t last = Parse("2261-12-31T23:59:59Z");
  CHECK(last > 0);
  CHECK(Parse("2262-01-01T23:59:59Z") == last);
  CHECK(Parse("9999-12-31T23:59:59Z") == last);
  CHECK(Parse("2400-02-29T23:59:59+00:00") == last);
  CHECK(Parse("2401-02-29T23:59:59Z") == -1);
}

TEST_CASE("any other text is no time") {
  for (const char* text : {"",
                           " ",
                           "null",
                           "true",
                           "1641801475",
                           "2022",
                           "2022-01",
                           "2022-1-1",
                           "2022-02-30T00:00:00Z",
                           "2022-13-01T00:00:00Z",
                           "2022-00-10",
                           "2022-01-10T",
                           "2022-01-10T07",
                           "2022-01-10T24:00:00Z",
                           "2022-01-10T07:60:00Z",
                           "2022-01-10T07:57:61Z",
                           "2022-01-10T07:57:55.Z",
                           "2022-01-10T07:57:55ZZ",
                           "2022-01-10T07:57:55+0",
                           "2022-01-10T07:57:55 PM",
                           "10/01/2022 07:57:55",
                           "-022-01-10"}) {
    CAPTURE(text);
    CHECK(Parse(text) == -1);
  }
}

}  // namespace
}  // namespace operator_connect::live_platform
