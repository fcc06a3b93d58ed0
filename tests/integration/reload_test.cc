#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "tests/integration/fixture.h"

namespace operator_connect::integration {
namespace {

using namespace std::chrono_literals;
using simulator::Difference;

void Reload(Stack& stack) { stack.collector().Reconfigure(stack.config); }

// Lets every later request fail.
void BreakPlatform(Stack& stack) {
  stack.simulator.AddFault(Fault::Status(Match::Leads(), 500));
  stack.simulator.AddFault(Fault::Status(Match::Numbers(), 500));
}

TEST_CASE("another limit during an outage loses no result") {
  CheckedStack stack;
  stack.Start();
  const Samples before = stack.ScrapeEstate();
  const std::string text = stack.Peek();
  BreakPlatform(stack);
  stack.account().leads.details_limit += 1;
  Reload(stack);
  const std::string after = stack.Scrape();
  CHECK(Value(after, "operator_connect_up") == 0);
  for (const char* collector : {"leads", "numbers"}) {
    CAPTURE(collector);
    CHECK(Value(after,
                "operator_connect_collector_last_success_timestamp_seconds",
                {{"collector", collector}}) ==
          Value(text,
                "operator_connect_collector_last_success_timestamp_seconds",
                {{"collector", collector}}));
  }
  for (const char* status : {"Active", "Removed"}) {
    CHECK(Value(after, "operator_connect_leads", {{"status", status}}) ==
          Value(before, "operator_connect_leads", {{"status", status}}));
  }
  CHECK(Value(after, "operator_connect_tenants", {{"state", "stale"}}) ==
        Value(before, "operator_connect_tenants", {{"state", "ok"}}));
}

TEST_CASE("another credential is tried at once") {
  CheckedStack stack;
  stack.Start();
  stack.Scrape();
  const std::size_t asked = stack.Requests(Match::Leads());
  stack.UseBearer();
  Reload(stack);
  stack.Scrape();
  CHECK(stack.Requests(Match::Leads()) > asked);
}

TEST_CASE("another pace starts no collection") {
  CheckedStack stack;
  stack.Start();
  const Samples before = stack.ScrapeEstate();
  const std::size_t asked = stack.Requests(Match{});
  stack.account().requests_per_second = 500;
  Reload(stack);
  CHECK(Difference(before, stack.ScrapeEstate()) == "");
  CHECK(stack.Requests(Match{}) == asked);
  stack.PassInterval();
  stack.Scrape();
  CHECK(stack.Requests(Match{}) > asked);
}

TEST_CASE("other tenants drop the results") {
  CheckedStack stack;
  stack.Start();
  stack.Scrape();
  BreakPlatform(stack);
  stack.account().exclude_tenants = {*stack.Asked().begin()};
  Reload(stack);
  CHECK(Value(stack.Scrape(), "operator_connect_leads",
              {{"status", "Active"}}) == -1);
}

TEST_CASE("the pause that the platform demanded outlasts a reload") {
  CheckedStack stack;
  stack.Start();
  stack.simulator.AddFault(Fault::Status(Match::Leads(), 429, "3600"));
  stack.Scrape();
  const std::size_t asked = stack.Requests(Match::Leads());
  stack.account().leads.details_limit += 1;
  Reload(stack);
  stack.SetTimeouts(1s);
  stack.Scrape();
  CHECK(stack.Requests(Match::Leads()) == asked);
}

TEST_CASE("a collection under way at a reload is repeated") {
  CheckedStack stack;
  stack.Start();
  {
    simulator::Hold hold = stack.simulator.HoldRequests(Match{});
    stack.Peek();
    stack.account().requests_per_second = 500;
    Reload(stack);
  }
  CHECK(Difference(stack.Truth(), stack.ScrapeEstate()) == "");
}

}  // namespace
}  // namespace operator_connect::integration
