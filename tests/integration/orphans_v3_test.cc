#include <doctest/doctest.h>

#include <string>

#include "tests/integration/orphan_stack.h"

// Numbers of tenants that are no customers, by v3.
namespace operator_connect::integration {

using namespace std::chrono_literals;
using simulator::Difference;
using Orphans = simulator::TruthSettings::Orphans;

namespace {

// The same with v3, and a tenant without a lead that has four numbers.
class PagedOrphanStack : public OrphanStack {
 public:
  PagedOrphanStack() {
    account().numbers.api = config::NumbersApi::kV3;
    account().numbers.page_size = 7;
    AddNumbersOf("99999999-0000-4000-8000-000000000001");
  }
  void AddNumbersOf(const std::string& tenant) {
    estate().SetNumbers(tenant,
                        simulator::TenantNumbers::Generated(9, tenant, 4));
  }
};

}  // namespace

TEST_CASE("v3 reads orphans with all others, also those without a lead") {
  PagedOrphanStack stack;
  stack.Remove(1);
  stack.AddNumbersOf("99999999-0000-4000-8000-000000000002");
  stack.AddNumbersOf("99999999-0000-4000-8000-000000000003");
  stack.account().exclude_tenants = {"99999999-0000-4000-8000-000000000003"};
  stack.Start();
  const std::string text = stack.Scrape();
  CHECK(Difference(stack.Truth(), EstateOf(text)) == "");
  CHECK(Removed(text) == 10);
  CHECK(Orphaned(text, "no_lead") == 8);
}

TEST_CASE("v3 reads orphans even without customers") {
  PagedOrphanStack stack;
  for (std::size_t i = 0; i < 8; ++i) stack.Remove(i);
  stack.Start();
  CHECK(Difference(stack.Truth(), stack.ScrapeEstate()) == "");
  CHECK(Removed(stack.Peek()) == 80);
}

TEST_CASE("in v3 orphans that cannot be read are withdrawn with all others") {
  PagedOrphanStack stack;
  stack.Remove(1);
  stack.Start();
  stack.Scrape();
  stack.Fail(Match::Numbers());
  stack.clock.Pass(2h);
  std::string text = stack.Scrape();
  CHECK(Removed(text) == 10);
  CHECK(Orphaned(text, "no_lead") == 4);
  stack.clock.Pass(1ns);
  text = stack.Peek();
  CHECK(Removed(text) == -1);
  CHECK(Orphaned(text, "no_lead") == -1);
  CHECK(Orphaned(text, "unlicensed") == -1);
}

TEST_CASE("in v3 a tenant that has a lead now is no orphan") {
  PagedOrphanStack stack;
  stack.Start();
  CHECK(Orphaned(stack.Scrape(), "no_lead") == 4);
  simulator::Lead lead;
  lead.id = "new";
  lead.tenant_id = "99999999-0000-4000-8000-000000000001";
  stack.estate().AddLead(lead);
  stack.Fail(Match::Numbers());
  CHECK(Orphaned(stack.ScrapeLeadsThenNumbers(), "no_lead") == 0);
}

TEST_CASE("if v3 requires msTenantId removed tenants are asked as in v2") {
  PagedOrphanStack stack;
  stack.platform().Configure([](simulator::PlatformOptions& options) {
    options.v3_demands_tenant = true;
  });
  stack.Remove(1);
  stack.Start();
  stack.Scrape();
  REQUIRE(stack.ShowsRemoved(10));
  simulator::TruthSettings settings = stack.Settings();
  settings.orphans = Orphans::kRemoved;
  CHECK(Difference(simulator::Truth(*stack.estate().Snapshot(), settings),
                   EstateOf(stack.Peek())) == "");
}

}  // namespace operator_connect::integration
