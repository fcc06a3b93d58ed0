#include "exporter/config/web_config_duration.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>

namespace operator_connect::config {
namespace {

using namespace std::chrono_literals;

TEST_CASE("Go's durations are understood") {
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

TEST_CASE("what is no duration of Go's is refused") {
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
}  // namespace operator_connect::config
