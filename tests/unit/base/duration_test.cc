#include "exporter/base/duration.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace operator_connect {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using namespace std::chrono_literals;

TEST_CASE("durations are parsed like Prometheus'") {
  struct Row {
    const char* text;
    Duration want;
  };
  const Row rows[] = {
      {"0", Duration::zero()},
      {"0s", Duration::zero()},
      {"500ms", milliseconds(500)},
      {"90s", seconds(90)},
      {"5m", minutes(5)},
      {"1h30m", minutes(90)},
      {"30d", hours(24 * 30)},
      {"2w", hours(24 * 14)},
      {"1y", hours(24 * 365)},
      {"1m5ms", milliseconds(60005)},
      {"1y2w3d4h5m6s7ms", hours(24 * (365 + 14 + 3) + 4) + minutes(5) +
                              seconds(6) + milliseconds(7)},
      {"100y", hours(24 * 365 * 100)},
      {"5000000000ms", seconds(5'000'000)},
      {"6307200000s", hours(24 * 365 * 200)},
      {"6307200000000ms", hours(24 * 365 * 200)}};
  for (const Row& row : rows) {
    CAPTURE(std::string(row.text));
    REQUIRE(ParseDuration(row.text));
    CHECK(*ParseDuration(row.text) == row.want);
  }
}

TEST_CASE("a text that is no duration is refused") {
  for (const char* text : {"",
                           " ",
                           "5",
                           "00",
                           "s",
                           "5x",
                           "5 m",
                           " 5m",
                           "5m ",
                           "-5m",
                           "+5m",
                           "1.5h",
                           "30m1h",
                           "1m1m",
                           "5ms3s",
                           "1h30",
                           "5M",
                           "1us",
                           "201y",
                           "6307200001s",
                           "99999999999999999999s",
                           "5m\n",
                           "6307200000001ms",
                           "9223372036854775808ms",
                           "18446744073709551616ms",
                           "199y999w"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(ParseDuration(text));
  }
}

TEST_CASE("durations are written in their shortest usual form") {
  CHECK(FormatDuration(Duration::zero()) == "0s");
  CHECK(FormatDuration(seconds(-5)) == "0s");
  CHECK(FormatDuration(seconds(50)) == "50s");
  CHECK(FormatDuration(seconds(90)) == "1m30s");
  CHECK(FormatDuration(minutes(90)) == "1h30m");
  CHECK(FormatDuration(hours(36)) == "36h");
  CHECK(FormatDuration(hours(24 * 30)) == "30d");
  CHECK(FormatDuration(hours(24 * 14)) == "2w");
  CHECK(FormatDuration(milliseconds(1500)) == "1s500ms");
}

TEST_CASE("a written duration is parsed back unchanged") {
  for (long ms = 1; ms < 4'000'000'000'000; ms = ms * 7 + 13) {
    const Duration duration = milliseconds(ms);
    const std::string text = FormatDuration(duration);
    CAPTURE(std::string(text));
    REQUIRE(ParseDuration(text));
    CHECK(*ParseDuration(text) == duration);
  }
}

TEST_CASE("Go's durations are parsed") {
  const std::pair<std::string, Duration> rows[] = {
      {"0", 0s},
      {"0s", 0s},
      {"1.5s", 1500ms},
      {"100us", 100us},
      {"100\u00b5s", 100us},
      {"100\u03bcs", 100us},
      {"7ns", 7ns},
      {"250ms", 250ms},
      {"1m0.5s", 60500ms},
      {"1h30m", 90min},
      {"1s1m1s", 62s},
      {".5h", 30min},
      {"2.m", 2min},
      {"0.1s", 100ms},
      {"0.123456789s", 123456789ns},
      {"0.0000000019s", 1ns},
      {"0.00000000000001h", 0s},
      {"1752000h", 1752000h},
  };
  for (const auto& [text, want] : rows) {
    CAPTURE(text);
    REQUIRE(ParseGoDuration(text));
    CHECK(*ParseGoDuration(text) == want);
  }
}

TEST_CASE("a text that is no duration of Go's is refused") {
  for (const std::string text : {"",
                                 "1",
                                 "s",
                                 ".s",
                                 ".",
                                 "1.5",
                                 "1 s",
                                 " 1s",
                                 "1s ",
                                 "-1s",
                                 "+1s",
                                 "1d",
                                 "1S",
                                 "1.5.5s",
                                 "1e3s",
                                 "0x1s",
                                 "1s1",
                                 "1752001h",
                                 "1752000h1ns",
                                 "9223372036854775807ns",
                                 "9223372036854775808ns",
                                 "99999999999999999999h"}) {
    CAPTURE(text);
    CHECK_FALSE(ParseGoDuration(text));
  }
}

}  // namespace
}  // namespace operator_connect
