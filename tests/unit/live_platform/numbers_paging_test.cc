#include "exporter/live_platform/numbers_paging.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/records_reader.h"

namespace operator_connect::live_platform {
namespace {

std::string PageOf(const std::string& records) {
  return R"({"currentPage":2,"totalPages":3,"totalRecords":7,"data":[)" +
         records + "]}";
}

struct Pages {
  NumbersPageReader::Places places = {{"a", 0}, {"b", 1}};
  NumbersMet met;
  NumbersPageReader reader{places, met};

  void Read(int page, const std::string& records) {
    reader.Expect(page);
    REQUIRE_FALSE(ReadBody(reader, PageOf(records)).has_value());
  }
  std::uint64_t NumbersAt(std::size_t place) const {
    const auto found = reader.tallies().find(place);
    return found == reader.tallies().end() ? 0 : found->second.Total().numbers;
  }
};

TEST_CASE("a page's numbers are tallied by tenant") {
  Pages pages;
  pages.Read(1, R"({"tenantId":"A","id":1},{"tenantId":"b","id":2},)"
                R"({"tenantId":"b","id":3})");
  CHECK(pages.NumbersAt(0) == 1);
  CHECK(pages.NumbersAt(1) == 2);
  CHECK(pages.reader.fresh() == 3);
  CHECK(pages.reader.current_page() == 2);
  CHECK(pages.reader.total_pages() == 3);
  CHECK(pages.reader.total_records() == 7);
}

TEST_CASE("numbers of tenants that are not wanted are told, not tallied") {
  Pages pages;
  pages.Read(1, R"({"tenantId":"c","id":1},{"id":2},{"tenantId":"a","id":3})");
  CHECK(pages.reader.unwanted() == 1);
  CHECK(pages.reader.nameless() == 1);
  CHECK(pages.reader.fresh() == 3);
  CHECK(pages.NumbersAt(0) == 1);
}

TEST_CASE("a number that is met on two pages counts on the first") {
  Pages pages;
  pages.Read(1, R"({"tenantId":"a","id":1})");
  pages.Read(2, R"({"tenantId":"a","id":1},{"tenantId":"a","id":2})");
  CHECK(pages.NumbersAt(0) == 1);
  CHECK(pages.reader.fresh() == 1);
}

TEST_CASE("a number that is met twice on one page counts once") {
  Pages pages;
  pages.Read(1, R"({"tenantId":"a","id":1},{"tenantId":"a","id":1})");
  CHECK(pages.NumbersAt(0) == 1);
}

TEST_CASE("a page that is read again counts its numbers again") {
  Pages pages;
  pages.Read(1, R"({"tenantId":"a","id":1},{"tenantId":"a","id":2})");
  pages.Read(1, R"({"tenantId":"a","id":1},{"tenantId":"a","id":2})");
  CHECK(pages.NumbersAt(0) == 2);
  CHECK(pages.reader.fresh() == 2);
}

TEST_CASE("a number without id and telephone number always counts") {
  Pages pages;
  pages.Read(1, R"({"tenantId":"a"},{"tenantId":"a"})");
  CHECK(pages.NumbersAt(0) == 2);
}

TEST_CASE("totals of the page before are forgotten") {
  Pages pages;
  pages.Read(1, "");
  REQUIRE_FALSE(ReadBody(pages.reader, R"({"data":[]})").has_value());
  CHECK_FALSE(pages.reader.current_page().has_value());
  CHECK_FALSE(pages.reader.total_pages().has_value());
  CHECK_FALSE(pages.reader.total_records().has_value());
}

TEST_CASE("all that was met is remembered while the table grows") {
  constexpr std::uint64_t kNumbers = 10'000;
  NumbersMet met;
  const std::uint32_t first = met.BeginAttempt(1);
  const std::uint32_t second = met.BeginAttempt(2);
  std::uint64_t counted = 0;
  // 0 marks a free place of the table, and is an identity as any other.
  for (std::uint64_t i = 0; i < kNumbers; ++i) {
    counted += met.Meet(i * 0x9E3779B97F4A7C15u, first) ? 1 : 0;
  }
  CHECK(counted == kNumbers);
  for (std::uint64_t i = 0; i < kNumbers; ++i) {
    counted += met.Meet(i * 0x9E3779B97F4A7C15u, second) ? 1 : 0;
  }
  CHECK(counted == kNumbers);
}

TEST_CASE("what pages say of a tenant adds up") {
  using Kind = NumberCount::Kind;
  const auto at = [](int seconds) {
    return WallTime(std::chrono::seconds(seconds));
  };
  TenantNumbers sum;
  AddUp({.counts = {{Kind::kStatus, 1, 0, 2}, {Kind::kAcquired, 1, 3, 2}},
         .numbers = 2,
         .never_checked = 1,
         .failed = 1,
         .oldest_check = at(20)},
        sum);
  AddUp({.counts = {{Kind::kStatus, 1, 0, 4}, {Kind::kStatus, 2, 0, 1}},
         .numbers = 5,
         .never_checked = 0,
         .failed = 2,
         .oldest_check = at(10)},
        sum);
  AddUp({.counts = {},
         .numbers = 0,
         .never_checked = 0,
         .failed = 0,
         .oldest_check = {}},
        sum);
  CHECK(sum.numbers == 7);
  CHECK(sum.never_checked == 1);
  CHECK(sum.failed == 3);
  CHECK(sum.oldest_check == at(10));
  REQUIRE(sum.counts.size() == 3);
  CHECK(sum.counts[0].numbers == 6);
  CHECK(sum.counts[1].numbers == 2);
  CHECK(sum.counts[2].numbers == 1);
}

}  // namespace
}  // namespace operator_connect::live_platform
