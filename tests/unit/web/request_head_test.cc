#include "exporter/web/request_head.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace operator_connect::web {
namespace {

// The request line that the library is shown.
std::string LineOf(const std::string& line) {
  const std::string head = SanitizeHead(line + "\r\nHost: a\r\n\r\n");
  return head.substr(0, head.find("\r\n"));
}

TEST_CASE("Range and Expect are left out, in any case, and nothing else") {
  CHECK(SanitizeHead("GET / HTTP/1.1\r\nA: 1\r\nrange: bytes=0-\r\n"
                     "EXPECT: 100-continue\r\nRanges: b\r\n\r\n") ==
        "GET / HTTP/1.1\r\nA: 1\r\nRanges: b\r\n\r\n");
}

TEST_CASE("a header is not taken for the request line") {
  CHECK(SanitizeHead("Range: 1\r\nGET / HTTP/1.1\r\n\r\n").find("GET") != 0);
  CHECK(SanitizeHead("Range: 1\r\nGET / HTTP/1.1\r\n\r\n") == "?\r\n\r\n");
}

TEST_CASE("scheme and host before the path are left out") {
  const std::vector<std::pair<std::string, std::string>> lines = {
      {"GET /a HTTP/1.1", "GET /a HTTP/1.1"},
      {"GET http://host:1/a?b=c HTTP/1.1", "GET /a?b=c HTTP/1.1"},
      {"GET HTTPS://[::1]/ HTTP/1.1", "GET / HTTP/1.1"},
      {"GET http://host HTTP/1.1", "GET / HTTP/1.1"},
      {"GET http://host?b=c HTTP/1.1", "GET /?b=c HTTP/1.1"},
      {"GET /?to=http://host/a HTTP/1.1", "GET /?to=http://host/a HTTP/1.1"},
      {"GET ftp://host/a HTTP/1.1", "GET ftp://host/a HTTP/1.1"},
      {"GET http://host", "GET http://host"},
      {"http://host/a", "http://host/a"},
      {"OPTIONS * HTTP/1.1", "OPTIONS * HTTP/1.1"},
  };
  for (const auto& [from, to] : lines) CHECK(LineOf(from) == to);
}

TEST_CASE("lines that others understand differently make it no request") {
  for (const char* lines :
       {"A 1", "A : 1", " A: 1", ": 1", "A: 1\nB: 2", "\tfolded"}) {
    CAPTURE(lines);
    CHECK(SanitizeHead("GET / HTTP/1.1\r\n" + std::string(lines) +
                       "\r\n\r\n") == "?\r\n\r\n");
  }
  CHECK(SanitizeHead("GET / HTTP/1.1\n\n") == "?\r\n\r\n");
}

}  // namespace
}  // namespace operator_connect::web
