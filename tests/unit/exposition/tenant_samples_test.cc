#include "exporter/exposition/tenant_samples.h"

#include <doctest/doctest.h>

#include <string>

#include "exporter/exposition/numbers_samples.h"
#include "tests/support/samples.h"

namespace operator_connect::exposition {
namespace {

using Kind = live_platform::NumberCount::Kind;
using live_platform::kUnassigned;
using live_platform::kUserAssigned;

// Two tenants, of which "b" has more numbers, and fewer of everything else.
class Estate {
 public:
  Estate() {
    snapshot_.tenants.resize(2);
    for (TenantSnapshot& tenant : snapshot_.tenants) {
      tenant.read_at = SteadyTime();
    }
    TenantSnapshot& first = snapshot_.tenants[0];
    first.id = "a";
    first.numbers.numbers = 9;
    first.numbers.failed = 2;
    first.numbers.idle = {5, 4, 3};
    first.numbers.first_acquired = kNow;
    auto& labels = snapshot_.labels;
    first.numbers.counts = {
        {Kind::kStatus, kUserAssigned, 0, 9},
        {Kind::kNoLocation, kUserAssigned, labels.countries.Find("US"), 3},
        {Kind::kNoLocation, kUnassigned, labels.countries.Find("US"), 100},
        {Kind::kCountry, kUserAssigned, labels.countries.Find("CA"), 100}};
    std::uint32_t numbers = 1;
    for (const char* status :
         {"0", "unknown", "active", "ACTIVE", "1", "3", "Release Requested"}) {
      first.numbers.counts.push_back({Kind::kAcquiredStatus, 0,
                                      labels.acquired_statuses.Find(status),
                                      numbers++});
    }
    snapshot_.tenants[1].id = "b";
    snapshot_.tenants[1].numbers.numbers = 10;
  }

  Lines Write(Family family) const {
    return Of(
        WriteNumbers(account, snapshot_, std::chrono::hours(1), SteadyTime())
            .samples,
        family);
  }

  config::Account account = Emea();

 private:
  NumbersSnapshot snapshot_;
};

TEST_CASE("a tenant's idle numbers are those of 90 days, above 0") {
  CHECK(Estate().Write(Family::kTenantIdleNumbers) ==
        Lines{R"(tenant_id="a"} 4)"});
}

TEST_CASE("UserAssigned numbers without a location count by country") {
  CHECK(Estate().Write(Family::kTenantNumbersWithoutEmergencyLocation) ==
        Lines{R"(tenant_id="a",country="US"} 3)"});
}

TEST_CASE("numbers with an acquired status but Active are leaving") {
  CHECK(Estate().Write(Family::kTenantLeavingNumbers) ==
        Lines{R"(tenant_id="a",acquired_status="1"} 5)",
              R"(tenant_id="a",acquired_status="3"} 6)",
              R"(tenant_id="a",acquired_status="Release Requested"} 7)"});
}

TEST_CASE("the first number is only shown with tenant_series") {
  Estate estate;
  CHECK(estate.Write(Family::kTenantFirstNumber) ==
        Lines{R"(tenant_id="a"} 1.7e+09)"});
  estate.account.numbers.tenant_series = false;
  CHECK(estate.Write(Family::kTenantFirstNumber).empty());
  CHECK(estate.Write(Family::kTenantNumbers).empty());
  CHECK(estate.Write(Family::kTenantLeavingNumbers).size() == 3);
}

TEST_CASE("every family of tenants keeps to the limit, and counts the rest") {
  Estate estate;
  estate.account.numbers.tenant_series_limit = 1;
  for (const Family family :
       {Family::kTenantIdleNumbers, Family::kTenantSyncFailures,
        Family::kTenantNumbersWithoutEmergencyLocation,
        Family::kTenantLeavingNumbers, Family::kTenantFirstNumber}) {
    CAPTURE(Name(family));
    CHECK(estate.Write(family).empty());
    const std::string dropped =
        family == Family::kTenantLeavingNumbers ? "3" : "1";
    CHECK(Has(estate.Write(Family::kDroppedSeries),
              "metric=\"" + std::string(Name(family)) + "\"} " + dropped));
  }
  CHECK(estate.Write(Family::kTenantNumbers).size() == 1);
}

}  // namespace
}  // namespace operator_connect::exposition
