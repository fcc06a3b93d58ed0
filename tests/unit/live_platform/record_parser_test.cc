#include "exporter/live_platform/record_parser.h"

#include <doctest/doctest.h>

#include <string>

namespace operator_connect::live_platform {
namespace {

using Verdict = RecordParser::Verdict;

const FieldTable& Fields() {
  static const FieldTable kFields = {{"a"}};
  return kFields;
}

// Parses the first `size` bytes of `text`, which the rest follows.
struct First {
  First(std::string body, std::size_t size, bool last = false)
      : text(std::move(body)) {
    text += std::string(RecordParser::kSlack, '}');
    verdict = parser.ParseFirst(text.data(), size, last, end);
  }
  explicit First(const std::string& body) : First(body, body.size()) {}

  std::string text;
  RecordParser parser{Fields()};
  std::size_t end = 0;
  Verdict verdict;
};

TEST_CASE("an object is read to its end, with anything after it") {
  for (const char* after : {"", ",{\"a\":\"2\"}", "]", "x", "\"", "}"}) {
    CAPTURE(after);
    const First first(R"({"a":"1"})" + std::string(after));
    CHECK(first.verdict == Verdict::kObject);
    CHECK(first.end == 9);
    CHECK(first.parser.record().Text(0) == "1");
  }
}

TEST_CASE("an object that is cut anywhere is incomplete and unchanged") {
  const std::string body =
      R"({"a":"x\n\u00e9","b":[true,null,-1.5e+3,{"c":false}],"":{"d":"é"}})";
  for (std::size_t size = 1; size < body.size(); ++size) {
    CAPTURE(size);
    const First first(body, size);
    CHECK(first.verdict == Verdict::kIncomplete);
    CHECK(first.text.starts_with(body));
  }
  CHECK(First(body).verdict == Verdict::kObject);
}

TEST_CASE("a broken object is reported at once") {
  for (const char* body :
       {"{]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":tru,", "{\"a\":01}",
        "{\"a\":-}", "{\"a\":1.}", "{1:2}", "{\"a\":1 2}", "{\"a\" \"b\"}",
        "{\"a\":\"\\x", "{\"a\":\"\\u12x"}) {
    CAPTURE(body);
    CHECK(First(body).verdict == Verdict::kMalformed);
  }
}

TEST_CASE("a too deep object is reported, with its end or without") {
  std::string body = "{\"a\":";
  for (int i = 0; i < RecordParser::kMaxDepth; ++i) body += "[";
  CHECK(First(body).verdict == Verdict::kTooDeep);
  body.pop_back();
  CHECK(First(body).verdict == Verdict::kIncomplete);
}

TEST_CASE("a number or word at the end may continue, unless it is last") {
  for (const std::string body : {"12", "null", "-1e5"}) {
    CAPTURE(body);
    CHECK(First(body).verdict == Verdict::kIncomplete);
    CHECK(First(body, body.size(), true).verdict == Verdict::kNoObject);
    CHECK(First(body + ",", body.size() + 1).verdict == Verdict::kNoObject);
  }
}

TEST_CASE("a string or an array at the end is whole") {
  CHECK(First("\"12\"").verdict == Verdict::kNoObject);
  CHECK(First("[1]").verdict == Verdict::kNoObject);
  CHECK(First("\"12\\").verdict == Verdict::kIncomplete);
  CHECK(First("\"12\\\"").verdict == Verdict::kIncomplete);
}

}  // namespace
}  // namespace operator_connect::live_platform
