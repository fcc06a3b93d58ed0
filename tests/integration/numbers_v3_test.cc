#include <doctest/doctest.h>

#include <string>

#include "tests/integration/fixture.h"

// Version 3 of the numbers API, page by page.
namespace operator_connect::integration {

using namespace std::chrono_literals;
using simulator::Action;
using simulator::Difference;

namespace {

// A platform that is read in pages of seven.
class PagedStack : public CheckedStack {
 public:
  PagedStack() {
    account().numbers.api = config::NumbersApi::kV3;
    account().numbers.page_size = 7;
    account().leads.page_size = 100;
  }
  std::size_t Numbers() {
    std::size_t numbers = 0;
    const simulator::EstateSnapshot data = estate().Snapshot();
    for (const auto& [tenant, list] : data->numbers) {
      numbers += list.size();
    }
    return numbers;
  }
  std::size_t Pages() { return (Numbers() + 6) / 7; }
  // Tenants are asked one by one, orphans are not.
  Samples TruthOneByOne() {
    simulator::TruthSettings settings = Settings();
    settings.orphans = simulator::TruthSettings::Orphans::kNotAsked;
    return simulator::Truth(*estate().Snapshot(), settings);
  }
  // Every tenant failed for that reason, and there are no samples of numbers.
  Samples TruthWithoutNumbers(const std::string& reason) {
    simulator::TruthSettings settings = Settings();
    for (const std::string& tenant : Asked()) settings.failed[tenant] = reason;
    const simulator::EstateSnapshot data = estate().Snapshot();
    return simulator::LeadsTruth(*data, settings) +
           ShownNumbers(*data, settings);
  }
};

Fault FirstPageWithTotal(int records) {
  return Fault::Body(
      Match{simulator::Endpoint::kNumbers, {}, 1, {}},
      R"({"currentPage":1,"pageSize":7,"totalPages":1,"totalRecords":)" +
          std::to_string(records) + R"(,"data":[]})");
}

}  // namespace

TEST_CASE("all pages of numbers are read once, of all tenants together") {
  PagedStack stack;
  stack.Start();
  CHECK(Difference(stack.Truth(), stack.ScrapeEstate()) == "");
  CHECK(stack.Requests(Match::Numbers()) == stack.Pages());
}

TEST_CASE("a platform that requires msTenantId is asked tenant by tenant") {
  PagedStack stack;
  stack.platform().Configure([](simulator::PlatformOptions& options) {
    options.v3_demands_tenant = true;
  });
  stack.Start();
  CHECK(Difference(stack.TruthOneByOne(), stack.ScrapeEstate()) == "");
}

TEST_CASE("if a number does not name its tenant, tenants are asked") {
  PagedStack stack;
  CHECK(stack.estate().EditNumber(
      *stack.Asked().rbegin(), 0,
      [](simulator::Number& number) { number.tenant_id.reset(); }));
  stack.Start();
  CHECK(Difference(stack.TruthOneByOne(), stack.ScrapeEstate()) == "");
}

TEST_CASE("a sum that is not the total is read once more") {
  PagedStack stack;
  stack.Start();
  Fault fault = FirstPageWithTotal(5);
  fault.match.count = 1;
  stack.simulator.AddFault(fault);
  CHECK(Difference(stack.Truth(), stack.ScrapeEstate()) == "");
  CHECK(stack.Requests(Match::Numbers()) == stack.Pages() + 1);
}

TEST_CASE("a sum that is never the total is a failure") {
  PagedStack stack;
  stack.Start();
  stack.simulator.AddFault(FirstPageWithTotal(5));
  CHECK(Difference(stack.TruthWithoutNumbers("malformed"),
                   stack.ScrapeEstate()) == "");
  CHECK(stack.Requests(Match::Numbers()) == 2);
  CHECK(Value(stack.Peek(), "operator_connect_up") == 0);
}

TEST_CASE("a number that is listed twice counts twice, as in the total") {
  PagedStack stack;
  const std::string tenant = *stack.Asked().begin();
  stack.estate().AddNumber(tenant,
                           stack.estate().Snapshot()->numbers.at(tenant).at(0));
  stack.Start();
  CHECK(Difference(stack.Truth(), stack.ScrapeEstate()) == "");
  CHECK(stack.Requests(Match::Numbers()) == stack.Pages());
}

TEST_CASE("numbers that move to later pages, and off the end, are a failure") {
  PagedStack stack;
  stack.Start();
  stack.simulator.AddFault(Fault::Do(Match::Numbers(), Action::kShiftRecord));
  // If the last page is not full, it takes the moved number, and one number too
  // many is read: the sum differs.
  REQUIRE(stack.Numbers() % 7 != 0);
  CHECK(Difference(stack.TruthWithoutNumbers("malformed"),
                   stack.ScrapeEstate()) == "");
  CHECK(stack.Requests(Match::Numbers()) == 2 * stack.Pages());
}

TEST_CASE("one failed page is a failure of all") {
  PagedStack stack;
  stack.Start();
  stack.simulator.AddFault(
      Fault::Status(Match{simulator::Endpoint::kNumbers, {}, 2, {}}, 500));
  CHECK(Difference(stack.TruthWithoutNumbers("500"), stack.ScrapeEstate()) ==
        "");
}

TEST_CASE("a failed page leaves the last counts of all in use") {
  PagedStack stack;
  stack.Start();
  stack.Scrape();
  stack.PassInterval();
  stack.simulator.AddFault(
      Fault::Status(Match{simulator::Endpoint::kNumbers, {}, 2, {}}, 500));
  simulator::TruthSettings settings = stack.Settings();
  for (const std::string& tenant : stack.Asked()) {
    settings.stale[tenant] = "500";
  }
  CHECK(Difference(simulator::Truth(*stack.estate().Snapshot(), settings),
                   stack.ScrapeEstate()) == "");
}

TEST_CASE("a platform that ignores PageNumber of numbers is a failure") {
  PagedStack stack;
  stack.Start();
  Fault fault = Fault::Do(Match::Numbers(), Action::kCyclePages);
  fault.bytes = 1;
  stack.simulator.AddFault(fault);
  CHECK(Difference(stack.TruthWithoutNumbers("malformed"),
                   stack.ScrapeEstate()) == "");
  CHECK(stack.Requests(Match::Numbers()) <= 2 * stack.Pages());
}

}  // namespace operator_connect::integration
