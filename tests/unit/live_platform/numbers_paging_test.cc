#include "exporter/live_platform/numbers_paging.h"

#include <doctest/doctest.h>

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "tests/support/records_reader.h"

namespace operator_connect::live_platform {
namespace {

using http_client::Failure;

// Numbers of tenants: "a1 b2" has number 1 of tenant a and number 2 of b; "-3"
// is number 3, which does not name its tenant.
std::string Records(const std::string& numbers) {
  std::string records;
  for (std::size_t i = 0; i + 1 < numbers.size(); i += 3) {
    if (!records.empty()) records += ',';
    records += "{\"id\":\"" + numbers.substr(i + 1, 1) + '"';
    if (numbers[i] != '-') {
      records += ",\"tenantId\":\"" + numbers.substr(i, 1) + '"';
    }
    records += '}';
  }
  return records;
}

std::string Body(const std::string& page, int pages, int total,
                 const std::string& records) {
  return "{\"currentPage\":" + page +
         ",\"totalPages\":" + std::to_string(pages) +
         ",\"totalRecords\":" + std::to_string(total) + ",\"data\":[" +
         records + "]}";
}

// A platform with pages of numbers.
struct Platform {
  std::vector<std::string> pages;  // in the form of Records()
  int total;
  bool says_page_1 = false;
  // Bodies that replace the first responses.
  std::vector<std::string> first = {};

  ThreadPool pool = ThreadPool();
  std::mutex mutex = {};
  std::size_t requests = 0;
  std::uint64_t malformed = 0;

  std::string Answer(int page) {
    const std::lock_guard<std::mutex> lock(mutex);
    if (++requests <= first.size()) return first[requests - 1];
    const auto index = static_cast<std::size_t>(page) - 1;
    return Body(says_page_1 ? "1" : std::to_string(page),
                static_cast<int>(pages.size()), total,
                index < pages.size() ? Records(pages[index]) : "");
  }

  Result<std::unique_ptr<AllNumbers>, Failure> ReadAll(
      const Deadline& deadline = Deadline::Never()) {
    const NumbersPageReader::Places places = {{"a", 0}, {"b", 1}};
    return ReadAllNumbers(
        places, WallTime(),
        [this](int page, ResponseReader& reader) -> Result<Done, Failure> {
          const std::string body = Answer(page);
          if (body == "down") {
            return Failure{Failure::Kind::kStatus, 503, "it is down"};
          }
          std::optional<Failure> failure = ReadBody(reader, body);
          if (failure) return *std::move(failure);
          return Done();
        },
        pool, /*workers=*/3, malformed, deadline);
  }

