#include "exporter/web/scrape_timeout.h"

#include <doctest/doctest.h>

#include <chrono>

namespace operator_connect::web {
namespace {

using namespace std::chrono_literals;

constexpr SteadyTime kReceived{1000h};

TEST_CASE("a decimal number of seconds is a scrape timeout") {
  CHECK(ParseScrapeTimeout("10") == Duration(10s));
  CHECK(ParseScrapeTimeout("0.25") == Duration(250ms));
  CHECK(ParseScrapeTimeout("1e1") == Duration(10s));
  CHECK(ParseScrapeTimeout(" 10\t") == Duration(10s));
}

TEST_CASE("only a finite number above zero is a scrape timeout") {
  for (const char* header :
       {"", " ", "0", "-0", "-1", "nan", "inf", "-inf", "infinity", "10s",
        "10,5", "1 0", "+5", "0x10", "1e400", "1e-400", "ten", "--1", "."}) {
    CAPTURE(header);
    CHECK_FALSE(ParseScrapeTimeout(header).has_value());
  }
}

TEST_CASE("a scrape timeout beyond the clock is the longest duration") {
  CHECK(ParseScrapeTimeout("1e300") == Duration::max());
  CHECK(ParseScrapeTimeout("9223372037") == Duration::max());
}

SteadyTime DeadlineOf(std::string_view header, Duration offset = 500ms) {
  EndpointOptions options;
  options.timeout_offset = offset;
  options.default_timeout = 7s;
  return ScrapeDeadline(header, options, kReceived);
}

TEST_CASE("the offset is subtracted from the scrape timeout") {
  CHECK(DeadlineOf("10") == kReceived + 9500ms);
}

TEST_CASE("the offset takes at most half of the scrape timeout") {
  CHECK(DeadlineOf("0.5") == kReceived + 250ms);
  CHECK(DeadlineOf("10", 1h) == kReceived + 5s);
}

TEST_CASE("a negative offset does not lengthen the scrape timeout") {
  CHECK(DeadlineOf("10", -5s) == kReceived + 10s);
}

TEST_CASE("without a usable timeout the whole default is used") {
  for (const char* header : {"", "0", "-1", "nan", "inf", "10s"}) {
    CAPTURE(header);
    CHECK(DeadlineOf(header) == kReceived + 7s);
  }
}

TEST_CASE("a huge timeout is accepted") {
  CHECK(DeadlineOf("86400") == kReceived + 86400s - 500ms);
  CHECK(DeadlineOf("1e300") == SteadyTime::max());
}

}  // namespace
}  // namespace operator_connect::web
