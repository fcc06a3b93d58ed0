#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "exporter/live_platform/json_scanner.h"
#include "exporter/live_platform/record.h"

namespace operator_connect::live_platform {
namespace {

using Verdict = RecordParser::Verdict;

const FieldTable& Fields() {
  static const FieldTable kFields = {{"id"}, {"list"}, {"inner", "name"}};
  return kFields;
}

// A parser, and a text with the memory behind it that parsers want.
struct Fixture {
  explicit Fixture(std::string_view t) : size(t.size()), text(t) {
    text.append(64, 'x');
  }
  const std::size_t size;
  std::string text;
  RecordParser parser{Fields()};
};

Verdict WithoutItsEnd(std::string_view text) {
  Fixture fixture(text);
  std::size_t end = 0;
  return fixture.parser.ParseFirst(fixture.text.data(), fixture.size, end);
}

TEST_CASE("A walk and RapidJSON come to the same verdict") {
  for (const std::string_view text : {
           R"({})",
           R"({ })",
           R"({"id":1})",
           R"({"id" : -1.5e+3 , "list":[ ] })",
           "{\"id\":\"tab\there\",\n\t\"x\":{\"y\":[{},[],[[1,\"\"]]]}\r}",
           R"({"id":null,"list":[true,false,null],"inner":{"name":"n"}})",
           R"({"id":1,})",
           R"({,})",
           R"({"id"})",
           R"({"id":})",
           R"({"id" 1})",
           R"({id:1})",
           R"({1:1})",
           R"({"id":1 "x":2})",
           R"({"list":[1,]})",
           R"({"list":[,1]})",
           R"({"list":[1 2]})",
           R"({"list":[1}})",
           R"({"id":nul})",
           R"({"id":nulll})",
           R"({"id":True})",
           R"({"id":01})",
           R"({"id":+1})",
           R"({"id":-})",
           R"({"id":1.})",
           R"({"id":1e})",
           R"({"id":.5})",
           R"({"id":1e400})",
           R"({"id":"a""b"})",
           "{\"id\":\"\xff\xfe\"}",
       }) {
    CAPTURE(text);
    Fixture plain(text);
    Fixture general(text);
    CHECK(plain.parser.ParsePlain(plain.text.data(), plain.size) ==
          general.parser.Parse(general.text.data(), general.size));
  }
}

TEST_CASE("Every beginning of an object may become one") {
  const std::string_view whole =
      R"({"id":"é1","list":[1.5e3,true,null,"x"],"inner":{"name":"n"},"z":-0})";
  for (std::size_t size = 1; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK(WithoutItsEnd(whole.substr(0, size)) == Verdict::kIncomplete);
  }
  CHECK(WithoutItsEnd(whole) == Verdict::kObject);
}

TEST_CASE("An object is read whatever follows it") {
  Fixture fixture(R"({"id":"7"},{"id":)");
  std::size_t end = 0;
  CHECK(fixture.parser.ParseFirst(fixture.text.data(), fixture.size, end) ==
        Verdict::kObject);
  CHECK(end == 10);
  CHECK(fixture.parser.record().Text(0) == "7");
}

TEST_CASE("What a walk reads is left as it was") {
  Fixture fixture(R"({"id":"7","list":["a","b"]} and more)");
  const std::string before = fixture.text;
  std::size_t end = 0;
  fixture.parser.ParseFirst(fixture.text.data(), fixture.size, end);
  CHECK(fixture.text == before);
}

TEST_CASE("A walk goes no deeper than the scanner does") {
  const auto nested = [](int depth) {
    return R"({"id":)" + std::string(static_cast<std::size_t>(depth - 1), '[') +
           std::string(static_cast<std::size_t>(depth - 1), ']') + "}";
  };
  CHECK(WithoutItsEnd(nested(JsonContainerScanner::kMaxDepth)) ==
        Verdict::kObject);
  CHECK(WithoutItsEnd(nested(JsonContainerScanner::kMaxDepth + 1)) ==
        Verdict::kTooDeep);
}

}  // namespace
}  // namespace operator_connect::live_platform
