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

TEST_CASE("what is not a finite number above zero is no scrape timeout") {
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

TEST_CASE("the offset is taken off the scrape timeout") {
  CHECK(ScrapeDeadline("10", 500ms, kReceived).at() == kReceived + 9500ms);
}

TEST_CASE("the offset takes at most half of the scrape timeout") {
  CHECK(ScrapeDeadline("0.5", 500ms, kReceived).at() == kReceived + 250ms);
  CHECK(ScrapeDeadline("10", 1h, kReceived).at() == kReceived + 5s);
}

TEST_CASE("a negative offset does not lengthen the scrape timeout") {
  CHECK(ScrapeDeadline("10", -5s, kReceived).at() == kReceived + 10s);
}

TEST_CASE("a scrape without a usable timeout has no deadline") {
  CHECK(ScrapeDeadline("", 500ms, kReceived).at() == SteadyTime::max());
  CHECK(ScrapeDeadline("nan", 500ms, kReceived).at() == SteadyTime::max());
  CHECK(ScrapeDeadline("1e300", 500ms, kReceived).at() == SteadyTime::max());
}

}  // namespace
}  // namespace operator_connect::web
