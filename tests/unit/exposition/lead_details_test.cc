#include "exporter/exposition/lead_details.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "exporter/exposition/leads_samples.h"
#include "tests/support/samples.h"

namespace operator_connect::exposition {
namespace {

using live_platform::Lead;
using std::chrono::hours;

Lead LeadOf(const std::string& id, const std::string& tenant,
            std::string_view status, bool licensed) {
  Lead lead = MakeLead(id, status);
  lead.tenant_id = tenant;
  lead.licensed = licensed;
  lead.consented = kNow - hours(48);
  return lead;
}

// The label `licensed` of each shown lead.
std::string Licensed(const std::vector<Lead>& leads,
                     const config::Account& account = Emea()) {
  std::string values;
  for (const std::string& line :
       Of(WriteLeads(account, leads, kNow), Family::kLeadInfo)) {
    const std::size_t at = line.find("licensed=\"") + 10;
    values += line.substr(at, line.find('"', at) - at) + ' ';
  }
  return values;
}

TEST_CASE("an unlicensed lead of a licensed tenant is labelled so") {
  CHECK(Licensed({LeadOf("1", "a", "Active", true),
                  LeadOf("2", "a", "Active", false),
                  LeadOf("3", "b", "Active", false)}) ==
        "true other_lead false ");
}

TEST_CASE("a licensed lead that is Removed does not license others") {
  CHECK(Licensed({LeadOf("1", "a", "Removed", true),
                  LeadOf("2", "a", "Active", false)}) == "true false ");
}

TEST_CASE("leads without a tenant do not license others") {
  CHECK(Licensed({LeadOf("1", "", "Active", true),
                  LeadOf("2", "", "Active", false)}) == "true false ");
}

TEST_CASE("only tenants without a licensed lead have waiting leads") {
  const Samples samples = WriteLeads(
      Emea(),
      {LeadOf("1", "a", "Active", true), LeadOf("2", "a", "Active", false)},
      kNow);
  CHECK(Of(samples, Family::kUnlicensedLeadsWaiting)[0] ==
        R"(longer_than="1d"} 0)");
  CHECK(Of(samples, Family::kOldestUnlicensedLead).empty());
  CHECK(Has(Of(samples, Family::kUnlicensedLeads), R"(status="Active"} 1)"));
}

TEST_CASE("a lead of a licensed tenant needs attention if its sync failed") {
  const std::vector<Lead> leads = {LeadOf("1", "a", "Active", true),
                                   LeadOf("2", "a", "Active", false)};
  const LicensedTenants licensed(leads);
  CHECK_FALSE(NeedsAttention(leads[1], licensed, hours(1), kNow));
  Lead failed = leads[1];
  failed.direct = true;
  CHECK(NeedsAttention(failed, licensed, hours(1), kNow));
}

TEST_CASE("a lead needs attention by these rules") {
  struct Row {
    const char* status;
    bool licensed, direct, has_addresses;
    std::optional<int> days;  // since its last modification
    bool needs;
  };
  for (const Row& row : std::initializer_list<Row>{
           {"Active", true, false, false, 1, false},
           {"Active", false, false, false, 1, true},
           {"Active", true, true, true, 1, false},
           {"Active", true, true, false, 1, true},
           {"New", false, false, false, {}, true},
           {"Not Active", true, false, false, 999, false},
           {"Removed", false, true, false, 30, true},
           {"Removed", false, true, false, 31, false},
           {"Removed", true, false, false, 1, true},
           {"Removed", true, false, false, {}, false}}) {
    Lead lead = MakeLead("1", row.status);
    lead.licensed = row.licensed;
    lead.direct = row.direct;
    lead.has_addresses = row.has_addresses;
    if (row.days) lead.modified = kNow - hours(24 * *row.days);
    CAPTURE(row.status);
    CAPTURE(row.licensed);
    CHECK(NeedsAttention(lead, LicensedTenants({}), hours(24 * 30), kNow) ==
          row.needs);
  }
}

}  // namespace
}  // namespace operator_connect::exposition
