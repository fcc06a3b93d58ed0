#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/integration/fixture.h"

// The life of tenants with a platform that fails, forgets and removes.
namespace operator_connect::integration {

using namespace std::chrono_literals;

namespace {

double Changes(const std::string& text, const char* change) {
  return Value(text, "operator_connect_tenant_lifecycle_changes_total",
               {{"change", change}});
}

double Tenants(const std::string& text, const char* state) {
  return Value(text, "operator_connect_tenants_by_lifecycle",
               {{"state", state}});
}

Samples Since(const std::string& text) {
  return simulator::ParseExposition(
      text, {"operator_connect_tenant_lifecycle_since_timestamp_seconds"});
}

std::string ScrapeNext(Stack& stack) {
  stack.PassInterval();
  return stack.Scrape();
}

// Removes the first `count` tenants, which have one lead each.
void Remove(Stack& stack, std::size_t count) {
  stack.estate().Change([&](simulator::EstateData& data) {
    for (std::size_t i = 0; i < count; ++i) {
      data.leads[i].status = "Removed";
      data.leads[i].raw_record.clear();
    }
  });
}

// Makes thirty tenants with a lead and a license each.
void MakeCustomers(Stack& stack) {
  stack.estate().Change([](simulator::EstateData& data) {
    const simulator::Lead model = data.leads.front();
    data.leads.assign(30, model);
    for (std::size_t i = 0; i < data.leads.size(); ++i) {
      simulator::Lead& lead = data.leads[i];
      const std::string digits = std::to_string(100 + i);
      lead.id = "aaaaaaaa-0000-4000-8000-000000000" + digits;
      lead.tenant_id = "bbbbbbbb-0000-4000-8000-000000000" + digits;
      lead.ump_customer_guid = "cccccccc-0000-4000-8000-000000000" + digits;
      lead.status = "Active";
      lead.raw_record.clear();
    }
  });
}

}  // namespace

TEST_CASE("a platform that is down for two hours changes no tenant's life") {
  CheckedStack stack;
  MakeCustomers(stack);
  stack.Start();
  const std::string before = stack.Scrape();
  CHECK(Tenants(before, "licensed") == 30);
  const auto fault =
      stack.simulator.AddFault(Fault::Status(Match::Leads(), 503));
  Remove(stack, 3);
  std::string down;
  for (int i = 0; i < 3; ++i) {
    stack.clock.Pass(45min);
    down = stack.Scrape();
  }
  CHECK(Value(down, "operator_connect_up") == 0);
  CHECK(Tenants(down, "licensed") == -1);  // withdrawn by max_age
  CHECK(Since(down) == Since(before));     // never withdrawn
  CHECK(Changes(down, "removed") == 0);

  stack.simulator.RemoveFault(fault);
  const std::string after = ScrapeNext(stack);
  CHECK(Changes(after, "removed") == 3);
  CHECK(Tenants(after, "removed") == 3);
  CHECK(Tenants(after, "licensed") == 27);
  CHECK(Value(after, "operator_connect_tenants_changed_recently",
              {{"state", "removed"}, {"within", "1h"}}) == 3);
  int now = 0;
  for (const auto& [name, since] : Since(after)) {
    if (name.find("state=\"removed\"") == std::string::npos) continue;
    CHECK(since == ToUnixSeconds(stack.clock.Wall()));
    ++now;
  }
  CHECK(now == 3);
}

TEST_CASE("an empty list is read once more before tenants vanish") {
  CheckedStack stack;
  MakeCustomers(stack);
  stack.Start();
  const std::string before = stack.Scrape();
  stack.simulator.AddFault(Fault::Body(Match::Leads().Times(1), "[]"));
  const std::string once = ScrapeNext(stack);
  CHECK(Changes(once, "vanished") == 0);
  CHECK(Since(once) == Since(before));

  const auto fault =
      stack.simulator.AddFault(Fault::Body(Match::Leads(), "[]"));
  const std::string gone = ScrapeNext(stack);
  CHECK(Changes(gone, "vanished") == 30);
  CHECK(Tenants(gone, "vanished") == 30);
  CHECK(Value(gone, "operator_connect_up") == 1);

  stack.simulator.RemoveFault(fault);
  const std::string back = ScrapeNext(stack);
  CHECK(Changes(back, "returned") == 30);
  CHECK(Tenants(back, "vanished") == 0);
  CHECK(Since(back) == Since(before));  // the old times
  CHECK(Changes(back, "licensed") == 0);
}

TEST_CASE("a removal before the first collection is no change") {
  CheckedStack stack;
  MakeCustomers(stack);
  Remove(stack, 4);
  stack.Start();
  const std::string text = stack.Scrape();
  CHECK(Tenants(text, "removed") == 4);
  for (const char* change : {"removed", "licensed", "consented"}) {
    CHECK(Changes(text, change) == 0);
  }
}

}  // namespace operator_connect::integration
