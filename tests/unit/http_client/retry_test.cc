#include "exporter/http_client/retry.h"

#include <doctest/doctest.h>

namespace operator_connect::http_client {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("the back-off doubles, half of it at random") {
  CHECK(Backoff(0, 0) == milliseconds(125));
  CHECK(Backoff(0, 1) == milliseconds(250));
  CHECK(Backoff(1, 1) == milliseconds(500));
  CHECK(Backoff(2, 0) == milliseconds(500));
  CHECK(Backoff(2, 1) == milliseconds(1000));
}

TEST_CASE("only transient failures are worth repeating") {
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

TEST_CASE("a sleep that would end after the deadline does not begin") {
  CHECK_FALSE(SleepFor(std::chrono::hours(24), Deadline::After(seconds(90))));
}

}  // namespace
}  // namespace operator_connect::http_client
