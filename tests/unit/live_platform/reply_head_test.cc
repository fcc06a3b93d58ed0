#include "exporter/live_platform/reply_head.h"

#include <doctest/doctest.h>

#include "exporter/live_platform/url.h"

namespace operator_connect::live_platform {
namespace {

using Step = ReplyHead::Step;

TEST_CASE("the final head is kept, and interim ones are passed over") {
  ReplyHead head;
  CHECK(head.Add("HTTP/1.1 103 Early\r\n") == Step::kMore);
  CHECK(head.Add("Content-Type: text/x\r\n") == Step::kMore);
  CHECK(head.Add("\r\n") == Step::kMore);
  CHECK(head.Add("HTTP/1.1 200 OK\r\n") == Step::kMore);
  CHECK(head.Add("CONTENT-length:  12 \r\n") == Step::kMore);
  CHECK(head.Add("\r\n") == Step::kFinal);
  CHECK(head.status() == 200);
  CHECK(head.content_type().empty());
  CHECK(head.body_length() == 12);
}

TEST_CASE("a content type is cut and cleaned") {
  ReplyHead head;
  head.Add("HTTP/1.1 200 OK\r\n");
  head.Add("Content-Type: a\x01\xff\tb" + std::string(500, 'x') + "\r\n");
  CHECK(head.content_type() == "ab" + std::string(126, 'x'));
}

TEST_CASE("the length of a compressed body is not the body's") {
  ReplyHead head;
  head.Add("HTTP/1.1 200 OK\r\n");
  head.Add("Content-Length: 12\r\n");
  head.Add("Content-Encoding: GZIP\r\n");
  CHECK_FALSE(head.body_length().has_value());
}

TEST_CASE("trailers count, but say nothing") {
  ReplyHead head;
  head.Add("HTTP/1.1 200 OK\r\n");
  CHECK(head.Add("\r\n") == Step::kFinal);
  CHECK(head.Add("Content-Length: x\r\n") == Step::kMore);
  CHECK(head.Add("A: " + std::string(ReplyHead::kMaxBytes, 'b')) ==
        Step::kRefused);
}

TEST_CASE("a URL is taken apart") {
  const UrlParts plain = SplitUrl("HTTPS://live.example.com/tenantui?a=b@c");
  CHECK(plain.HostPort() == "live.example.com:443");
  CHECK_FALSE(plain.has_port);
  CHECK(plain.target == "/tenantui?a=b@c");
  const UrlParts user = SplitUrl("http://u:p@h@[::1]:8080/x");
  CHECK(user.user_info == "u:p@h@");
  CHECK(user.HostPort() == "[::1]:8080");
  CHECK(SplitUrl("http://[::1]").HostPort() == "[::1]:80");
  CHECK(SplitUrl("socks5://proxy").HostPort() == "proxy:1080");
}

TEST_CASE("values are percent-encoded") {
  CHECK(PercentEncode("aZ09-._~") == "aZ09-._~");
  CHECK(PercentEncode(" +&=%/\xc3\xa9") == "%20%2B%26%3D%25%2F%C3%A9");
}

}  // namespace
}  // namespace operator_connect::live_platform
