#include "exporter/exposition/leads_samples.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/support/samples.h"

namespace operator_connect::exposition {
namespace {

using live_platform::Lead;
using std::chrono::hours;
using std::chrono::nanoseconds;

Samples Write(const std::vector<Lead>& leads,
              const config::Account& account = Emea()) {
  return WriteLeads(account, leads, kNow);
}

TEST_CASE("without leads all counts are 0") {
  const Samples samples = Write({});
  const Lines statuses = {R"(status="Active"} 0)", R"(status="Not Active"} 0)",
                          R"(status="OC Essential"} 0)",
                          R"(status="Removed"} 0)"};
  CHECK(Of(samples, Family::kLeads) == statuses);
  CHECK(Of(samples, Family::kUnlicensedLeads) == statuses);
  CHECK(Of(samples, Family::kUnlicensedLeadsWaiting) ==
        Lines{R"(longer_than="1d"} 0)", R"(longer_than="7d"} 0)",
              R"(longer_than="30d"} 0)"});
  CHECK(Of(samples, Family::kDirectLeads) == Lines{"} 0"});
  CHECK(Of(samples, Family::kSyncFailures) ==
        Lines{R"(kind="civic_address"} 0)"});
}

TEST_CASE("without leads there are no series of single leads") {
  const Samples samples = Write({});
  for (const Family family :
       {Family::kOldestUnlicensedLead, Family::kLeadInfo,
        Family::kLeadConsented, Family::kLeadLastModified, Family::kTenantInfo,
        Family::kDroppedSeries, Family::kNumbers, Family::kTenants}) {
    CAPTURE(Name(family));
    CHECK(samples[family] == nullptr);
  }
}

TEST_CASE("all leads and unlicensed leads are counted by status") {
  Lead licensed = MakeLead("1", "Active");
  licensed.licensed = true;
  const Samples samples =
      Write({licensed, MakeLead("2", "Active"), MakeLead("3", "Removed"),
             MakeLead("4", "New"), MakeLead("5", "unknown")});
  CHECK(Of(samples, Family::kLeads) ==
        Lines{R"(status="Active"} 2)", R"(status="New"} 1)",
              R"(status="Not Active"} 0)", R"(status="OC Essential"} 0)",
              R"(status="Removed"} 1)", R"(status="unknown"} 1)"});
  CHECK(Has(Of(samples, Family::kUnlicensedLeads), R"(status="Active"} 1)"));
}

TEST_CASE("leads are counted by channel, beyond 32 as other") {
  std::vector<Lead> leads;
  for (int i = 10; i < 50; ++i) {
    leads.push_back(MakeLead(std::to_string(i), "Active"));
    leads.back().channel = std::to_string(i);
    leads.push_back(leads.back());
  }
  leads.push_back(MakeLead("1", "Removed"));
  leads.back().channel = "none";
  const Samples samples = Write(leads);
  const Lines lines = Of(samples, Family::kLeadsByChannel);
  CHECK(lines.size() == 33);
  CHECK(Has(lines, R"(channel="none",status="Removed"} 1)"));
  CHECK(Has(lines, R"(channel="10",status="Active"} 2)"));
  CHECK(Has(lines, R"(channel="other",status="Active"} 18)"));
  // tenant_info shows the channel, however many there are.
  CHECK(Has(Of(samples, Family::kTenantInfo),
            R"(tenant_id="t-49",company="Contoso 49",channel="49",)"
            R"(company_size=""} 1)"));
}

TEST_CASE("direct leads and their failed syncs are counted") {
  Lead synced = MakeLead("1", "Active");
  synced.direct = synced.has_addresses = true;
  Lead failed = MakeLead("2", "Active");
  failed.direct = true;
  Lead removed = MakeLead("3", "Removed");
  removed.direct = true;
  const Samples samples = Write({synced, failed, removed});
  CHECK(Of(samples, Family::kDirectLeads) == Lines{"} 3"});
  CHECK(Of(samples, Family::kSyncFailures) ==
        Lines{R"(kind="civic_address"} 1)"});
}

TEST_CASE("beyond 32 states the rarest are other, in counts and details") {
  std::vector<Lead> leads;
  for (int i = 10; i < 50; ++i) {
    leads.push_back(MakeLead(std::to_string(i), "s" + std::to_string(i)));
  }
  leads.push_back(MakeLead("99", "s49"));
  const Samples samples = Write(leads);
  const Lines lines = Of(samples, Family::kLeads);
  CHECK(lines.size() == 33);
  CHECK(Has(lines, R"(status="s49"} 2)"));
  // 40 states and 4 known ones: 12 too many.
  CHECK(Has(lines, R"(status="other"} 12)"));
  CHECK(Has(lines, R"(status="Active"} 0)"));
  std::set<std::string> shown;
  for (const std::string& line : Of(samples, Family::kLeadInfo)) {
    const std::size_t at = line.find("status=");
    shown.insert(line.substr(at, line.find(',', at) - at));
  }
  CHECK(shown.size() == 29);
}

// The number of leads that wait longer than 1, 7 and 30 days.
Lines Waiting(const Lead& lead) {
  Lines counts;
  for (const std::string& line :
       Of(Write({lead}), Family::kUnlicensedLeadsWaiting)) {
    counts.push_back(line.substr(line.find(' ') + 1));
  }
  return counts;
}

TEST_CASE("a lead waits longer than a threshold once it exceeds it") {
  Lead lead = MakeLead("1", "Active");
  for (const auto& [days, at, past] :
       {std::tuple(1, Lines{"0", "0", "0"}, Lines{"1", "0", "0"}),
        std::tuple(7, Lines{"1", "0", "0"}, Lines{"1", "1", "0"}),
        std::tuple(30, Lines{"1", "1", "0"}, Lines{"1", "1", "1"})}) {
    CAPTURE(days);
    lead.consented = kNow - hours(24 * days);
    CHECK(Waiting(lead) == at);
    lead.consented = kNow - hours(24 * days) - nanoseconds(1);
    CHECK(Waiting(lead) == past);
  }
}

TEST_CASE("a lead without a consent waits since its last modification") {
  Lead lead = MakeLead("1", "Active");
  CHECK(Waiting(lead) == Lines{"0", "0", "0"});
  lead.modified = kNow - hours(48);
  CHECK(Waiting(lead) == Lines{"1", "0", "0"});
  lead.consented = kNow;
  CHECK(Waiting(lead) == Lines{"0", "0", "0"});
}

TEST_CASE("only an unlicensed Active lead waits") {
  Lead lead = MakeLead("1", "Active");
  lead.consented = kNow - hours(1000);
  CHECK(Waiting(lead)[0] == "1");
  lead.licensed = true;
  CHECK(Waiting(lead)[0] == "0");
  lead.licensed = false;
  lead.status = "Not Active";
  CHECK(Waiting(lead)[0] == "0");
}

TEST_CASE("the oldest start of an unlicensed lead's wait is shown") {
  Lead newer = MakeLead("1", "Active");
  newer.consented = kNow - hours(1);
  Lead older = MakeLead("2", "Active");
  older.modified = WallTime(std::chrono::milliseconds(1'600'000'000'500));
  CHECK(Of(Write({newer, older}), Family::kOldestUnlicensedLead) ==
        Lines{"} 1600000000.5"});
}

TEST_CASE("a lead's details are shown") {
  Lead lead = MakeLead("1", "Active");
  lead.company = "A \"B\"\\\nC";
  lead.direct = true;
  lead.consented = WallTime(std::chrono::milliseconds(1'600'000'000'500));
  const Samples samples = Write({lead});
  CHECK(Of(samples, Family::kLeadInfo) ==
        Lines{R"(tenant_id="t-1",lead_id="1",company="A \"B\"\\\nC",)"
              R"(status="Active",licensed="false",direct="true",)"
              R"(sync_failed="true"} 1)"});
  CHECK(Of(samples, Family::kLeadConsented) ==
        Lines{R"(tenant_id="t-1",lead_id="1"} 1600000000.5)"});
  CHECK(samples[Family::kLeadLastModified] == nullptr);
}

TEST_CASE("a lead without an id is counted and has no details") {
  Lead lead = MakeLead("1", "Active");
  lead.id.clear();
  lead.modified = kNow;
  const Samples samples = Write({lead});
  CHECK(Has(Of(samples, Family::kLeads), R"(status="Active"} 1)"));
  CHECK(samples[Family::kLeadInfo] == nullptr);
  CHECK(samples[Family::kLeadLastModified] == nullptr);
}

TEST_CASE("leads with the same labels all count, and have one series") {
  std::vector<Lead> leads;
  for (const char* company : {"first", "second", "third"}) {
    leads.push_back(MakeLead("redacted", "Active"));
    leads.back().key = std::string("somebody@") + company;
    leads.back().company = company;
    leads.back().modified = kNow;
  }
  leads[2].tenant_id = "another";
  const Samples samples = Write(leads);
  CHECK(Has(Of(samples, Family::kLeads), R"(status="Active"} 3)"));
  const Lines info = Of(samples, Family::kLeadInfo);
  REQUIRE(info.size() == 2);
  CHECK(info[0].find(R"(company="first")") != std::string::npos);
  CHECK(info[1].find(R"(company="third")") != std::string::npos);
  CHECK(Of(samples, Family::kLeadLastModified).size() == 2);
}

// The ids of the leads with details, each followed by a space.
std::string Detailed(const std::vector<Lead>& leads,
                     const config::Account& account) {
  std::string ids;
  for (const std::string& line : Of(Write(leads, account), Family::kLeadInfo)) {
    const std::size_t at = line.find("lead_id=\"") + 9;
    ids += line.substr(at, line.find('"', at) - at) + ' ';
  }
  return ids;
}

TEST_CASE("leads.details selects the leads with details") {
  Lead content = MakeLead("1", "Active");
  content.licensed = true;
  const std::vector<Lead> leads = {content, MakeLead("2", "Active")};
  config::Account account = Emea();
  CHECK(Detailed(leads, account) == "1 2 ");
  account.leads.details = config::LeadDetails::kAttention;
  CHECK(Detailed(leads, account) == "2 ");
  account.leads.details = config::LeadDetails::kNone;
  CHECK(Detailed(leads, account).empty());
}

TEST_CASE("beyond details_limit attention comes first, then newest change") {
  const auto make = [](const char* id, bool licensed, int age) {
    Lead lead = MakeLead(id, "Active");
    lead.licensed = licensed;
    lead.modified = kNow - hours(age);
    return lead;
  };
  Lead undated = make("undated", false, 0);
  undated.modified.reset();
  const std::vector<Lead> leads = {
      make("good-new", true, 1), make("good-old", true, 9),
      make("bad-old", false, 9), undated, make("bad-new", false, 1)};
  config::Account account = Emea();
  account.leads.details_limit = 4;
  CHECK(Detailed(leads, account) == "bad-new bad-old undated good-new ");
  account.leads.details_limit = 2;
  const Samples samples = Write(leads, account);
  CHECK(
      Of(samples, Family::kDroppedSeries) ==
      Lines{
          R"(metric="operator_connect_lead_info"} 3)",
          R"(metric="operator_connect_lead_last_modified_timestamp_seconds"} 2)"});
}

TEST_CASE("at details_limit nothing is dropped") {
  config::Account account = Emea();
  account.leads.details_limit = 1;
  const Samples samples = Write({MakeLead("1", "Active")}, account);
  CHECK(samples[Family::kLeadInfo] != nullptr);
  CHECK(samples[Family::kDroppedSeries] == nullptr);
}

}  // namespace
}  // namespace operator_connect::exposition
