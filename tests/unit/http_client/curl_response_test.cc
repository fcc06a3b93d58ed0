#include "exporter/http_client/curl_response.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/gzip.h"
#include "tests/support/socket_server.h"
#include "tests/support/test_receiver.h"

namespace operator_connect::http_client {
namespace {

using std::chrono::seconds;
using Kind = Failure::Kind;

// 1994-11-06 08:49:37 UTC.
const WallTime kNow = WallTime(seconds(784111777));

Duration Pause(const std::string& retry_after, const std::string& date = "") {
  return ParseRetryAfter(retry_after, date, kNow);
}

TEST_CASE("Retry-After is parsed as seconds") {
  CHECK(Pause("7") == seconds(7));
  CHECK(Pause("0") == seconds(0));
  CHECK(Pause("7", "Sun, 06 Nov 1994 09:49:37 GMT") == seconds(7));
}

TEST_CASE("a Retry-After date is relative to the response's own date") {
  const std::string at = "Sun, 06 Nov 2044 08:49:37 GMT";
  CHECK(Pause(at, "Sun, 06 Nov 2044 08:49:30 GMT") == seconds(7));
  CHECK(Pause(at, "Sun, 06 Nov 2044 08:49:37 GMT") == seconds(0));
  CHECK(Pause(at, "Sun, 06 Nov 1994 08:49:37 GMT") == seconds(3600));
  CHECK(Pause("Sun, 06 Nov 1994 08:49:47 GMT", "today") == seconds(10));
}

TEST_CASE("Retry-After is parsed as a date in all three forms") {
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

TEST_CASE("a Retry-After that is nonsense or past is ignored") {
  for (const std::string value :
       {"", "-5", "soon", "1.5", "5 seconds", "Sun, 06 Nov 1994 08:49:36 GMT",
        "Sun, 32 Jan 2024 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun, 06 Foo 1994 08:50:37 GMT"}) {
    CAPTURE(value);
    CHECK(Pause(value) == seconds(0));
  }
}

// The outcome of a request to a server that sends `answer` and closes.
Fetched FetchAnswer(const std::string& answer,
                    const FetchOptions& options = {}) {
  const SocketServer server([&](Peer& peer) {
    if (!peer.ReadRequest().empty()) peer.Write(answer);
  });
  return Fetch(server.Url(), options);
}

std::string ContentType(const std::string& value) {
  const Fetched fetched =
      FetchAnswer("HTTP/1.1 200 OK\r\nContent-Type: " + value + "\r\n\r\n[]");
  REQUIRE(fetched.result->ok());
  return (*fetched.result)->content_type;
}

TEST_CASE("only the media type of a content type is kept") {
  CHECK(ContentType("application/problem+json") == "application/problem+json");
  CHECK(ContentType("Text/HTML ; charset=utf-8; a@b.example") == "Text/HTML");
  CHECK(FetchAnswer("HTTP/1.1 200 OK\r\n\r\n[]")
            .result->value()
            .content_type.empty());
}

TEST_CASE("a content type that could name somebody is not kept") {
  for (const std::string& value :
       {std::string("jane@doe.example"), std::string("text/jane@doe.example"),
        std::string("text/+14255550100"), std::string("4255550100"),
        std::string("/b"), std::string("a/"), std::string("a/b/c"),
        std::string("; a=b"), "a/" + std::string(200, 'x')}) {
    CAPTURE(value);
    CHECK(ContentType(value) == "an odd content type");
  }
}

TEST_CASE("a body compressed twice is refused before it is undone") {
  for (const std::string headers :
       {"Content-Encoding: gzip, gzip\r\n",
        "Content-Encoding: x-gzip\r\nContent-Encoding: identity, GZIP\r\n"}) {
    CAPTURE(headers);
    const Fetched fetched = FetchAnswer(Ok(Gzip(Gzip("[1]")), headers));
    REQUIRE_FALSE(fetched.result->ok());
    CHECK(fetched.kind() == Kind::kMalformed);
    CHECK(fetched.detail().ends_with("is compressed more than once"));
    CHECK(fetched.result->error().status == 200);
  }
}

TEST_CASE("codings without effect are allowed") {
  const Fetched fetched =
      FetchAnswer(Ok("[1]", "Content-Encoding: identity\r\n"));
  REQUIRE(fetched.result->ok());
  CHECK(fetched.body == "[1]");
}

TEST_CASE("the length of a compressed body does not count") {
  FetchOptions options;
  options.max_body_bytes = 10;
  const Fetched fetched =
      FetchAnswer(Ok(Gzip("[1]"), "Content-Encoding: gzip\r\n"), options);
  REQUIRE(fetched.result->ok());
  CHECK(fetched.wire_bytes > 10);
  CHECK(fetched.body == "[1]");
}

TEST_CASE("trailers are ignored") {
  const Fetched fetched = FetchAnswer(
      "HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n"
      "0\r\nRetry-After: 9\r\nContent-Length: x\r\n\r\n");
  REQUIRE(fetched.result->ok());
  CHECK((*fetched.result)->retry_after == seconds(0));
}

TEST_CASE("a compressed body that ends early is passed on so far") {
  // libcurl takes the body as whole; its JSON, which does not close, shows the
  // cut.
  const std::string gzip = Gzip("[" + std::string(100000, ' ') + "]");
  const Fetched fetched = FetchAnswer(
      Ok(gzip.substr(0, gzip.size() / 2), "Content-Encoding: gzip\r\n"));
  CHECK(fetched.body.find(']') == std::string::npos);
}

}  // namespace
}  // namespace operator_connect::http_client
