#include "exporter/live_platform/records_reader.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/records_reader.h"

namespace operator_connect::live_platform {
namespace {

using Texts = std::vector<std::string>;
using Kind = http_client::Failure::Kind;

// The texts of a body; checks that pieces of every relevant size give the same.
Texts Read(const std::string& body) {
  TextsReader reader;
  REQUIRE_FALSE(ReadBody(reader, body).has_value());
  const Texts texts = reader.texts;
  for (const std::size_t piece : {1, 2, 63, 64, 65}) {
    CAPTURE(piece);
    REQUIRE_FALSE(ReadBody(reader, body, piece).has_value());
    CHECK(reader.texts == texts);
  }
  return texts;
}

// The failure of a body; checks that pieces of one byte give the same.
http_client::Failure FailureOf(const std::string& body) {
  TextsReader reader;
  const std::optional<http_client::Failure> failure = ReadBody(reader, body);
  const std::optional<http_client::Failure> again = ReadBody(reader, body, 1);
  CAPTURE(body);
  REQUIRE(failure.has_value());
  REQUIRE(again.has_value());
  CHECK(again->kind == failure->kind);
  return *failure;
}

std::string RecordOfSize(std::size_t size) {
  const std::string start = R"({"a":"b","x":")";
  return start + std::string(size - start.size() - 2, 'x') + "\"}";
}

TEST_CASE("records are read in order") {
  CHECK(Read(R"([{"a":"1"},{"a":"2"},{}])") == Texts{"1", "2", ""});
}

TEST_CASE("white space is accepted between all tokens") {
  CHECK(Read("\r\n\t [ { \"a\" : \"1\" } ,\n{\"a\":\"2\"}\t] \n") ==
        Texts{"1", "2"});
}

TEST_CASE("an empty array has no records") {
  CHECK(Read("[]").empty());
  CHECK(Read(" [ ] ").empty());
  CHECK(Read("[[]]").empty());
  CHECK(Read("[ [ ] ]").empty());
}

TEST_CASE("an array wrapped in a second one is read as if it were not") {
  CHECK(Read(R"([[{"a":"1"},{"a":"2"}]])") == Texts{"1", "2"});
  CHECK(Read(R"([[{"a":"1"}], null])") == Texts{"1"});
}

TEST_CASE("the records of several wrapped arrays are all read") {
  CHECK(Read(R"([[{"a":"1"}],[{"a":"2"},{"a":"3"}],[]])") ==
        Texts{"1", "2", "3"});
  CHECK(Read(R"([[{"a":"1"}],{"a":"2"}])") == Texts{"1", "2"});
  CHECK(Read(R"([[7],[{"a":"1"}]])") == Texts{"1"});
  CHECK(FailureOf(R"([[],[{"a":"1"}]])").kind == Kind::kMalformed);
}

TEST_CASE("a byte order mark before the array is accepted") {
  CHECK(Read("\xEF\xBB\xBF[{\"a\":\"1\"}]") == Texts{"1"});
}

TEST_CASE("an element that is not an object is counted and skipped") {
  TextsReader reader;
  CHECK_FALSE(ReadBody(reader, R"([1,"{",null,true,[{"a":"x"}],{"a":"1"},)"
                               R"("\ud800",-1.5e3,"a\"]"])")
                  .has_value());
  CHECK(reader.texts == Texts{"1"});
  CHECK(reader.elements() == 9);
  CHECK(reader.malformed() == 8);
}

TEST_CASE("an empty array counts as an element next to others") {
  TextsReader reader;
  CHECK_FALSE(ReadBody(reader, R"([[],{"a":"1"},[]])").has_value());
  CHECK(reader.texts == Texts{"1"});
  CHECK(reader.elements() == 3);
  CHECK_FALSE(ReadBody(reader, "[[]]").has_value());
  CHECK(reader.elements() == 0);
  CHECK(FailureOf("[[],[]]").kind == Kind::kMalformed);
}

TEST_CASE("elements without a single object are a failure") {
  for (const char* body : {"[null]", "[1,2]", "[[1]]", "[\"a\"]", "[[[]]]"}) {
    CHECK(FailureOf(body).kind == Kind::kMalformed);
  }
}

TEST_CASE("a body that is not an array is a failure that names its kind") {
  CHECK(FailureOf("").detail == "the body is empty");
  CHECK(FailureOf(" \n").detail == "the body is empty");
  CHECK(FailureOf("\xEF\xBB\xBF").detail == "the body is empty");
  CHECK(FailureOf("<html>").detail == "HTML or XML instead of JSON");
  CHECK(FailureOf(R"({"error":"x"})").detail ==
        "a JSON object where an array was expected");
  CHECK(FailureOf("null").detail == "no JSON array at its start");
  CHECK(FailureOf("\xEF\xBB").detail == "no JSON array at its start");
}

TEST_CASE("a body that is cut anywhere is a failure") {
  const std::string body = R"([{"a":"1"},7,"s",{"a":{"b":[1,"\""]}},null])";
  for (std::size_t size = 0; size < body.size(); ++size) {
    TextsReader reader;
    CAPTURE(size);
    const std::optional<http_client::Failure> failure =
        ReadBody(reader, body.substr(0, size));
    REQUIRE(failure.has_value());
    CHECK(failure->kind == Kind::kMalformed);
  }
}

