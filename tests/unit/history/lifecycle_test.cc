#include "exporter/history/lifecycle.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "exporter/live_platform/labels.h"
#include "tests/unit/history/lives.h"

namespace operator_connect::history {
namespace {

constexpr Duration kRemovedFor = 30 * kDay;

// A tenant in a sequence of collections.
class Watched {
 public:
  // Without leads, the tenant is not in the collection.
  Watched& See(const Leads& leads, Duration after) {
    Observation seen;
    for (const Lead& lead : leads) seen.Add(lead);
    const WallTime start = At(after);
    if (life_) {
      step_ = leads.empty() ? Missed(*life_, start, kRemovedFor)
                            : Seen(*life_, seen, start);
      if (step_.forgotten) life_.reset();
    } else {
      step_ = Step();
      if (leads.empty()) return *this;
      life_ = BeginLife(seen, start);
      step_.change = FirstChange(life_->now.state);
    }
    return *this;
  }
  std::string state() const {
    return life_ ? std::string(Name(life_->now.state)) : "forgotten";
  }
  std::optional<WallTime> since() const { return life_->now.since; }
  const std::string& company() const { return life_->now.company; }
  std::string change() const {
    return step_.change ? std::string(Name(*step_.change)) : "";
  }
  const Step& step() const { return step_; }
  const Life& life() const { return *life_; }

