#include "exporter/base/duration.h"

#include <doctest/doctest.h>

#include <string>

namespace operator_connect {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST_CASE("durations are read as Prometheus reads them") {
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

TEST_CASE("what is no duration is refused") {
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

TEST_CASE("durations are written in the shortest usual way") {
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

TEST_CASE("a written duration is read back as the same one") {
  for (long ms = 1; ms < 4'000'000'000'000; ms = ms * 7 + 13) {
    const Duration duration = milliseconds(ms);
    const std::string text = FormatDuration(duration);
    CAPTURE(std::string(text));
    REQUIRE(ParseDuration(text));
    CHECK(*ParseDuration(text) == duration);
  }
}

}  // namespace
}  // namespace operator_connect
