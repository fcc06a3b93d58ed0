#include "exporter/history/life_samples.h"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "tests/unit/history/lives.h"

namespace operator_connect::history {
namespace {

using exposition::Family;
using exposition::Has;
using exposition::Samples;
using Estate = std::map<std::string, Life>;

Life In(State state, std::optional<WallTime> since) {
  Life life;
  life.now = {state, since, "Contoso"};
  return life;
}

// The estate, with its samples.
class Written {
 public:
  explicit Written(const Estate& estate) : estate_(estate) {
    for (const auto& [id, life] : estate_) {
      samples_[id] = WriteSinceSample("emea", id, life);
    }
  }
  ShownTenants tenants() const {
    ShownTenants tenants;
    for (const auto& [id, life] : estate_) {
      tenants.push_back({&id, &life, &samples_.at(id)});
    }
    return tenants;
  }

 private:
  const Estate estate_;
  std::map<std::string, std::string> samples_;
};

Samples WriteAll(const Estate& estate,
                 const config::Account& account = Emea()) {
  return WriteSince(account, Written(estate).tenants(), kStart);
}

Lines Since(const Estate& estate, const config::Account& account = Emea()) {
  return Of(WriteAll(estate, account), Family::kTenantLifecycleSince);
}

const Estate& OneOfEach() {
  static const Estate kEstate = {{"a", In(State::kLicensed, At(-kDay))},
                                 {"b", In(State::kInactive, At(-kDay))},
                                 {"c", In(State::kLicenseLost, At(-kDay))},
                                 {"d", In(State::kDormant, At(-kDay))},
                                 {"e", In(State::kConsented, At(-kDay))},
                                 {"f", In(State::kRemoved, At(-kDay))},
                                 {"g", In(State::kVanished, At(-kDay))}};
  return kEstate;
}

TEST_CASE("all states are counted, also those without tenants") {
  std::array<std::uint64_t, kStates> counts{};
  counts[static_cast<std::size_t>(State::kVanished)] = 3;
  CHECK(Of(WriteByLifecycle("emea", counts), Family::kTenantsByLifecycle) ==
        Lines{R"(state="licensed"} 0)", R"(state="inactive"} 0)",
              R"(state="license_lost"} 0)", R"(state="dormant"} 0)",
              R"(state="consented"} 0)", R"(state="removed"} 0)",
              R"(state="vanished"} 3)"});
}

TEST_CASE("each tenant has one series with its state and its start") {
  const Lines lines = Since(OneOfEach());
  CHECK(lines.size() == kStates);
  CHECK(lines[0] == SinceLine("a", "licensed", At(-kDay)));
  CHECK(lines[6] == SinceLine("g", "vanished", At(-kDay)));
}

TEST_CASE("a tenant without a known time has no series") {
  CHECK(Since({{"a", In(State::kLicensed, std::nullopt)}}).empty());
}

TEST_CASE("a removed tenant has a series for removed_for") {
  const Duration removed_for = Emea().leads.removed_for;
  CHECK(Since({{"a", In(State::kRemoved, kStart - removed_for)}}).size() == 1);
  CHECK(Since({{"a", In(State::kRemoved, kStart - removed_for - hours(1))}})
            .empty());
}

TEST_CASE("with details none no tenant has a series") {
  config::Account account = Emea();
  account.leads.details = config::LeadDetails::kNone;
  CHECK(Since(OneOfEach(), account).empty());
}

TEST_CASE("with details attention all but licensed tenants have a series") {
  config::Account account = Emea();
  account.leads.details = config::LeadDetails::kAttention;
  const Lines lines = Since(OneOfEach(), account);
  CHECK(lines.size() == kStates - 1);
  CHECK_FALSE(Has(lines, SinceLine("a", "licensed", At(-kDay))));
}

TEST_CASE("beyond the limit attention comes first, then the newest") {
  config::Account account = Emea();
  account.leads.details_limit = 2;
  const Estate estate = {{"a", In(State::kLicensed, At(-hours(1)))},
                         {"b", In(State::kLicensed, At(-kDay))},
                         {"c", In(State::kDormant, At(-9 * kDay))}};
  CHECK(Since(estate, account) ==
        Lines{SinceLine("c", "dormant", At(-9 * kDay)),
              SinceLine("a", "licensed", At(-hours(1)))});
  CHECK(Of(WriteAll(estate, account), Family::kDroppedSeries) ==
        Lines{"metric=\"operator_connect_tenant_lifecycle_since_timestamp_"
              "seconds\"} 1"});
}

TEST_CASE("at the limit nothing is dropped") {
  config::Account account = Emea();
  account.leads.details_limit = 7;
  CHECK(WriteAll(OneOfEach(), account)[Family::kDroppedSeries] == nullptr);
}

Lines Recent(const Estate& estate, WallTime now = kStart) {
  return Of(RecentChanges(Written(estate).tenants()).Write("emea", now),
            Family::kTenantsChangedRecently);
}

TEST_CASE("recent changes start at zero") {
  CHECK(Recent({}) == Lines{R"(state="removed",within="1h"} 0)",
                            R"(state="removed",within="3d"} 0)",
                            R"(state="vanished",within="1h"} 0)",
                            R"(state="vanished",within="3d"} 0)",
                            R"(state="license_lost",within="1h"} 0)",
                            R"(state="license_lost",within="3d"} 0)",
                            R"(state="inactive",within="1h"} 0)",
                            R"(state="inactive",within="3d"} 0)"});
}

TEST_CASE("a change is recent for less than the label's time") {
  const Estate estate = {{"a", In(State::kVanished, kStart)},
                         {"b", In(State::kVanished, At(minutes(-30)))}};
  const auto counts = [&](Duration after) {
    const Lines lines = Recent(estate, At(after));
    return lines[2].substr(lines[2].size() - 1) +
           lines[3].substr(lines[3].size() - 1);
  };
  CHECK(counts(minutes(0)) == "22");
  CHECK(counts(minutes(29)) == "22");
  CHECK(counts(minutes(30)) == "12");
  CHECK(counts(hours(1)) == "02");
  CHECK(counts(3 * kDay - minutes(30)) == "01");
  CHECK(counts(3 * kDay) == "00");
}

TEST_CASE("only alarming states with a known time are counted") {
  int counted = 0;
  for (const std::string& line : Recent(OneOfEach())) {
    if (line.ends_with("\"3d\"} 1")) ++counted;
  }
  CHECK(counted == 4);
  CHECK(Recent({{"a", In(State::kRemoved, std::nullopt)}}) == Recent({}));
}

}  // namespace
}  // namespace operator_connect::history
