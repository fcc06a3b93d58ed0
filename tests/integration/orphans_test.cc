#include <doctest/doctest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/orphan_stack.h"

// Numbers of tenants that are no customers, asked one by one.
namespace operator_connect::integration {

using namespace std::chrono_literals;
using simulator::Difference;

TEST_CASE("removed tenants are asked after all others, and count separately") {
  OrphanStack stack;
  stack.Remove(1);
  stack.Remove(3);
  stack.SetNumbers(3, 4);
  stack.Start();
  stack.Scrape();
  REQUIRE(stack.ShowsRemoved(14));
  CHECK(Difference(stack.Truth(), EstateOf(stack.Peek())) == "");
  const auto requests = stack.simulator.requests().List(Match::Numbers());
  REQUIRE(requests.size() == 8);
  const std::set<std::string> last = {requests[6].tenant_id(),
                                      requests[7].tenant_id()};
  CHECK(last == std::set<std::string>{stack.tenants[1], stack.tenants[3]});
}

TEST_CASE("a scrape with enough time waits for removed tenants") {
  OrphanStack stack;
  stack.Remove(1);
  stack.Start();
  simulator::Hold hold =
      stack.simulator.HoldRequests(Match::NumbersOf(stack.tenants[1]));
  std::thread release([&hold] {
    CHECK(hold.WaitForHeld(1, Deadline::After(kLong)));
    hold.Release();
  });
  CHECK(Removed(stack.Scrape()) == 10);
  release.join();
}

TEST_CASE("removed tenants are asked once per interval") {
  OrphanStack stack;
  stack.Remove(1);
  stack.Start();
  stack.Scrape();
  REQUIRE(stack.ShowsRemoved(10));
  stack.SetNumbers(1, 3);
  stack.clock.Pass(23h);
  CHECK(Removed(stack.Scrape()) == 10);
  // Customers have been asked twice.
  REQUIRE(stack.Asks(0) == 2);
  CHECK(stack.AsksAfter(1h, 1, 2));
  CHECK(stack.ShowsRemoved(3));
}

TEST_CASE("without removed tenants there are zero orphans at once") {
  OrphanStack stack;
  stack.Start();
  CHECK(Difference(stack.Truth(), stack.ScrapeEstate()) == "");
  CHECK(Removed(stack.Peek()) == 0);
}

TEST_CASE("removed tenants are not shown before each of them was asked") {
  OrphanStack stack;
  stack.Remove(1);
  stack.Remove(3);
  stack.Start();
  simulator::Hold hold =
      stack.simulator.HoldRequests(Match::NumbersOf(stack.tenants[3]));
  stack.Peek();
  REQUIRE(hold.WaitForHeld(1, Deadline::After(kLong)));
  CHECK(Removed(stack.Peek()) == -1);
  CHECK(Value(stack.Peek(), "operator_connect_tenant_orphan_numbers",
              {{"tenant_id", stack.tenants[1]}, {"reason", "removed"}}) == -1);
  hold.Release();
  CHECK(stack.ShowsRemoved(20));
}

TEST_CASE("a removed tenant that hangs delays no collection") {
  constexpr char kOldest[] =
      "operator_connect_oldest_tenant_numbers_timestamp_seconds";
  OrphanStack stack;
  stack.account().concurrency = 2;  // one slot for numbers
  stack.Remove(1);
  stack.Start();
  simulator::Hold hold =
      stack.simulator.HoldRequests(Match::NumbersOf(stack.tenants[1]));
  for (std::size_t round = 1; round <= 3; ++round) {
    CHECK(stack.ScrapeUntil([&](const Samples& shown) {
      return Value(shown, "operator_connect_tenants", {{"state", "ok"}}) == 7 &&
             Value(shown, kOldest) == ToUnixSeconds(stack.clock.Wall()) &&
             Value(shown, "operator_connect_up") == 1;
    }));
    REQUIRE(stack.WaitForAsks(1, round));
    stack.PassInterval();
  }
  hold.Release();
  stack.Scrape();
  CHECK(stack.ShowsRemoved(10));
}

TEST_CASE("a removed tenant that fails counts as zero, and harms no other") {
  OrphanStack stack;
  stack.Remove(1);
  stack.Remove(3);
  stack.Start();
  stack.Fail(Match::NumbersOf(stack.tenants[1]));
  stack.Scrape();
  REQUIRE(stack.ShowsRemoved(10));
  simulator::TruthSettings settings = stack.Settings();
  settings.failed_orphans = {stack.tenants[1]};
  const std::string text = stack.Peek();
  CHECK(Difference(simulator::Truth(*stack.estate().Snapshot(), settings),
                   EstateOf(text)) == "");
  CHECK(Value(text, "operator_connect_up") == 1);
  CHECK(Value(text, "operator_connect_collector_success",
              {{"collector", "numbers"}}) == 1);
}

TEST_CASE("a removed tenant that fails keeps its last count for a time") {
  OrphanStack stack;
  stack.Remove(1);
  stack.Remove(3);
  stack.Start();
  stack.Scrape();
  REQUIRE(stack.ShowsRemoved(20));
  stack.SetNumbers(3, 4);
  stack.Fail(Match::NumbersOf(stack.tenants[1]));
  REQUIRE(stack.AsksAfter(24h, 1, 2));
  CHECK(stack.ShowsRemoved(14));
  // Its count is a day and max_age old, the other's is younger.
  stack.clock.Pass(2h);
  CHECK(Removed(stack.Scrape()) == 14);
  stack.clock.Pass(1ns);
  CHECK(Removed(stack.Peek()) == 4);
}

TEST_CASE("if every removed tenant fails there is no zero") {
  OrphanStack stack;
  stack.Remove(1);
  stack.Fail(Match::NumbersOf(stack.tenants[1]));
  stack.Start();
  stack.Scrape();
  REQUIRE(stack.ScrapeUntil([&](const Samples&) {
    return stack.outlet.Text().find("numbers of removed tenants") !=
           std::string::npos;
  }));
  // The next collection begins after the end of that.
  stack.PassInterval();
  CHECK(Removed(stack.Scrape()) == -1);
  CHECK(stack.Asks(1) == 1);
}

TEST_CASE("orphans are withdrawn after their interval and max_age") {
  OrphanStack stack;
  stack.Remove(1);
  stack.Start();
  stack.Scrape();
  REQUIRE(stack.ShowsRemoved(10));
  // After a failed collection no removed tenant is asked.
  stack.Fail(Match::Numbers());
  stack.clock.Pass(24h + 2h);
  CHECK(Removed(stack.Scrape()) == 10);
  CHECK(stack.Asks(1) == 1);
  stack.clock.Pass(1ns);
  CHECK(Removed(stack.Peek()) == -1);
}

TEST_CASE("a tenant that becomes Removed keeps its last count") {
  OrphanStack stack;
  stack.Start();
  CHECK(Removed(stack.Scrape()) == 0);
  stack.Remove(1);
  stack.Fail(Match::NumbersOf(stack.tenants[1]));
  const std::string text = stack.ScrapeLeadsThenNumbers();
  CHECK(Removed(text) == 10);
  CHECK(Difference(stack.Truth(), EstateOf(text)) == "");
}

TEST_CASE("with an interval of 0s removed tenants are never asked") {
  OrphanStack stack;
  stack.account().numbers.removed_tenants_interval = 0s;
  stack.Remove(1);
  stack.Start();
  CHECK(Difference(stack.Truth(), stack.ScrapeEstate()) == "");
  stack.PassInterval();
  CHECK(Removed(stack.Scrape()) == -1);
  CHECK(stack.Asks(1) == 0);
}

TEST_CASE("without Removed excluded removed tenants are customers") {
  OrphanStack stack;
  stack.account().numbers.exclude_statuses = {};
  stack.Remove(1);
  stack.Start();
  CHECK(Difference(stack.Truth(), stack.ScrapeEstate()) == "");
  CHECK(Removed(stack.Peek()) == -1);
  CHECK(Value(stack.Peek(), "operator_connect_tenants", {{"state", "ok"}}) ==
        8);
}

TEST_CASE("excluded tenants and those of other channels are no orphans") {
  OrphanStack stack;
  for (std::size_t i = 0; i < 8; ++i) {
    stack.Change(stack.tenants[i], [&](simulator::Lead& lead) {
      lead.ovoc_channel_id = i == 3 ? 8 : 7;
    });
  }
  for (const std::size_t tenant : {1u, 3u, 5u}) stack.Remove(tenant);
  stack.account().channel_id = 7;
  stack.account().exclude_tenants = {stack.tenants[1]};
  stack.Start();
  stack.Scrape();
  REQUIRE(stack.ShowsRemoved(10));
  CHECK(Difference(stack.Truth(), EstateOf(stack.Peek())) == "");
  CHECK(stack.Asks(1) + stack.Asks(3) == 0);
}

TEST_CASE("numbers of unlicensed tenants also count elsewhere") {
  OrphanStack stack;
  stack.Change(stack.tenants[1],
               [](simulator::Lead& lead) { lead.ump_customer_guid.reset(); });
  stack.Start();
  const std::string text = stack.Scrape();
  CHECK(Difference(stack.Truth(), EstateOf(text)) == "");
  CHECK(Value(text, "operator_connect_tenant_orphan_numbers",
              {{"tenant_id", stack.tenants[1]}, {"reason", "unlicensed"}}) ==
        10);
}

TEST_CASE("orphans by tenant keep to the limit of series") {
  OrphanStack stack;
  for (const std::size_t tenant : {1u, 3u, 5u}) stack.Remove(tenant);
  stack.SetNumbers(3, 12);
  stack.account().numbers.tenant_series_limit = 1;
  stack.Start();
  stack.Scrape();
  REQUIRE(stack.ShowsRemoved(32));
  CHECK(Difference(stack.Truth(), EstateOf(stack.Peek())) == "");
}

TEST_CASE("a change of only the interval keeps the orphans' counts") {
  OrphanStack stack;
  stack.Remove(1);
  stack.Start();
  stack.Scrape();
  REQUIRE(stack.ShowsRemoved(10));
  stack.account().numbers.removed_tenants_interval = 48h;
  stack.collector().Reconfigure(stack.config);
  CHECK(Removed(stack.Peek()) == 10);
  stack.clock.Pass(30h);
  stack.Scrape();
  CHECK(stack.Asks(1) == 1);
}

}  // namespace operator_connect::integration