 private:
  std::optional<Life> life_;
  Step step_;
};

std::string StateOf(const Leads& leads) {
  return Watched().See(leads, {}).state();
}

Lead With(Lead lead, std::optional<WallTime> consented,
          std::optional<WallTime> modified) {
  lead.consented = consented;
  lead.modified = modified;
  return lead;
}

TEST_CASE("a tenant is licensed by a licensed lead that is in use") {
  CHECK(StateOf({Licensed()}) == "licensed");
  CHECK(StateOf({LeadOf("t", "OC Essential", true)}) == "licensed");
  CHECK(StateOf({LeadOf("t", "unknown", true)}) == "licensed");
  CHECK(StateOf({Waiting(), Inactive(), Licensed(), Removed()}) == "licensed");
}

TEST_CASE("a tenant is inactive by a licensed lead that is not in use") {
  CHECK(StateOf({Inactive()}) == "inactive");
  CHECK(StateOf({LeadOf("t", "Suspended", true)}) == "inactive");
  CHECK(StateOf({Waiting(), Inactive()}) == "inactive");
}

TEST_CASE("a license of a Removed lead does not count") {
  CHECK(StateOf({LeadOf("t", "Removed", true)}) == "removed");
  CHECK(StateOf({LeadOf("t", "Removed", true), Waiting()}) == "consented");
}

TEST_CASE("a tenant is dormant if all its leads are out of use") {
  CHECK(StateOf({Dormant()}) == "dormant");
  CHECK(StateOf({LeadOf("t", "Suspended", false)}) == "dormant");
  CHECK(StateOf({Dormant(), Removed()}) == "dormant");
  CHECK(StateOf({Dormant(), Waiting()}) == "consented");
}

TEST_CASE("a tenant is removed if all its leads are") {
  CHECK(StateOf({Removed()}) == "removed");
  CHECK(StateOf({Removed(), Removed()}) == "removed");
  CHECK(StateOf({Removed(), LeadOf("t", "unknown", false)}) == "consented");
}

TEST_CASE("the order of the leads does not matter") {
  Leads leads = {With(Waiting(), At(-5 * kDay), At(-kDay)),
                 With(Waiting(), At(-4 * kDay), At(-2 * kDay)),
                 With(Removed(), At(-kDay), At(-kDay)),
                 With(Dormant(), {}, At(-hours(1)))};
  for (std::size_t i = 0; i < leads.size(); ++i) {
    leads[i].company = "Contoso " + std::to_string(i);
  }
  const Watched first = Watched().See(leads, {});
  std::sort(leads.begin(), leads.end(),
            [](const Lead& a, const Lead& b) { return a.company > b.company; });
  CHECK(Watched().See(leads, {}).life() == first.life());
  CHECK(first.since() == At(-4 * kDay));
}

TEST_CASE("an unknown tenant consented at its lead's date") {
  const Watched watched =
      Watched().See({With(Waiting(), At(-9 * kDay), At(-kDay))}, {});
  CHECK(watched.since() == At(-9 * kDay));
}

TEST_CASE("without that date it consented at its last modification") {
  CHECK(Watched().See({With(Waiting(), {}, At(-kDay))}, {}).since() ==
        At(-kDay));
}

TEST_CASE("without a date it consented when it was first seen") {
  CHECK(Watched().See({Waiting()}, {}).since() == kStart);
}

TEST_CASE("an unknown tenant's other states date from its modification") {
  for (const Lead& lead : {Licensed(), Inactive(), Dormant(), Removed()}) {
    CAPTURE(lead.status);
    CHECK(Watched().See({With(lead, At(-9 * kDay), At(-kDay))}, {}).since() ==
          At(-kDay));
  }
}

TEST_CASE("an unknown tenant's other states have no date without it") {
  for (const Lead& lead : {Licensed(), Inactive(), Dormant(), Removed()}) {
    CAPTURE(lead.status);
    CHECK_FALSE(Watched().See({With(lead, At(-kDay), {})}, {}).since());
  }
}

TEST_CASE("the date is that of the newest lead that decides the state") {
  CHECK(Watched()
            .See({With(Licensed(), {}, At(-9 * kDay)),
                  With(Licensed(), {}, At(-8 * kDay)),
                  With(Waiting(), At(-kDay), At(-kDay)),
                  With(Removed(), {}, At(-hours(1)))},
                 {})
            .since() == At(-8 * kDay));
}

TEST_CASE("a date after the collection counts as its start") {
  CHECK(Watched().See({With(Removed(), {}, At(minutes(20)))}, {}).since() ==
        kStart);
}

TEST_CASE("a change dates from the collection that shows it") {
  Watched watched;
  watched.See({With(Licensed(), {}, At(-kDay))}, {});
  watched.See({With(Removed(), {}, At(minutes(3)))}, minutes(5));
  CHECK(watched.state() == "removed");
  CHECK(watched.since() == At(minutes(5)));
  CHECK(watched.change() == "removed");
}

TEST_CASE("a state that stays keeps its date") {
  Watched watched;
  watched.See({With(Waiting(), At(-kDay), {})}, {});
  watched.See({With(Waiting(), At(-hours(1)), At(-hours(1)))}, minutes(1));
  CHECK(watched.since() == At(-kDay));
  CHECK_FALSE(watched.step().changed);
}

TEST_CASE("an unknown tenant counts only as consented or licensed") {
  CHECK(Watched().See({Waiting()}, {}).change() == "consented");
  CHECK(Watched().See({Licensed()}, {}).change() == "licensed");
  for (const Lead& lead : {Inactive(), Dormant(), Removed()}) {
    CHECK(Watched().See({lead}, {}).change().empty());
  }
}

TEST_CASE("each change has a name") {
  struct Case {
    Lead before, after;
    const char* change;
  };
  const std::vector<Case> cases = {
      {Waiting(), Licensed(), "licensed"},
      {Waiting(), Inactive(), "deactivated"},
      {Waiting(), Dormant(), ""},
      {Waiting(), Removed(), "removed"},
      {Licensed(), Waiting(), "license_lost"},
      {Licensed(), Dormant(), "license_lost"},
      {Licensed(), Inactive(), "deactivated"},
      {Licensed(), Removed(), "removed"},
      {Inactive(), Licensed(), "reactivated"},
      {Inactive(), Waiting(), "license_lost"},
      {Inactive(), Removed(), "removed"},
      {Dormant(), Waiting(), "consented"},
      {Dormant(), Licensed(), "licensed"},
      {Dormant(), Inactive(), "deactivated"},
      {Dormant(), Removed(), "removed"},
      {Removed(), Waiting(), "returned"},
      {Removed(), Licensed(), "returned"},
      {Removed(), Inactive(), "returned"},
      {Removed(), Dormant(), ""},
  };
  for (const Case& step : cases) {
    const std::string before = StateOf({step.before});
    const std::string after = StateOf({step.after});
    CAPTURE(before);
    CAPTURE(after);
    CHECK(Watched().See({step.before}, {}).See({step.after}, kDay).change() ==
          step.change);
  }
}

TEST_CASE("a tenant that is no longer listed has vanished") {
  for (const Lead& lead : {Waiting(), Licensed(), Inactive(), Dormant()}) {
    Watched watched;
    watched.See({lead}, {}).See({}, hours(1));
    CHECK(watched.state() == "vanished");
    CHECK(watched.since() == At(hours(1)));
    CHECK(watched.change() == "vanished");
    CHECK_FALSE(watched.See({}, hours(2)).step().changed);
    CHECK(watched.since() == At(hours(1)));
  }
}

TEST_CASE("a removed tenant that is no longer listed stays removed") {
  Watched watched;
  watched.See({Licensed()}, {}).See({Removed()}, hours(1)).See({}, hours(2));
  CHECK(watched.state() == "removed");
  CHECK(watched.since() == At(hours(1)));
  CHECK_FALSE(watched.step().changed);
}

TEST_CASE("a removed tenant that is listed again is no change") {
  Watched watched;
  watched.See({Licensed()}, {}).See({Removed()}, hours(1)).See({}, hours(2));
  CHECK_FALSE(watched.See({Removed()}, hours(3)).step().changed);
  CHECK(watched.since() == At(hours(1)));
}

TEST_CASE("a vanished tenant is forgotten after removed_for") {
  Watched watched;
  watched.See({Licensed()}, {}).See({}, kDay);
  CHECK(watched.See({}, kDay + kRemovedFor).state() == "vanished");
  CHECK(watched.See({}, kDay + kRemovedFor + minutes(1)).state() ==
        "forgotten");
}

TEST_CASE("a removed tenant is forgotten likewise once it is unlisted") {
  Watched watched;
  watched.See({Licensed()}, {}).See({Removed()}, kDay);
  CHECK(watched.See({Removed()}, 2 * kRemovedFor).state() == "removed");
  CHECK(watched.See({}, 2 * kRemovedFor + kDay).state() == "forgotten");
}

TEST_CASE("a removed tenant without a date is forgotten with its leads") {
  CHECK(Watched().See({Removed()}, {}).See({}, minutes(1)).state() ==
        "forgotten");
}

TEST_CASE("a forgotten tenant counts as unknown") {
  Watched watched;
  watched.See({Licensed()}, {}).See({}, kDay).See({}, 60 * kDay);
  watched.See({With(Waiting(), At(59 * kDay), {})}, 61 * kDay);
  CHECK(watched.state() == "consented");
  CHECK(watched.since() == At(59 * kDay));
  CHECK(watched.change() == "consented");
}

TEST_CASE("a tenant that is licensed again keeps the old time") {
  for (const Leads& between :
       {Leads{Waiting()}, Leads{Inactive()}, Leads{Removed()}, Leads{}}) {
    Watched watched;
    watched.See({With(Licensed(), {}, At(-9 * kDay))}, {});
    watched.See(between, kDay).See({Licensed()}, 20 * kDay);
    CHECK(watched.state() == "licensed");
    CHECK(watched.since() == At(-9 * kDay));
  }
}

TEST_CASE("a tenant that is licensed again in steps keeps the old time") {
  Watched watched;
  watched.See({With(Licensed(), {}, At(-9 * kDay))}, {});
  watched.See({Removed()}, kDay).See({}, 2 * kDay).See({Waiting()}, 9 * kDay);
  watched.See({Dormant()}, 10 * kDay).See({Licensed()}, 11 * kDay);
  CHECK(watched.since() == At(-9 * kDay));
}

TEST_CASE("an unknown time is not made up for a second license") {
  Watched watched;
  watched.See({Licensed()}, {}).See({Inactive()}, kDay);
  CHECK(watched.since() == At(kDay));
  CHECK_FALSE(watched.See({Licensed()}, 2 * kDay).since());
}

TEST_CASE("a tenant that was only inactive is licensed from now on") {
  Watched watched;
  watched.See({With(Inactive(), {}, At(-kDay))}, {}).See({Licensed()}, kDay);
  CHECK(watched.since() == At(kDay));
}

TEST_CASE("a vanished tenant that returns in its state keeps its time") {
  for (const Lead& lead : {Waiting(), Licensed(), Inactive(), Dormant()}) {
    Watched watched;
    watched.See({With(lead, At(-kDay), At(-kDay))}, {});
    watched.See({}, kDay).See({lead}, 10 * kDay);
    CHECK(watched.state() == StateOf({lead}));
    CHECK(watched.since() == At(-kDay));
  }
}

TEST_CASE("a lost license keeps its time after having vanished") {
  Watched watched;
  watched.See({Licensed()}, {}).See({Waiting()}, kDay);
  watched.See({}, 2 * kDay).See({Waiting()}, 3 * kDay);
  CHECK(watched.state() == "license_lost");
  CHECK(watched.since() == At(kDay));
  CHECK(watched.change() == "returned");
}

TEST_CASE("a vanished tenant that returns in another state starts anew") {
  Watched watched;
  watched.See({With(Licensed(), {}, At(-kDay))}, {});
  watched.See({}, kDay).See({Inactive()}, 2 * kDay);
  CHECK(watched.state() == "inactive");
  CHECK(watched.since() == At(2 * kDay));
  CHECK(watched.change() == "returned");
}

TEST_CASE("a removed tenant that returns in another state starts anew") {
  Watched watched;
  watched.See({With(Waiting(), At(-kDay), {})}, {});
  watched.See({Removed()}, kDay).See({Waiting()}, 2 * kDay);
  CHECK(watched.since() == At(2 * kDay));
}

TEST_CASE("a vanished tenant that returns Removed was gone since it vanished") {
  Watched watched;
  watched.See({Licensed()}, {}).See({}, kDay).See({Removed()}, 2 * kDay);
  CHECK(watched.state() == "removed");
  CHECK(watched.since() == At(kDay));
  CHECK(watched.change() == "removed");
}

TEST_CASE("a license is lost if there was one and none is left") {
  for (const Lead& before : {Licensed(), Inactive()}) {
    for (const Lead& after : {Waiting(), Dormant()}) {
      Watched watched;
      watched.See({before}, {}).See({after}, kDay);
      CHECK(watched.state() == "license_lost");
      CHECK(watched.since() == At(kDay));
    }
  }
}

TEST_CASE("a lost license stays lost for any time") {
  Watched watched;
  watched.See({Licensed()}, {}).See({Waiting()}, kDay);
  watched.See({Dormant()}, 100 * kDay);
  CHECK(watched.state() == "license_lost");
  CHECK(watched.since() == At(kDay));
}

TEST_CASE("a license is remembered for three days") {
  for (const Leads& gone : {Leads{Removed()}, Leads{}}) {
    Watched back;
    back.See({Licensed()}, {}).See(gone, kDay).See({Waiting()}, 4 * kDay);
    CHECK(back.state() == "license_lost");
    CHECK(back.since() == At(4 * kDay));
    CHECK(back.change() == "returned");
    Watched late;
    late.See({Licensed()}, {}).See(gone, kDay);
    late.See({Waiting()}, 4 * kDay + minutes(1));
    CHECK(late.state() == "consented");
    CHECK(late.since() == At(4 * kDay + minutes(1)));
    CHECK(late.change() == "returned");
  }
}

TEST_CASE("three days of vanished and removed are counted together") {
  Watched watched;
  watched.See({Licensed()}, {}).See({}, kDay).See({Removed()}, 3 * kDay);
  CHECK(watched.See({Waiting()}, 5 * kDay).state() == "consented");
}

TEST_CASE("a license forgotten once is not remembered later") {
  Watched watched;
  watched.See({Licensed()}, {}).See({Removed()}, kDay);
  watched.See({Waiting()}, 9 * kDay).See({}, 10 * kDay);
  CHECK(watched.See({Waiting()}, 11 * kDay).state() == "consented");
}

TEST_CASE("a remembered license can be remembered again") {
  Watched watched;
  watched.See({Licensed()}, {}).See({Removed()}, kDay);
  watched.See({Waiting()}, 3 * kDay).See({Removed()}, 4 * kDay);
  CHECK(watched.See({Waiting()}, 6 * kDay).state() == "license_lost");
}

TEST_CASE("the time to license runs from the consent to the collection") {
  Watched watched;
  watched.See({Waiting()}, {});
  watched.See({With(Licensed(), At(-kDay), {})}, kDay);
  CHECK(watched.step().time_to_license == 2 * kDay);
  watched.See({Inactive()}, 2 * kDay);
  CHECK_FALSE(watched.step().time_to_license);
}

TEST_CASE("a license that is not in use counts as seen") {
  Watched watched;
  watched.See({Waiting()}, {});
  watched.See({With(Inactive(), kStart, {})}, hours(1));
  CHECK(watched.step().time_to_license == hours(1));
}

TEST_CASE("the consent can be that of another lead of the tenant") {
  Watched watched;
  watched.See({Waiting()}, {});
  watched.See({With(Waiting(), kStart, {}), Licensed()}, hours(1));
  CHECK(watched.step().time_to_license == hours(1));
}

TEST_CASE("a license that came while the tenant was not listed counts") {
  Watched watched;
  watched.See({Waiting()}, {}).See({}, hours(1));
  watched.See({With(Licensed(), kStart, {})}, hours(2));
  CHECK(watched.step().time_to_license == hours(2));
}

TEST_CASE("only a tenant known as consented has a time to license") {
  const Lead licensed = With(Licensed(), At(-kDay), {});
  CHECK_FALSE(Watched().See({licensed}, {}).step().time_to_license);
  for (const Lead& before : {Dormant(), Inactive(), Removed()}) {
    CHECK_FALSE(Watched()
                    .See({before}, {})
                    .See({licensed}, kDay)
                    .step()
                    .time_to_license);
  }
  Watched lost;
  lost.See({Licensed()}, {}).See({Waiting()}, kDay).See({licensed}, 2 * kDay);
  CHECK_FALSE(lost.step().time_to_license);
}

TEST_CASE("without a consent there is no time to license") {
  CHECK_FALSE(Watched()
                  .See({Waiting()}, {})
                  .See({Licensed()}, kDay)
                  .step()
                  .time_to_license);
}

TEST_CASE("a consent after the collection took no time") {
  Watched watched;
  watched.See({Waiting()}, {});
  watched.See({With(Licensed(), At(kDay), {})}, hours(1));
  CHECK(watched.step().time_to_license == Duration::zero());
}

TEST_CASE("a clock that was ahead leaves no date in the future") {
  Watched watched;
  watched.See({Licensed()}, {}).See({Removed()}, 300 * kDay);
  watched.See({Removed()}, hours(1));
  CHECK(watched.since() == At(hours(1)));
  CHECK(watched.step().changed);
  CHECK(watched.change().empty());
  CHECK_FALSE(watched.See({Removed()}, hours(2)).step().changed);
  Watched missing;
  missing.See({Licensed()}, {}).See({Removed()}, 300 * kDay).See({}, hours(3));
  CHECK(missing.since() == At(hours(3)));
}

TEST_CASE("a clock that steps back forgets no tenant") {
  Watched watched;
  watched.See({Licensed()}, {}).See({}, hours(1)).See({}, -kDay);
  CHECK(watched.state() == "vanished");
  CHECK(watched.since() == At(-kDay));
}

Lead Named(Lead lead, const char* company) {
  lead.company = company;
  return lead;
}

TEST_CASE("the company is that at the start of the state") {
  Watched watched;
  watched.See({Named(Licensed(), "Old")}, {});
  watched.See({Named(Licensed(), "New")}, kDay);
  CHECK(watched.company() == "Old");
  watched.See({Named(Inactive(), "Newest")}, 2 * kDay);
  CHECK(watched.company() == "Newest");
}

TEST_CASE("a tenant vanishes under its last name") {
  Watched watched;
  watched.See({Named(Licensed(), "Old")}, {});
  watched.See({Named(Licensed(), "New")}, kDay).See({}, 2 * kDay);
  CHECK(watched.company() == "New");
}

TEST_CASE("a tenant that keeps its old time has its old name") {
  Watched watched;
  watched.See({Named(Licensed(), "Old")}, {}).See({}, kDay);
  watched.See({Named(Licensed(), "New")}, 2 * kDay);
  CHECK(watched.company() == "Old");
}

TEST_CASE("a state that began without a name takes the first name") {
  Watched watched;
  watched.See({Named(Licensed(), "")}, {});
  watched.See({Named(Licensed(), "First")}, kDay);
  watched.See({Named(Licensed(), "Second")}, kDay);
  CHECK(watched.company() == "First");
}

TEST_CASE("the newest lead that is not Removed names the tenant") {
  Watched watched;
  watched.See({With(Named(Licensed(), "A"), {}, At(-2 * kDay)),
               With(Named(Waiting(), "B"), {}, At(-kDay)),
               With(Named(Waiting(), ""), {}, At(-hours(1))),
               With(Named(Removed(), "C"), {}, kStart)},
              {});
  CHECK(watched.company() == "B");
}

TEST_CASE("without names no company is seen") {
  Observation seen(false);
  const Lead lead = Licensed();
  seen.Add(lead);
  CHECK(BeginLife(seen, kStart).now.company.empty());
}

TEST_CASE("all names of a life can be dropped") {
  Watched watched;
  watched.See({Licensed()}, {}).See({}, kDay);
  Life life = watched.life();
  CHECK(DropNames(life));
  CHECK(life.now.company.empty());
  CHECK(life.company.empty());
  CHECK(life.licensed->company.empty());
  CHECK(life.before->company.empty());
  CHECK_FALSE(DropNames(life));
}

TEST_CASE("a lead belongs to its tenant, without one to itself") {
  Lead lead = Licensed("tenant");
  CHECK(TenantOf(lead) == "tenant");
  lead.tenant_id.clear();
  CHECK(TenantOf(lead) == "lead:lead-of-tenant");
  lead.id = std::string(200, 'x');
  CHECK(TenantOf(lead).size() == live_platform::kMaxLabelBytes);
  lead.id.clear();
  CHECK(TenantOf(lead).empty());
}

TEST_CASE("a state is found by its name") {
  for (std::size_t i = 0; i < kStates; ++i) {
    const auto state = static_cast<State>(i);
    CHECK(StateNamed(Name(state)) == state);
  }
  CHECK_FALSE(StateNamed("asleep"));
  CHECK_FALSE(StateNamed(""));
}

}  // namespace
}  // namespace operator_connect::history
