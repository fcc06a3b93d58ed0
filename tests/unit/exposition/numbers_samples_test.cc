#include "exporter/exposition/numbers_samples.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/support/samples.h"

namespace operator_connect::exposition {
namespace {

using live_platform::LabelIds;
using live_platform::NumberCount;
using Kind = NumberCount::Kind;
using std::chrono::hours;
using std::chrono::nanoseconds;

constexpr SteadyTime kSteady{hours(100)};
constexpr Duration kMaxAge = hours(1);

// A snapshot that is built tenant by tenant.
class Estate {
 public:
  // Adds a tenant whose counts were read `age` ago; `failure` is that of this
  // collection.
  TenantSnapshot& Add(const std::string& id, Duration age,
                      const std::string& failure = "") {
    TenantSnapshot& tenant = Never(id, failure);
    tenant.read_at = kSteady - age;
    tenant.read_at_wall = kNow - age;
    return tenant;
  }
  // Adds a tenant that was never read.
  TenantSnapshot& Never(const std::string& id, const std::string& failure) {
    TenantSnapshot& tenant = snapshot_.tenants.emplace_back();
    tenant.id = id;
    tenant.failure = failure;
    return tenant;
  }
  void Count(TenantSnapshot& tenant, std::string_view status,
             std::uint32_t numbers) {
    tenant.numbers.counts.push_back(
        {Kind::kStatus, Status(status), 0, numbers});
    tenant.numbers.numbers += numbers;
  }
  LabelIds::Id Status(std::string_view status) {
    return snapshot_.labels.assignment_statuses.Find(status);
  }
  LabelIds::Id Capability(std::string_view capability) {
    return snapshot_.labels.capabilities.Find(capability);
  }
  LabelIds::Id Acquired(std::string_view status) {
    return snapshot_.labels.acquired_statuses.Find(status);
  }

  live_platform::NumberLabels& labels() { return snapshot_.labels; }

  NumbersSamples WriteAll(SteadyTime now = kSteady) const {
    return WriteNumbers(account, snapshot_, kMaxAge, now);
  }
  Lines Write(Family family) const { return Of(WriteAll().samples, family); }

  config::Account account = Emea();