  std::string FailureDetail() {
    const auto read = ReadAll();
    REQUIRE_FALSE(read.ok());
    return read.error().detail;
  }
};

TEST_CASE("numbers of all pages add up by tenant") {
  Platform platform{{"a1 b1", "b2 b3", "a2"}, 5};
  const auto read = platform.ReadAll();
  REQUIRE(read.ok());
  CHECK((*read)->numbers.at(0).numbers == 2);
  CHECK((*read)->numbers.at(1).numbers == 3);
  CHECK((*read)->unwanted.empty());
  CHECK(platform.requests == 3);
}

TEST_CASE("a platform without numbers has none") {
  Platform platform{{""}, 0};
  const auto read = platform.ReadAll();
  REQUIRE(read.ok());
  CHECK((*read)->numbers.empty());
  CHECK(platform.requests == 1);
}

TEST_CASE("numbers of unwanted tenants belong to the sum") {
  Platform platform{{"a1 c1", "c2 d1"}, 4};
  const auto read = platform.ReadAll();
  REQUIRE(read.ok());
  CHECK((*read)->unwanted == NumbersByTenant{{"c", 2}, {"d", 1}});
  CHECK((*read)->numbers.at(0).numbers == 1);
}

TEST_CASE("after a number that does not name its tenant no page is read") {
  Platform platform{{"a1 -2", "a3 a4"}, 4};
  const auto read = platform.ReadAll();
  REQUIRE(read.ok());
  CHECK((*read)->nameless == 1);
  CHECK(platform.requests == 1);
}

TEST_CASE("a number on two pages counts on both while the sum is right") {
  Platform platform{{"a1 a2", "a2 a3"}, 4};
  const auto read = platform.ReadAll();
  REQUIRE(read.ok());
  CHECK((*read)->numbers.at(0).numbers == 4);
}

TEST_CASE("a sum that is not the total is read once more") {
  Platform platform{{"a1 a2", "a3"}, 3};
  platform.first = {Body("1", 2, 4, Records("a1 a2"))};
  const auto read = platform.ReadAll();
  REQUIRE(read.ok());
  CHECK((*read)->numbers.at(0).numbers == 3);
  CHECK(platform.requests == 4);
}

TEST_CASE("a sum that is not the total twice is a failure") {
  for (const int total : {2, 4}) {
    Platform platform{{"a1 a2", "a3"}, total};
    CHECK(platform.FailureDetail() ==
          "its pages have 3 records, but totalRecords is " +
              std::to_string(total));
    CHECK(platform.requests == 4);
  }
}

TEST_CASE("a total that changes between pages is invalid") {
  Platform platform{{"a1 a2", "a3"}, 4};
  platform.first = {Body("1", 2, 3, Records("a1 a2"))};
  CHECK_FALSE(platform.ReadAll().ok());
}

TEST_CASE("pages with the same numbers in any order are a failure") {
  Platform platform{{"a1 b2", "b2 a1"}, 4};
  CHECK(platform.FailureDetail().find("page 2: it has the same numbers") == 0);
}

TEST_CASE("numbers of two tenants can have the same ids") {
  Platform platform{{"a1 a2", "b1 b2"}, 4};
  CHECK(platform.ReadAll().ok());
}

TEST_CASE("pages of numbers without any identity are different") {
  Platform platform{{"", ""}, 2};
  platform.first = {Body("1", 2, 2, R"({"tenantId":"a"})"),
                    Body("2", 2, 2, R"({"tenantId":"a"})")};
  CHECK(platform.ReadAll().ok());
}

TEST_CASE("a page that names another one is a failure") {
  Platform platform{{"a1", "a2"}, 2};
  platform.says_page_1 = true;
  CHECK(platform.FailureDetail().find("ignores PageNumber") !=
        std::string::npos);
}

TEST_CASE("a page that fails is named, and fails the whole") {
  Platform platform{{"a1", "a2"}, 2};
  platform.first = {Body("1", 2, 2, Records("a1")), "down"};
  CHECK(platform.FailureDetail() == "page 2: it is down");
}

TEST_CASE("a page without totals is a failure") {
  Platform platform{{"a1"}, 1};
  platform.first = {R"({"data":[]})"};
  CHECK(platform.FailureDetail().find("no sensible totalPages") !=
        std::string::npos);
  platform.requests = 0;
  platform.first = {Body("1", 2'000'000, 1, "")};
  CHECK(platform.FailureDetail().find("no sensible totalPages") !=
        std::string::npos);
}

TEST_CASE("pages that are not read in time are a failure") {
  Platform platform{{"a1", "a2"}, 2};
  const auto read = platform.ReadAll(Deadline::At(SteadyTime::min()));
  REQUIRE_FALSE(read.ok());
  CHECK(read.error().kind == Failure::Kind::kTimeout);
  CHECK(read.error().detail == "1 of 2 pages were read in time");
}

TEST_CASE("elements that are not objects count, also for the sum") {
  Platform platform{{"a1"}, 2};
  platform.first = {Body("1", 1, 2, Records("a1") + ",null")};
  CHECK(platform.ReadAll().ok());
  CHECK(platform.malformed == 1);
}

}  // namespace
}  // namespace operator_connect::live_platform
