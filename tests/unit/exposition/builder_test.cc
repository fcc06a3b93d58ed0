#include "exporter/exposition/builder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "exporter/base/utf8.h"
#include "exporter/exposition/exporter_metrics.h"
#include "exporter/exposition/leads_samples.h"
#include "exporter/exposition/numbers_samples.h"
#include "exporter/exposition/request_metrics.h"
#include "exporter/exposition/sample_writer.h"
#include "tests/support/exposition_text.h"

namespace operator_connect::exposition {
namespace {

// The samples of an account with `leads` leads and one tenant.
AccountSamples Expose(const std::string& name, int leads) {
  config::Account account = Emea();
  account.name = name;
  std::vector<live_platform::Lead> all;
  for (int i = 0; i < leads; ++i) {
    all.push_back(MakeLead(std::to_string(i), i % 2 ? "Active" : "New"));
    all.back().modified = kNow;
  }
  NumbersSnapshot snapshot;
  snapshot.tenants.resize(1);
  snapshot.tenants[0].id = "t-0";
  snapshot.tenants[0].read_at = SteadyTime();
  AccountSamples exposed;
  exposed.samples[0] = WriteLeads(account, all, kNow);
  exposed.samples[1] =
      WriteNumbers(account, snapshot, std::chrono::hours(1), SteadyTime())
          .samples;
  SampleWriter up(Family::kUp, name);
  up.Add().Value(std::uint64_t{1});
  exposed.samples[2][Family::kUp] = up.Finish();
  exposed.requests = RequestMetrics(name).Collect();
  return exposed;
}

std::string Build(Format format, int leads) {
  ExpositionBuilder builder(format);
  std::vector<AccountSamples> accounts;
  accounts.push_back(Expose("emea", leads));
  accounts.push_back(Expose("apac", leads));
  builder.AddAccounts(std::move(accounts));
  builder.AddFamilies(CollectExporterMetrics({true, kNow}, std::nullopt));
  return Join(builder.Finish());
}

TEST_CASE("no family and no series is repeated, even for several accounts") {
  // Few samples are copied, many are shared: both must be in their place.
  for (const int leads : {1, 500}) {
    for (const Format format : {Format::kText, Format::kOpenMetrics}) {
      CAPTURE(leads);
      CHECK(Faults(Build(format, leads)) == Lines{});
    }
  }
}

TEST_CASE("leads and numbers share the family of sync failures") {
  const std::string text = Build(Format::kText, 1);
  CHECK(text.find("operator_connect_sync_failures{account=\"emea\","
                  "kind=\"civic_address\"} 0\n"
                  "operator_connect_sync_failures{account=\"emea\","
                  "kind=\"number_assignment\"} 0\n") != std::string::npos);
}

TEST_CASE("OpenMetrics ends with its mark, the text format has none") {
  CHECK(Build(Format::kOpenMetrics, 1).ends_with("\n# EOF\n"));
  CHECK(Build(Format::kText, 1).find("# EOF") == std::string::npos);
}

TEST_CASE("an exposition without families is empty but OpenMetrics' mark") {
  CHECK(Join(ExpositionBuilder(Format::kText).Finish()).empty());
  CHECK(Join(ExpositionBuilder(Format::kOpenMetrics).Finish()) == "# EOF\n");
}

TEST_CASE("a family without samples has no head") {
  ExpositionBuilder builder(Format::kText);
  builder.AddAccounts({AccountSamples()});
  CHECK(Join(builder.Finish()).empty());
}

TEST_CASE("long samples are shared, not copied") {
  const AccountSamples exposed = Expose("emea", 500);
  const auto info = exposed.samples[0][Family::kLeadInfo];
  ExpositionBuilder builder(Format::kText);
  builder.AddAccounts({exposed});
  const Exposition exposition = builder.Finish();
  CHECK(std::find(exposition.pieces.begin(), exposition.pieces.end(), info) !=
        exposition.pieces.end());
  CHECK(exposition.size() == Join(exposition).size());
}

TEST_CASE("every family has a name and a HELP of its own, and is a gauge") {
  std::string heads;
  for (std::size_t i = 0; i < kFamilies; ++i) {
    const auto family = static_cast<Family>(i);
    const Lines lines = SplitLines(Head(family));
    const std::string name(Name(family));
    CAPTURE(name);
    REQUIRE(lines.size() == 2);
    CHECK(name.starts_with("operator_connect_"));
    CHECK(lines[0].starts_with("# HELP " + name + " "));
    CHECK(lines[0].ends_with("."));
    CHECK(lines[1] == "# TYPE " + name + " gauge");
    CHECK(IsUtf8(lines[0]));
    heads += Head(family);
  }
  CHECK(Faults(heads) == Lines{});
}

TEST_CASE("HELP names the platform's field of a family") {
  const std::pair<Family, const char*> fields[] = {
      {Family::kLeads, "status"},
      {Family::kUnlicensedLeads, "umpCustomerGuid"},
      {Family::kUnlicensedLeadsWaiting, "consentedOn"},
      {Family::kOldestUnlicensedLead, "consentedOn"},
      {Family::kDirectLeads, "isDirectLead"},
      {Family::kLeadInfo, "contactDetails.companyName"},
      {Family::kLeadConsented, "consentedOn"},
      {Family::kLeadLastModified, "lastModifiedOn"},
      {Family::kTenantInfo, "tenantId"},
      {Family::kSyncFailures, "civicAddresses"},
      {Family::kNumbers, "assignmentStatus"},
      {Family::kNumberCapabilities, "acquiredCapabilities"},
      {Family::kNumberAvailableCapabilities, "availableCapabilities"},
      {Family::kNumberAcquiredStatus, "acquiredNumberStatus"},
      {Family::kOldestAssignmentCheck, "aslcht"},
      {Family::kNumbersNeverChecked, "aslcht"},
      {Family::kTenantNumbers, "assignmentStatus"},
      {Family::kTenantSyncFailures, "aslvCode"}};
  for (const auto& [family, field] : fields) {
    CAPTURE(field);
    CHECK(Head(family).find(field) != std::string::npos);
  }
}

}  // namespace
}  // namespace operator_connect::exposition
