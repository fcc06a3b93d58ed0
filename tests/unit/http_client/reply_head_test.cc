#include "exporter/http_client/reply_head.h"

#include <doctest/doctest.h>

namespace operator_connect::http_client {
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

std::string ContentType(const std::string& value) {
  ReplyHead head;
  head.Add("HTTP/1.1 200 OK\r\n");
  head.Add("Content-Type: " + value + "\r\n");
  return head.content_type();
}

TEST_CASE("of a content type the media type is kept alone") {
  CHECK(ContentType("application/problem+json") == "application/problem+json");
  CHECK(ContentType("Text/HTML ; charset=utf-8; a@b.example") == "Text/HTML");
}

TEST_CASE("a content type that could name somebody is not kept") {
  for (const std::string value :
       {"jane@doe.example", "text/jane@doe.example", "text/+14255550100",
        "4255550100", "a\x01/b", "/b", "a/", "a/b/c", "; a=b"}) {
    CAPTURE(value);
    CHECK(ContentType(value) == "an odd content type");
  }
  CHECK(ContentType("a/" + std::string(200, 'x')) == "an odd content type");
}

TEST_CASE("a body compressed twice is refused") {
  for (const std::string second : {"gzip", "identity, gzip"}) {
    ReplyHead head;
    head.Add("HTTP/1.1 200 OK\r\n");
    CHECK(head.Add("Content-Encoding: x-gzip\r\n") == Step::kMore);
    CHECK(head.Add("Content-Encoding: " + second + "\r\n") == Step::kRefused);
  }
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

}  // namespace
}  // namespace operator_connect::http_client
