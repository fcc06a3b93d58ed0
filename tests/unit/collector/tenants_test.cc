// The tenants of leads: names, and which are asked for numbers.

#include "exporter/collector/tenants.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "exporter/exposition/leads_samples.h"
#include "tests/support/samples.h"

namespace operator_connect::collector {
namespace {

using exposition::Emea;
using exposition::kNow;
using exposition::Lines;
using exposition::MakeLead;
using live_platform::Lead;
using std::chrono::hours;

Lead LeadOf(const std::string& tenant, std::string_view status,
            const std::string& company, int hours_old) {
  Lead lead = MakeLead(company, status);
  lead.tenant_id = tenant;
  lead.tenant = "RAW-" + tenant;
  lead.company = company;
  lead.channel = "none";
  lead.modified = kNow - hours(hours_old);
  return lead;
}

Lines TenantInfo(const std::vector<Lead>& leads) {
  return Of(exposition::WriteLeads(Emea(), leads, kNow),
            exposition::Family::kTenantInfo);
}

// The ids of the tenants to ask, each followed by a space.
std::string Asked(const std::vector<Lead>& leads,
                  const config::Account& account = Emea()) {
  std::string ids;
  for (const Tenant& tenant : TenantsOf(account, leads).customers) {
    ids += tenant.id + ' ';
  }
  return ids;
}

// The same for tenants whose leads are all Removed; "none": they are no
// orphans.
std::string Removed(const std::vector<Lead>& leads,
                    const config::Account& account = Emea()) {
  const Tenants tenants = TenantsOf(account, leads);
  if (!tenants.removed) return "none";
  std::string ids;
  for (const Tenant& tenant : *tenants.removed) ids += tenant.id + ' ';
  return ids;
}

TEST_CASE("a tenant has the name of its newest lead, in any order") {
  std::vector<Lead> leads = {LeadOf("a", "Active", "old", 9),
                             LeadOf("a", "Not Active", "new", 1)};
  const Lines expected = {
      R"(tenant_id="a",company="new",channel="none",company_size=""} 1)"};
  CHECK(TenantInfo(leads) == expected);
  std::swap(leads[0], leads[1]);
  CHECK(TenantInfo(leads) == expected);
}

TEST_CASE("a lead that is not Removed comes before a newer Removed one") {
  CHECK(
      TenantInfo({LeadOf("a", "Removed", "removed", 1),
                  LeadOf("a", "Active", "there", 9)}) ==
      Lines{
          R"(tenant_id="a",company="there",channel="none",company_size=""} 1)"});
}

TEST_CASE("among Removed leads the newest one counts") {
  CHECK(
      TenantInfo({LeadOf("a", "Removed", "old", 9),
                  LeadOf("a", "Removed", "new", 1)}) ==
      Lines{
          R"(tenant_id="a",company="new",channel="none",company_size=""} 1)"});
}

TEST_CASE("a lead that was never modified is as old as its consent") {
  Lead consented = LeadOf("a", "Active", "consented", 0);
  consented.modified.reset();
  consented.consented = kNow - hours(1);
  Lead undated = LeadOf("a", "Active", "undated", 0);
  undated.modified.reset();
  CHECK(
      TenantInfo({undated, LeadOf("a", "Active", "old", 9), consented}) ==
      Lines{
          R"(tenant_id="a",company="consented",channel="none",company_size=""} 1)"});
}

TEST_CASE("each tenant is listed once, a lead without a tenant never") {
  CHECK(
      TenantInfo({LeadOf("a", "Active", "A", 1),
                  LeadOf("", "Active", "nobody", 1),
                  LeadOf("b", "Active", "B", 1)}) ==
      Lines{R"(tenant_id="a",company="A",channel="none",company_size=""} 1)",
            R"(tenant_id="b",company="B",channel="none",company_size=""} 1)"});
}

TEST_CASE("a tenant has a name even if no lead has details") {
  config::Account account = Emea();
  account.leads.details = config::LeadDetails::kNone;
  CHECK(
      Of(exposition::WriteLeads(account, {LeadOf("a", "Active", "A", 1)}, kNow),
         exposition::Family::kTenantInfo)
          .size() == 1);
}

TEST_CASE("a tenant is asked once, with its id as the platform wrote it") {
  const std::vector<Tenant> tenants =
      TenantsOf(Emea(),
                {LeadOf("a", "Active", "1", 1), LeadOf("a", "Active", "2", 1)})
          .customers;
  REQUIRE(tenants.size() == 1);
  CHECK(tenants[0].id == "a");
  CHECK(tenants[0].raw == "RAW-a");
}

TEST_CASE("a tenant is asked if any lead's status is not excluded") {
  const std::vector<Lead> leads = {
      LeadOf("a", "Removed", "1", 1), LeadOf("a", "unknown", "2", 1),
      LeadOf("b", "Removed", "3", 1), LeadOf("c", "New", "4", 1),
      LeadOf("", "Active", "5", 1)};
  CHECK(Asked(leads) == "a c ");
  config::Account account = Emea();
  account.numbers.exclude_statuses = {};
  CHECK(Asked(leads, account) == "a b c ");
  account.numbers.exclude_statuses = {"Removed", "New"};
  CHECK(Asked(leads, account) == "a ");
  account.numbers.exclude_statuses = {"removed", "New"};
  CHECK(Asked(leads, account) == "a ");
}

TEST_CASE("with a channel, tenants of other channels are not asked") {
  Lead mine = LeadOf("a", "Active", "1", 1);
  mine.attached = true;
  mine.channels = {7};
  Lead other = LeadOf("b", "Active", "2", 1);
  other.attached = true;
  other.channels = {8};
  const Lead none = LeadOf("c", "Active", "3", 1);
  config::Account account = Emea();
  CHECK(Asked({mine, other, none}, account) == "a b c ");
  account.channel_id = 7;
  CHECK(Asked({mine, other, none}, account) == "a c ");
}

TEST_CASE("a tenant whose leads are all Removed is no customer") {
  const std::vector<Lead> leads = {
      LeadOf("a", "Removed", "1", 1), LeadOf("a", "Not Active", "2", 1),
      LeadOf("b", "Removed", "3", 1), LeadOf("b", "Removed", "4", 1),
      LeadOf("", "Removed", "5", 1)};
  CHECK(Removed(leads) == "b ");
  CHECK(TenantsOf(Emea(), leads).removed->front().raw == "RAW-b");
  config::Account account = Emea();
  account.numbers.exclude_statuses = {"removed", "Not Active"};
  CHECK(Removed(leads, account) == "b ");
  account.numbers.exclude_statuses = {"Not Active"};
  CHECK(Removed(leads, account) == "none");
  CHECK(Asked(leads, account) == "a b ");
}

TEST_CASE("with a channel, removed tenants of other channels are no orphans") {
  std::vector<Lead> leads = {
      LeadOf("a", "Removed", "1", 1), LeadOf("b", "Removed", "2", 1),
      LeadOf("c", "Removed", "3", 1), LeadOf("c", "Removed", "4", 1),
      LeadOf("d", "Removed", "5", 1), LeadOf("d", "Active", "6", 1)};
  for (const std::size_t other : {0u, 2u, 5u}) {
    leads[other].attached = true;
    leads[other].channels = {8};
  }
  leads[3].attached = true;
  leads[3].channels = {7};
  config::Account account = Emea();
  account.channel_id = 7;
  CHECK(Removed(leads, account) == "b c ");
  CHECK(Asked(leads, account).empty());
}

TEST_CASE("a tenant is unlicensed if no lead but Removed ones is licensed") {
  std::vector<Lead> leads = {
      LeadOf("a", "Active", "1", 1), LeadOf("a", "Removed", "2", 1),
      LeadOf("b", "Active", "3", 1), LeadOf("b", "Not Active", "4", 1),
      LeadOf("c", "Removed", "5", 1)};
  leads[1].licensed = true;
  leads[3].licensed = true;
  config::Account account = Emea();
  account.numbers.exclude_statuses = {};
  const std::vector<Tenant> tenants = TenantsOf(account, leads).customers;
  REQUIRE(tenants.size() == 3);
  CHECK(tenants[0].unlicensed);
  CHECK_FALSE(tenants[1].unlicensed);
  CHECK_FALSE(tenants[2].unlicensed);
}

}  // namespace
}  // namespace operator_connect::collector
