#include "exporter/exposition/orphan_samples.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/support/samples.h"

namespace operator_connect::exposition {
namespace {

using std::chrono::hours;
using std::chrono::nanoseconds;

constexpr SteadyTime kSteady{hours(1000)};
constexpr Duration kMaxAge = hours(1);

// Snapshots that are built tenant by tenant.
struct Estate {
  Estate() { orphans.removed.emplace(); }

  static Orphan Read(const std::string& id, std::uint64_t count, Duration age) {
    return {id, count, kSteady - age, kSteady - age, false};
  }
  void AddRemoved(const std::string& id, std::uint64_t count, Duration age) {
    orphans.removed->push_back(Read(id, count, age));
  }
  // Adds a tenant that was asked and always failed.
  void AddFailed(const std::string& id) {
    orphans.removed->push_back({id, 0, std::nullopt, kSteady, false});
  }
  void AddNoLead(const std::string& id, std::uint64_t count) {
    orphans.no_lead.push_back(Read(id, count, hours(0)));
  }
  void AddCustomer(const std::string& id, std::uint64_t count, bool unlicensed,
                   Duration age = hours(0)) {
    TenantSnapshot& tenant = numbers.tenants.emplace_back();
    tenant.id = id;
    tenant.read_at = kSteady - age;
    tenant.numbers.numbers = count;
    tenant.unlicensed = unlicensed;
  }

  OrphanSamples WriteAll(SteadyTime now = kSteady) const {
    return WriteOrphans(account, numbers, orphans, kMaxAge, now);
  }
  Lines Write(Family family, SteadyTime now = kSteady) const {
    return Of(WriteAll(now).samples, family);
  }
  Lines Sums(SteadyTime now = kSteady) const {
    return Write(Family::kOrphanNumbers, now);
  }

  config::Account account = Emea();
  NumbersSnapshot numbers;
  OrphansSnapshot orphans;
};

TEST_CASE("without tenants there are zero orphans") {
  CHECK(Estate().Sums() ==
        Lines{R"(reason="removed"} 0)", R"(reason="unlicensed"} 0)"});
  CHECK(Estate().WriteAll().valid_until == SteadyTime::max());
}

TEST_CASE("orphans are summed by reason, and shown per tenant above 0") {
  Estate estate;
  estate.orphans.whole_at = kSteady;
  estate.AddRemoved("a", 3, hours(0));
  estate.AddRemoved("b", 0, hours(0));
  estate.AddRemoved("c", 4, hours(0));
  estate.AddNoLead("d", 5);
  estate.AddNoLead("", 6);  // several tenants
  estate.AddCustomer("e", 7, true);
  estate.AddCustomer("f", 8, false);
  CHECK(estate.Sums() == Lines{R"(reason="removed"} 7)",
                               R"(reason="no_lead"} 11)",
                               R"(reason="unlicensed"} 7)"});
  CHECK(estate.Write(Family::kTenantOrphanNumbers) ==
        Lines{R"(tenant_id="a",reason="removed"} 3)",
              R"(tenant_id="c",reason="removed"} 4)",
              R"(tenant_id="d",reason="no_lead"} 5)",
              R"(tenant_id="e",reason="unlicensed"} 7)"});
  CHECK(estate.WriteAll().samples[Family::kDroppedSeries] == nullptr);
}

TEST_CASE("beyond the limit most numbers come first, then the id") {
  Estate estate;
  estate.account.numbers.tenant_series_limit = 2;
  estate.AddRemoved("c", 3, hours(0));
  estate.AddRemoved("b", 3, hours(0));
  estate.AddRemoved("a", 2, hours(0));
  estate.AddCustomer("d", 9, true);
  CHECK(estate.Write(Family::kTenantOrphanNumbers) ==
        Lines{R"(tenant_id="d",reason="unlicensed"} 9)",
              R"(tenant_id="b",reason="removed"} 3)"});
  CHECK(estate.Write(Family::kDroppedSeries) ==
        Lines{R"(metric="operator_connect_tenant_orphan_numbers"} 2)"});
  CHECK(estate.Sums()[0] == R"(reason="removed"} 8)");
}

TEST_CASE("removed tenants are not shown before each was asked") {
  Estate estate;
  estate.AddRemoved("a", 3, hours(0));
  estate.orphans.removed->emplace_back().id = "b";
  CHECK(estate.Sums() == Lines{R"(reason="unlicensed"} 0)"});
  CHECK(estate.Write(Family::kTenantOrphanNumbers).empty());
}

TEST_CASE("a removed tenant without a count has none if others have one") {
  Estate estate;
  estate.AddFailed("a");
  CHECK(estate.Sums() == Lines{R"(reason="unlicensed"} 0)"});
  estate.AddRemoved("b", 3, hours(0));
  CHECK(estate.Sums()[0] == R"(reason="removed"} 3)");
}

TEST_CASE("counts of single removed tenants last for the interval longer") {
  Estate estate;
  estate.AddRemoved("a", 3, hours(24));
  CHECK(estate.WriteAll().valid_until == kSteady + hours(1));
  CHECK(estate.Sums(kSteady + hours(1))[0] == R"(reason="removed"} 3)");
  CHECK(estate.Sums(kSteady + hours(1) + nanoseconds(1)) ==
        Lines{R"(reason="unlicensed"} 0)"});
}

TEST_CASE("counts read with all others last as long as those") {
  Estate estate;
  estate.orphans.whole_at = kSteady;
  estate.AddRemoved("a", 3, hours(0));
  estate.AddNoLead("b", 4);
  CHECK(estate.WriteAll().valid_until == kSteady + kMaxAge);
  CHECK(estate.Sums(kSteady + kMaxAge).size() == 3);
  CHECK(estate.Sums(kSteady + kMaxAge + nanoseconds(1)) ==
        Lines{R"(reason="unlicensed"} 0)"});
}

TEST_CASE("the longest interval does not overflow") {
  Estate estate;
  estate.account.numbers.removed_tenants_interval = hours(24 * 365 * 200);
  estate.AddRemoved("a", 3, hours(0));
  const OrphanSamples written =
      WriteOrphans(estate.account, estate.numbers, estate.orphans,
                   hours(24 * 365 * 200), kSteady);
  CHECK(Of(written.samples, Family::kOrphanNumbers)[0] ==
        R"(reason="removed"} 3)");
}

TEST_CASE("with interval 0 removed tenants are shown if all are read") {
  Estate estate;
  estate.account.numbers.removed_tenants_interval = Duration::zero();
  estate.AddRemoved("a", 3, hours(0));
  CHECK(estate.Sums() == Lines{R"(reason="unlicensed"} 0)"});
  estate.orphans.whole_at = kSteady;
  CHECK(estate.Sums()[0] == R"(reason="removed"} 3)");
}

TEST_CASE("without Removed excluded there are no removed orphans") {
  Estate estate;
  estate.orphans.removed.reset();
  CHECK(estate.Sums() == Lines{R"(reason="unlicensed"} 0)"});
}

TEST_CASE("unlicensed tenants count if their counts are in use") {
  Estate estate;
  estate.AddCustomer("a", 3, true, kMaxAge + nanoseconds(1));
  CHECK(estate.Sums() == Lines{R"(reason="removed"} 0)"});
  estate.AddCustomer("b", 4, true, kMaxAge);
  CHECK(estate.Sums()[1] == R"(reason="unlicensed"} 4)");
  CHECK(estate.WriteAll().valid_until == kSteady);
}

}  // namespace
}  // namespace operator_connect::exposition
