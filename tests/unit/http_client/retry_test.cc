#include "exporter/http_client/retry.h"

#include <doctest/doctest.h>

#include <string>

namespace operator_connect::http_client {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// 1994-11-06 08:49:37 UTC.
const WallTime kNow = WallTime(seconds(784111777));

std::optional<Duration> Pause(const std::string& retry_after,
                              const std::string& date = "") {
  HttpResponse response;
  response.retry_after = retry_after;
  response.date = date;
  return ParseRetryAfter(response, kNow);
}

TEST_CASE("Retry-After is read as seconds") {
  CHECK(Pause("7") == seconds(7));
  CHECK(Pause("0") == seconds(0));
  CHECK(Pause("7", "Sun, 06 Nov 1994 09:49:37 GMT") == seconds(7));
}

TEST_CASE("a Retry-After date counts from the answer's own date") {
  const std::string at = "Sun, 06 Nov 2044 08:49:37 GMT";
  CHECK(Pause(at, "Sun, 06 Nov 2044 08:49:30 GMT") == seconds(7));
  CHECK_FALSE(Pause(at, "Sun, 06 Nov 2044 08:49:37 GMT").has_value());
  CHECK(Pause(at, "Sun, 06 Nov 1994 08:49:37 GMT") == seconds(3600));
  CHECK(Pause("Sun, 06 Nov 1994 08:49:47 GMT", "today") == seconds(10));
}

TEST_CASE("Retry-After is read as a date in all three forms") {
  CHECK(Pause("Sun, 06 Nov 1994 08:50:37 GMT") == seconds(60));
  CHECK(Pause("Sunday, 06-Nov-94 08:50:37 GMT") == seconds(60));
  CHECK(Pause("Sun Nov  6 08:50:37 1994") == seconds(60));
}

TEST_CASE("an absurd Retry-After is cut to an hour") {
  for (const std::string value :
       {"86400", "99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"}) {
    CAPTURE(value);
    CHECK(Pause(value) == seconds(3600));
  }
}

TEST_CASE("a Retry-After that is nothing or past is ignored") {
  for (const std::string value :
       {"", "-5", "soon", "1.5", "5 seconds", "Sun, 06 Nov 1994 08:49:36 GMT",
        "Sun, 31 Feb 2024 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun, 06 Foo 1994 08:50:37 GMT", "Sun, 06 Nov 99999 08:50:37 GMT"}) {
    CAPTURE(value);
    CHECK_FALSE(Pause(value).has_value());
  }
}

TEST_CASE("the back-off doubles, half of it by chance") {
  CHECK(Backoff(0, 0) == milliseconds(125));
  CHECK(Backoff(0, 1) == milliseconds(250));
  CHECK(Backoff(1, 1) == milliseconds(500));
  CHECK(Backoff(2, 0) == milliseconds(500));
  CHECK(Backoff(2, 1) == milliseconds(1000));
}

TEST_CASE("only what may pass by itself is worth repeating") {
  using Kind = Failure::Kind;
  for (const int status : {429, 502, 503, 504}) {
    CHECK(IsWorthRepeating({Kind::kStatus, status, "", false}));
  }
  for (const int status : {400, 401, 403, 404, 407, 500, 501, 302}) {
    CHECK_FALSE(IsWorthRepeating({Kind::kStatus, status, "", false}));
  }
  CHECK(IsWorthRepeating({Kind::kTransport, 0, "", false}));
  CHECK(IsWorthRepeating({Kind::kTimeout, 0, "", false}));
  CHECK_FALSE(IsWorthRepeating({Kind::kTransport, 0, "", true}));
  for (const Kind kind : {Kind::kMalformed, Kind::kMismatch, Kind::kTooLarge,
                          Kind::kCredentials}) {
    CHECK_FALSE(IsWorthRepeating({kind, 0, "", false}));
  }
}

TEST_CASE("a stop ends the sleep at once") {
  std::stop_source stop;
  stop.request_stop();
  CHECK_FALSE(
      SleepFor(seconds(60), Deadline::After(seconds(90), stop.get_token())));
}

}  // namespace
}  // namespace operator_connect::http_client
