// Pages of v3: an object around the array of records.

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/records_reader.h"

namespace operator_connect::live_platform {
namespace {

using Texts = std::vector<std::string>;
using Members =
    std::vector<std::pair<std::string, std::optional<std::int64_t>>>;

struct Page {
  std::optional<http_client::Failure> failure;
  Texts texts;
  Members members;
};

Page Read(const std::string& body, std::size_t piece = 1) {
  TextsReader reader(RecordsReader::Shape::kPage);
  std::optional<http_client::Failure> failure = ReadBody(reader, body, piece);
  return {std::move(failure), reader.texts, reader.members};
}

TEST_CASE("a page's records and totals are read") {
  const Page page = Read(R"({"currentPage":1,"pageSize":200,"totalPages":1,)"
                         R"("totalRecords":2,"data":[{"a":"1"},{"a":"2"}]})");
  CHECK_FALSE(page.failure.has_value());
  CHECK(page.texts == Texts{"1", "2"});
  CHECK(page.members == Members{{"currentPage", 1},
                                {"pageSize", 200},
                                {"totalPages", 1},
                                {"totalRecords", 2}});
}

TEST_CASE("totals may follow the records, with white space anywhere") {
  const Page page =
      Read(" { \"data\" : [ { \"a\" : \"1\" } ] , \"totalPages\" : 3 } ");
  CHECK_FALSE(page.failure.has_value());
  CHECK(page.texts == Texts{"1"});
  CHECK(page.members == Members{{"totalPages", 3}});
}

TEST_CASE("a total can be a string") {
  CHECK(Read(R"({"data":[],"totalPages":"3"})").members ==
        Members{{"totalPages", 3}});
}

TEST_CASE("a total that is not a number has no value") {
  for (const char* value :
       {"null", "-1", "1.5", "\"\"", "\"x\"", "[1]", "{}", "true", "-0",
        "1234567890123456789", "99999999999999999999"}) {
    CAPTURE(value);
    const Page page =
        Read(std::string(R"({"data":[],"totalPages":)") + value + "}");
    CHECK_FALSE(page.failure.has_value());
    CHECK(page.members == Members{{"totalPages", std::nullopt}});
  }
}

TEST_CASE("members with wanted names at a deeper level are ignored") {
  const Page page = Read(
      R"({"links":{"data":[{"a":"x"}],"totalPages":9},"data":[{"a":"1"}]})");
  CHECK_FALSE(page.failure.has_value());
  CHECK(page.texts == Texts{"1"});
  CHECK(page.members == Members{{"links", std::nullopt}});
}

TEST_CASE("a page without an array called data is a failure") {
  for (const char* body : {"{}", R"({"data":null})", R"({"data":{}})",
                           R"({"Data":[]})", R"({"totalRecords":0})"}) {
    CAPTURE(body);
    CHECK(Read(body).failure.has_value());
  }
}

TEST_CASE("a page whose JSON is broken or cut is a failure") {
  for (const char* body :
       {"[]", "{", R"({"data":[]},)", R"({"data":[]}})", R"({"data" []})",
        R"({data:[]})", R"({"data":[],})", R"({"data":[})", R"({"data":[{}])",
        R"({"x":tru,"data":[]})", R"({"x":,"data":[]})", R"({[]:1})",
        R"({{}:1})", R"({"data":[1,2]})", R"({"data":[])", R"({"data)"}) {
    CAPTURE(body);
    CHECK(Read(body).failure.has_value());
  }
}

TEST_CASE("a page's data is not expected in a second array") {
  // Only v2's array has been seen wrapped.
  CHECK(Read(R"({"data":[[{"a":"1"}]]})").failure.has_value());
}

TEST_CASE("a member of any size up to a record's is skipped") {
  const std::string text(1 << 20, 'x');
  const Page page = Read("{\"x\":\"" + text + "\",\"y\":[\"" + text +
                             "\"],\"data\":[{\"a\":\"1\"}]}",
                         1 << 14);
  CHECK_FALSE(page.failure.has_value());
  CHECK(page.texts == Texts{"1"});
}

}  // namespace
}  // namespace operator_connect::live_platform