TEST_CASE("a body whose JSON is broken is a failure") {
  for (const char* body :
       {"[,]", "[{},]", "[{}{}]", "[{} 1]", "[{}}", "[{}]]", "[{}],", "[{}]x",
        "[{}][]", "[:]", "[tru]", "[{\"a\":}]", "[{\"a\":Y}]", "[{\"a\":_}]",
        "[{\"a\":[}]", "[[{}]", "[\"\\x\",{}]", "[01,{}]"}) {
    CHECK(FailureOf(body).kind == Kind::kMalformed);
  }
}

TEST_CASE("a failure's detail has no byte of the body") {
  for (const char* body : {"425555", "[{\"a\":425555", "[425555", "[{}425555]",
                           "[42x,{}]", "[{}]425555"}) {
    const std::string detail = FailureOf(body).detail;
    CAPTURE(detail);
    CHECK(detail.find("42") == std::string::npos);
  }
}

TEST_CASE("nothing is read after a failure") {
  TextsReader reader;
  reader.Restart();
  CHECK_FALSE(reader.Read("<"));
  CHECK_FALSE(reader.Read("[]"));
  CHECK(reader.Finish().has_value());
}

TEST_CASE("a restart forgets the attempt before, with any result") {
  TextsReader reader;
  for (const char* before : {"[{\"a\":\"1\"},{\"a\":\"2", "<", "[[", "[{}]"}) {
    CAPTURE(before);
    reader.Restart();
    reader.Read(before);
    CHECK_FALSE(ReadBody(reader, R"([{"a":"3"}])").has_value());
    CHECK(reader.texts == Texts{"3"});
    CHECK(reader.elements() == 1);
  }
}

TEST_CASE("a lone surrogate costs a character, not the response") {
  CHECK(Read(R"([{"a":"x\ud800y"}])") == Texts{"x\xEF\xBF\xBDy"});
}

TEST_CASE("invalid UTF-8 is no failure") {
  CHECK(Read("[{\"a\":\"\xff\xfe\"}]") == Texts{"\xff\xfe"});
}

TEST_CASE("a string of a megabyte is read") {
  const std::string text(1 << 20, 'x');
  TextsReader reader;
  CHECK_FALSE(ReadBody(reader, "[{\"a\":\"" + text + "\"}]").has_value());
  REQUIRE(reader.texts.size() == 1);
  CHECK(reader.texts[0] == text);
}

TEST_CASE("a record of exactly 4 MiB is read, with anything around it") {
  const std::string record = RecordOfSize(RecordsReader::kMaxRecordBytes);
  TextsReader reader;
  for (const std::size_t piece : {1000, 1 << 14, 1 << 23}) {
    CAPTURE(piece);
    CHECK_FALSE(ReadBody(reader, "[{}," + record + "," + record + "]", piece)
                    .has_value());
    CHECK(reader.texts == Texts{"", "b", "b"});
  }
}

TEST_CASE("a record one byte larger than 4 MiB is too large") {
  const std::string record = RecordOfSize(RecordsReader::kMaxRecordBytes + 1);
  TextsReader reader;
  for (const std::size_t piece : {1000, 1 << 14, 1 << 23}) {
    CAPTURE(piece);
    const std::optional<http_client::Failure> failure =
        ReadBody(reader, "[" + record + "]", piece);
    REQUIRE(failure.has_value());
    CHECK(failure->kind == Kind::kTooLarge);
  }
}

TEST_CASE("an endless record is abandoned at its limit") {
  TextsReader reader;
  reader.Restart();
  const std::string piece(1 << 16, 'x');
  CHECK(reader.Read("[{\"a\":\""));
  std::size_t sent = 0;
  while (sent < 2 * RecordsReader::kMaxRecordBytes && reader.Read(piece)) {
    sent += piece.size();
  }
  CHECK(sent <= RecordsReader::kMaxRecordBytes);
  CHECK(reader.Finish()->kind == Kind::kTooLarge);
}

TEST_CASE("an array nested 100,000 deep is a failure, not a crash") {
  for (const char* open : {"[", "{\"a\":"}) {
    std::string body = "[";
    for (int i = 0; i < 100'000; ++i) body += open;
    TextsReader reader;
    const std::optional<http_client::Failure> failure = ReadBody(reader, body);
    REQUIRE(failure.has_value());
    CHECK(failure->kind == Kind::kMalformed);
  }
}

TEST_CASE("a number beyond a double's range is accepted") {
  CHECK(Read(R"([{"a":"1","x":1e999},{"a":2e400}])") == Texts{"1", "2e400"});
}

TEST_CASE("records whose names begin with a capital are reported") {
  const http_client::Failure failure = FailureOf(R"([{"A":"1","B":2}])");
  CHECK(failure.kind == Kind::kMalformed);
  CHECK(failure.detail.find(" a is expected") != std::string::npos);
  CHECK(FailureOf(R"([{"a":"1"},{"x":1,"A":"2"}])").kind == Kind::kMalformed);
  CHECK(Read(R"([{"A":"1","a":"2"},{"B":"1"},{"x":{"A":1}}])") ==
        Texts{"2", "", ""});
}

}  // namespace
}  // namespace operator_connect::live_platform