 private:
  NumbersSnapshot snapshot_;
};

const Lines kNoNumbers = {R"(assignment_status="ConferenceAssigned"} 0)",
                          R"(assignment_status="Unassigned"} 0)",
                          R"(assignment_status="UserAssigned"} 0)",
                          R"(assignment_status="VoiceApp"} 0)"};

TEST_CASE("without tenants to ask there are zero numbers") {
  const Estate estate;
  CHECK(estate.Write(Family::kNumbers) == kNoNumbers);
  CHECK(estate.Write(Family::kNumbersNeverChecked) == Lines{"} 0"});
  CHECK(estate.Write(Family::kSyncFailures) ==
        Lines{R"(kind="number_assignment"} 0)"});
  CHECK(estate.Write(Family::kTenants) == Lines{R"(state="ok"} 0)",
                                                R"(state="stale"} 0)",
                                                R"(state="failed"} 0)"});
  CHECK(estate.WriteAll().valid_until == SteadyTime::max());
}

TEST_CASE("if every asked tenant failed, no sample is zero") {
  Estate estate;
  estate.Never("a", "503");
  const Samples samples = estate.WriteAll().samples;
  for (const Family family :
       {Family::kNumbers, Family::kNumberCapabilities,
        Family::kNumberAvailableCapabilities, Family::kNumberAcquiredStatus,
        Family::kOldestAssignmentCheck, Family::kNumbersNeverChecked,
        Family::kTenantNumbers, Family::kTenantSyncFailures,
        Family::kSyncFailures, Family::kOldestTenantNumbers}) {
    CAPTURE(Name(family));
    CHECK(samples[family] == nullptr);
  }
  CHECK(Of(samples, Family::kTenants) == Lines{R"(state="ok"} 0)",
                                               R"(state="stale"} 0)",
                                               R"(state="failed"} 1)"});
}

TEST_CASE("tenants are ok, stale or failed, with a reason") {
  Estate estate;
  estate.Add("ok", hours(0));
  estate.Add("stale", hours(1), "503");
  estate.Add("old", hours(1) + nanoseconds(1), "malformed");
  estate.Never("never", "timeout");
  CHECK(estate.Write(Family::kTenants) == Lines{R"(state="ok"} 1)",
                                                R"(state="stale"} 1)",
                                                R"(state="failed"} 2)"});
  CHECK(estate.Write(Family::kTenantFailed) ==
        Lines{R"(tenant_id="stale",reason="503"} 1)",
              R"(tenant_id="old",reason="malformed"} 1)",
              R"(tenant_id="never",reason="timeout"} 1)"});
}

TEST_CASE("a tenant whose counts are too old has failed") {
  Estate estate;
  estate.Count(estate.Add("a", hours(0)), "VoiceApp", 3);
  const NumbersSamples now = estate.WriteAll();
  CHECK(now.valid_until == kSteady + kMaxAge);
  CHECK(Has(Of(estate.WriteAll(now.valid_until).samples, Family::kTenants),
            R"(state="ok"} 1)"));
  const Samples later =
      estate.WriteAll(now.valid_until + nanoseconds(1)).samples;
  CHECK(Has(Of(later, Family::kTenants), R"(state="failed"} 1)"));
  CHECK(Of(later, Family::kTenantFailed) ==
        Lines{R"(tenant_id="a",reason="timeout"} 1)"});
  CHECK(later[Family::kNumbers] == nullptr);
}

TEST_CASE("samples are valid until their oldest counts are too old") {
  Estate estate;
  estate.Add("new", hours(0));
  estate.Add("older", std::chrono::minutes(40), "503");
  estate.Add("gone", hours(5), "503");
  CHECK(estate.WriteAll().valid_until == kSteady + std::chrono::minutes(20));
  CHECK(estate.Write(Family::kOldestTenantNumbers) == Lines{"} 1699997600"});
}

TEST_CASE("numbers are the sum over tenants that are ok or stale") {
  Estate estate;
  estate.Count(estate.Add("a", hours(0)), "UserAssigned", 2);
  TenantSnapshot& stale = estate.Add("b", hours(1), "503");
  estate.Count(stale, "UserAssigned", 3);
  estate.Count(stale, "Active", 4);
  estate.Count(estate.Add("c", hours(2), "503"), "UserAssigned", 100);
  CHECK(estate.Write(Family::kNumbers) ==
        Lines{R"(assignment_status="Active"} 4)",
              R"(assignment_status="ConferenceAssigned"} 0)",
              R"(assignment_status="Unassigned"} 0)",
              R"(assignment_status="UserAssigned"} 5)",
              R"(assignment_status="VoiceApp"} 0)"});
}

TEST_CASE("capabilities and acquired statuses are summed by their labels") {
  Estate estate;
  for (const char* id : {"a", "b"}) {
    TenantSnapshot& tenant = estate.Add(id, hours(0));
    tenant.numbers.counts = {
        {Kind::kAcquired, estate.Status("VoiceApp"), estate.Capability("sms"),
         2},
        {Kind::kAvailable, 0, estate.Capability("TollFree"), 3},
        {Kind::kAcquiredStatus, 0, estate.Acquired("0"), 4},
        {Kind::kAcquiredStatus, 0, estate.Acquired("unknown"), 5}};
  }
  CHECK(estate.Write(Family::kNumberCapabilities) ==
        Lines{R"(assignment_status="VoiceApp",capability="sms"} 4)"});
  CHECK(estate.Write(Family::kNumberAvailableCapabilities) ==
        Lines{R"(capability="TollFree"} 6)"});
  CHECK(estate.Write(Family::kNumberAcquiredStatus) ==
        Lines{R"(acquired_status="0"} 8)", R"(acquired_status="unknown"} 10)"});
}

TEST_CASE("checks and failed verifications are summed") {
  Estate estate;
  TenantSnapshot& first = estate.Add("a", hours(0));
  first.numbers.failed = 2;
  first.numbers.never_checked = 3;
  first.numbers.oldest_check = kNow;
  TenantSnapshot& second = estate.Add("b", hours(0));
  second.numbers.never_checked = 4;
  second.numbers.oldest_check = kNow - hours(1);
  CHECK(estate.Write(Family::kSyncFailures) ==
        Lines{R"(kind="number_assignment"} 2)"});
  CHECK(estate.Write(Family::kNumbersNeverChecked) == Lines{"} 7"});
  CHECK(estate.Write(Family::kOldestAssignmentCheck) == Lines{"} 1699996400"});
  CHECK(estate.Write(Family::kTenantSyncFailures) ==
        Lines{R"(tenant_id="a"} 2)"});
}

TEST_CASE("a tenant without numbers has Unassigned 0") {
  Estate estate;
  TenantSnapshot& some = estate.Add("a", hours(0));
  estate.Count(some, "VoiceApp", 2);
  estate.Count(some, "Active", 1);
  estate.Add("none", hours(0));
  estate.Never("failed", "503");
  CHECK(estate.Write(Family::kTenantNumbers) ==
        Lines{R"(tenant_id="a",assignment_status="Active"} 1)",
              R"(tenant_id="a",assignment_status="VoiceApp"} 2)",
              R"(tenant_id="none",assignment_status="Unassigned"} 0)"});
}

TEST_CASE("without tenant_series no tenant has series of numbers") {
  Estate estate;
  estate.account.numbers.tenant_series = false;
  TenantSnapshot& tenant = estate.Add("a", hours(0));
  tenant.numbers.failed = 1;
  estate.Count(tenant, "VoiceApp", 2);
  CHECK(estate.Write(Family::kTenantNumbers).empty());
  CHECK(estate.Write(Family::kTenantSyncFailures).size() == 1);
}

TEST_CASE("beyond tenant_series_limit most numbers come first, then the id") {
  Estate estate;
  const std::vector<std::pair<const char*, std::uint32_t>> tenants = {
      {"c", 5}, {"small", 1}, {"b", 5}, {"large", 9}, {"none", 0}};
  for (const auto& [id, numbers] : tenants) {
    TenantSnapshot& tenant = estate.Add(id, hours(0));
    if (numbers > 0) estate.Count(tenant, "VoiceApp", numbers);
    if (numbers == 1) estate.Count(tenant, "Active", 1);
  }
  estate.account.numbers.tenant_series_limit = 2;
  CHECK(estate.Write(Family::kTenantNumbers) ==
        Lines{R"(tenant_id="large",assignment_status="VoiceApp"} 9)",
              R"(tenant_id="b",assignment_status="VoiceApp"} 5)"});
  // c and none have one series each, small has two.
  CHECK(estate.Write(Family::kDroppedSeries) ==
        Lines{R"(metric="operator_connect_tenant_numbers"} 4)"});
  estate.account.numbers.tenant_series_limit = 5;
  CHECK(estate.Write(Family::kDroppedSeries).empty());
}

TEST_CASE("beyond 32 states the rarest are other, in sums and per tenant") {
  Estate estate;
  TenantSnapshot& tenant = estate.Add("a", hours(0));
  for (std::uint32_t i = 1; i <= 40; ++i) {
    estate.Count(tenant, "s" + std::to_string(i), i);
  }
  // 28 places remain beside the known ones: s13 to s40.
  const Lines numbers = estate.Write(Family::kNumbers);
  CHECK(numbers.size() == 33);
  CHECK(Has(numbers, R"(assignment_status="s13"} 13)"));
  CHECK(Has(numbers, R"(assignment_status="other"} 78)"));
  CHECK(Has(numbers, R"(assignment_status="VoiceApp"} 0)"));
  CHECK(Has(estate.Write(Family::kTenantNumbers),
            R"(tenant_id="a",assignment_status="other"} 78)"));
}

TEST_CASE("beyond 32 capabilities and acquired statuses, others are other") {
  Estate estate;
  TenantSnapshot& tenant = estate.Add("a", hours(0));
  for (std::uint32_t i = 1; i <= 40; ++i) {
    const std::string value = "v" + std::to_string(i);
    tenant.numbers.counts.push_back(
        {Kind::kAvailable, 0, estate.Capability(value), i});
    tenant.numbers.counts.push_back(
        {Kind::kAcquiredStatus, 0, estate.Acquired(value), i});
  }
  tenant.numbers.counts.push_back(
      {Kind::kAvailable, 0, estate.Capability("sms"), 1});
  tenant.numbers.counts.push_back(
      {Kind::kAcquiredStatus, 0, estate.Acquired("2"), 1});
  const Lines capabilities = estate.Write(Family::kNumberAvailableCapabilities);
  CHECK(capabilities.size() == 33);
  CHECK(Has(capabilities, R"(capability="sms"} 1)"));
  CHECK(Has(capabilities, R"(capability="other"} 45)"));
  CHECK(Has(estate.Write(Family::kNumberAcquiredStatus),
            R"(acquired_status="other"} 45)"));
  CHECK(Has(estate.Write(Family::kNumberAcquiredStatus),
            R"(acquired_status="2"} 1)"));
}

TEST_CASE("numbers are summed by source, SBC, profile and age") {
  Estate estate;
  live_platform::NumberLabels& labels = estate.labels();
  for (const char* id : {"a", "b"}) {
    live_platform::TenantNumbers& numbers = estate.Add(id, hours(0)).numbers;
    const LabelIds::Id status = estate.Status("VoiceApp");
    numbers.counts = {
        {Kind::kCountry, status, labels.countries.Find("US"), 1},
        {Kind::kNoLocation, status, labels.countries.Find("us"), 2},
        {Kind::kSource, status, labels.sources.Find("webapi"), 3},
        {Kind::kSbc, status, labels.sbcs.Find("sbc1"), 4},
        {Kind::kProfile, status, labels.profiles.Find("AB"), 5},
        {Kind::kCode, 0, labels.codes.Find("404"), 6}};
    numbers.idle = {3, 2, 1};
    numbers.acquired = {4, 5, 6};
    numbers.newest_check = kNow + hours(id[0] == 'a' ? 0 : 1);
  }
  const auto is = [](const std::string& label, int count) {
    return Lines{R"(assignment_status="VoiceApp",)" + label + "} " +
                 std::to_string(count)};
  };
  CHECK(estate.Write(Family::kNumbersByCountry) == is(R"(country="US")", 6));
  CHECK(estate.Write(Family::kNumbersWithoutEmergencyLocation) ==
        is(R"(country="US")", 4));
  CHECK(estate.Write(Family::kNumbersBySource) == is(R"(source="webapi")", 6));
  CHECK(estate.Write(Family::kNumbersBySbc) == is(R"(sbc="sbc1")", 8));
  CHECK(estate.Write(Family::kNumbersByCallingProfile) ==
        is(R"(calling_profile="ab")", 10));
  CHECK(estate.Write(Family::kNumbersByVerificationCode) ==
        Lines{R"(code="404"} 12)"});
  CHECK(estate.Write(Family::kIdleNumbers) ==
        Lines{R"(longer_than="30d"} 6)", R"(longer_than="90d"} 4)",
              R"(longer_than="365d"} 2)"});
  CHECK(estate.Write(Family::kNumbersAcquired) == Lines{R"(within="1d"} 8)",
                                                        R"(within="7d"} 10)",
                                                        R"(within="30d"} 12)"});
  CHECK(estate.Write(Family::kNewestAssignmentCheck) == Lines{"} 1700003600"});
}

TEST_CASE("beyond 32 values the rest is other, except countries and none") {
  Estate estate;
  live_platform::NumberLabels& labels = estate.labels();
  auto& counts = estate.Add("a", hours(0)).numbers.counts;
  for (std::uint32_t i = 1; i <= 40; ++i) {
    const std::string value = "v" + std::to_string(i);
    const std::string country = {'A', static_cast<char>('A' + i % 26)};
    counts.push_back({Kind::kSource, 0, labels.sources.Find(value), 1 + i});
    counts.push_back({Kind::kSbc, 0, labels.sbcs.Find(value), 1 + i});
    counts.push_back({Kind::kProfile, 0, labels.profiles.Find(value), 1 + i});
    counts.push_back({Kind::kCode, 0, labels.codes.Find(value), 1 + i});
    counts.push_back(
        {Kind::kCountry, 0,
         labels.countries.Find(i > 26 ? country : "B" + country.substr(1)), 1});
  }
  for (const Kind kind :
       {Kind::kSource, Kind::kSbc, Kind::kProfile, Kind::kCode}) {
    counts.push_back({kind, 0, 0, 1});  // the value for none
  }
  for (const auto& [family, none] :
       {std::pair(Family::kNumbersBySource, "source=\"ocsync\"} 1"),
        std::pair(Family::kNumbersBySbc, "sbc=\"none\"} 1"),
        std::pair(Family::kNumbersByCallingProfile,
                  "calling_profile=\"none\"} 1"),
        std::pair(Family::kNumbersByVerificationCode, "code=\"unknown\"} 1")}) {
    CAPTURE(Name(family));
    const Lines lines = estate.Write(family);
    CHECK(lines.size() == 33);
    CHECK(
        (Has(lines, none) ||
         Has(lines, std::string("assignment_status=\"Unassigned\",") + none)));
  }
  CHECK(estate.Write(Family::kNumbersByCountry).size() == 40);
}

}  // namespace
}  // namespace operator_connect::exposition
