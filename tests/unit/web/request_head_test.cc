#include "exporter/web/request_head.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace operator_connect::web {
namespace {

// The request line that is passed to the library; empty: refused.
std::string LineOf(const std::string& line) {
  const auto head = ReadRequestHead(line + "\r\nHost: a\r\n\r\n");
  return head.ok() ? head->line.substr(0, head->line.find("\r\n")) : "";
}

// The status of the refusal of a request with these header lines; 0: accepted.
int StatusOf(const std::string& headers,
             const std::string& line = "POST / HTTP/1.1") {
  const auto head = ReadRequestHead(line + "\r\n" + headers + "\r\n\r\n");
  return head.ok() ? 0 : head.error().status;
}

int WithHost(const std::string& headers) {
  return StatusOf("Host: a\r\n" + headers);
}

TEST_CASE("the headers are those of the request, trimmed") {
  const auto head = ReadRequestHead(
      "GET / HTTP/1.1\r\nHost: a\r\nrange: bytes=0-\r\nA:\t 1%20 2 \t\r\n"
      "Empty:\r\nA: \xc3\xa4\r\n\r\n");
  REQUIRE(head.ok());
  CHECK(head->line == "GET / HTTP/1.1\r\n");
  CHECK(head->headers == Headers{{"A", "1%20 2"},
                                 {"A", "\xc3\xa4"},
                                 {"Empty", ""},
                                 {"Host", "a"},
                                 {"range", "bytes=0-"}});
}

TEST_CASE("scheme and host before the path are removed") {
  const std::vector<std::pair<std::string, std::string>> lines = {
      {"GET /a HTTP/1.1", "GET /a HTTP/1.1"},
      {"GET http://host:1/a?b=c HTTP/1.1", "GET /a?b=c HTTP/1.1"},
      {"GET HTTPS://[::1]/ HTTP/1.1", "GET / HTTP/1.1"},
      {"GET http://host HTTP/1.1", "GET / HTTP/1.1"},
      {"GET http://host?b=c HTTP/1.1", "GET /?b=c HTTP/1.1"},
      {"GET /?to=http://host/a HTTP/1.1", "GET /?to=http://host/a HTTP/1.1"},
      {"GET ftp://host/a HTTP/1.1", "GET ftp://host/a HTTP/1.1"},
      {"OPTIONS * HTTP/1.1", "OPTIONS * HTTP/1.1"},
      {"GET / HTTP/1.0", "GET / HTTP/1.0"},
  };
  for (const auto& [from, to] : lines) CHECK(LineOf(from) == to);
}

TEST_CASE("a question mark in a query is a part of it") {
  CHECK(LineOf("GET /a?b=c?d?? HTTP/1.1") == "GET /a?b=c%3Fd%3F%3F HTTP/1.1");
  CHECK(LineOf("GET /a?? HTTP/1.1") == "GET /a?%3F HTTP/1.1");
}

TEST_CASE("an invalid request line is refused") {
  for (const char* line : {"",
                           "GET",
                           "GET /",
                           "GET  HTTP/1.1",
                           "GET / HTTP/1.1 ",
                           "GET / a HTTP/1.1",
                           " GET / HTTP/1.1",
                           "GET\t/\tHTTP/1.1",
                           "GET /\tHTTP/1.1",
                           "GET / http/1.1",
                           "GET / HTTP/2.0",
                           "GET / HTTP/0.9",
                           "GET / HTTP/1.2",
                           "GET / HTTP/1.10",
                           "GET / HTTP/11",
                           "G(T / HTTP/1.1",
                           "GET /\x01 HTTP/1.1",
                           "GET /\x7f HTTP/1.1",
                           "GET / HTTP/1.1\r",
                           "GET http://host",
                           "Host: a"}) {
    CAPTURE(line);
    CHECK(StatusOf("Host: a", line) == 400);
  }
  CHECK(StatusOf("Host: a", std::string("GET /\0 HTTP/1.1", 15)) == 400);
}

TEST_CASE("a long target is refused as such") {
  CHECK(StatusOf("Host: a", "GET /" + std::string(9000, 'a') + " HTTP/1.1") ==
        414);
}

TEST_CASE("ambiguous lines are refused") {
  for (const char* lines :
       {"A 1", "A : 1", "A\t: 1", " A: 1", ": 1", "A: 1\nB: 2", "\tfolded",
        "A: 1\r\n folded", "A: 1\rB: 2", "A: 1\r", "A(b): 1", "A\x01: 1",
        "A: \x01", "A: \x7f", "\"A\": 1", "\xc3\xa4: 1", "A[]: 1", "A;b: 1"}) {
    CAPTURE(lines);
    CHECK(WithHost(lines) == 400);
  }
  CHECK(WithHost(std::string("A: 1\0 2", 7)) == 400);
  CHECK(WithHost(std::string("A\0: 1", 5)) == 400);
  CHECK_FALSE(ReadRequestHead("GET / HTTP/1.1\n\n").ok());
  CHECK_FALSE(ReadRequestHead("GET / HTTP/1.1\r\nHost: a\n\n").ok());
}

TEST_CASE("headers that are too long or too many are refused as such") {
  CHECK(WithHost("A: " + std::string(8000, 'a')) == 0);
  CHECK(WithHost("A: " + std::string(9000, 'a')) == 431);
  std::string many;
  for (int i = 0; i < 98; ++i) many += "A: 1\r\n";
  CHECK(WithHost(many + "A: 1") == 0);
  CHECK(WithHost(many + "A: 1\r\nA: 1") == 431);
}

TEST_CASE("HTTP/1.1 needs exactly one valid Host") {
  for (const char* host :
       {"a", "a.b-c_d:10390", "[::1]:80", "1.2.3.4", "", "a~b", "*"}) {
    CAPTURE(host);
    CHECK(StatusOf("Host: " + std::string(host)) == 0);
  }
  for (const char* host : {"a b", "a@b", "a/b", "<script>", "a\"b", "a?b",
                           "a#b", "a\\b", "a{b", "\xc3\xa4", "a\tb"}) {
    CAPTURE(host);
    CHECK(StatusOf("Host: " + std::string(host)) == 400);
  }
  CHECK(StatusOf("A: 1") == 400);
  CHECK(StatusOf("Host: a\r\nhost: a") == 400);
  CHECK(StatusOf("A: 1", "GET / HTTP/1.0") == 0);
  CHECK(StatusOf("Host: a\r\nHost: b", "GET / HTTP/1.0") == 400);
}

TEST_CASE("a length is a single whole number") {
  for (const char* good : {"0", "5", "007", "99999999999999999999999"}) {
    CAPTURE(good);
    CHECK(WithHost("Content-Length: " + std::string(good)) == 0);
  }
  for (const char* bad : {"", " ", "-1", "+1", "x", "1, 2", "1,1", "0x10",
                          "1 1", "1.0", "%35", "5\xc2\xa0"}) {
    CAPTURE(bad);
    CHECK(WithHost("Content-Length: " + std::string(bad)) == 400);
  }
  CHECK(WithHost("Content-Length: 5\r\nContent-Length: 5") == 400);
  CHECK(WithHost("Content-Length: 5\r\ncontent-length: 6") == 400);
  CHECK(WithHost("Content-Length: 5\r\nContent-Length:") == 400);
}

TEST_CASE("the only transfer encoding is chunked, once and alone") {
  CHECK(WithHost("Transfer-Encoding: chunked") == 0);
  CHECK(WithHost("transfer-encoding:\tCHUNKED ") == 0);
  for (const char* bad :
       {"", "chunked, identity", "identity, chunked", "xchunked", "\"chunked\"",
        "chunked;q=1", "chunked,", ",chunked", "gzip, chunked", "identity",
        "chunked chunked"}) {
    CAPTURE(bad);
    CHECK(WithHost("Transfer-Encoding: " + std::string(bad)) == 400);
  }
  CHECK(WithHost("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked") ==
        400);
  CHECK(WithHost("Transfer-Encoding: chunked\r\nContent-Length: 5") == 400);
  CHECK(WithHost("Content-Length: 0\r\nTransfer-Encoding: chunked") == 400);
  CHECK(StatusOf("Transfer-Encoding: chunked", "POST / HTTP/1.0") == 400);
}

}  // namespace
}  // namespace operator_connect::web
