#include "exporter/history/account_history.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/history/lives.h"

namespace operator_connect::history {
namespace {

using exposition::Family;
using exposition::Has;

std::unique_ptr<Log> Silent() {
  return MakeCallbackLog(LogLevel::kError, LogFormat::kLogfmt,
                         [](std::string_view) {});
}

// An account whose history is in memory.
struct Fixture {
  explicit Fixture(config::Account settings = Emea())
      : account(std::move(settings)) {
    Configure();
  }
  void Configure(WallTime now = kStart) { history.Configure(account, now); }
  Lines Record(const Leads& leads, Duration after = {}) {
    return Of(history.Record(account, Whole(leads), At(after)),
              Family::kTenantsByLifecycle);
  }

  std::unique_ptr<Log> log = Silent();
  HistoryFile file{"", *log};
  config::Account account;
  AccountHistory history{"emea", std::nullopt, file};
};

TEST_CASE("before the first collection zero changes are shown") {
  const Fixture fixture;
  CHECK(Counted(fixture.history).empty());
  CHECK(Since(fixture.history).empty());
  CHECK(Of(fixture.history.Expose(kStart), Family::kTenantsChangedRecently)
            .size() == 8);
}

TEST_CASE("the first whole collection of an unknown account counts no change") {
  Fixture fixture;
  fixture.Record({Licensed("a"), Waiting("b"), Removed("c")});
  CHECK(Counted(fixture.history).empty());
  fixture.Record({Licensed("a"), Waiting("b"), Removed("c"), Waiting("d")});
  CHECK(Counted(fixture.history) == "consented 1");
}

TEST_CASE("an account without leads is known after its first collection") {
  Fixture fixture;
  fixture.Record({});
  fixture.Record({Licensed("a")});
  CHECK(Counted(fixture.history) == "licensed 1");
}

TEST_CASE("a collection counts the tenants in each state") {
  Fixture fixture;
  fixture.Record({Licensed("a"), Licensed("b"), Removed("c")});
  const Lines lines = fixture.Record({Licensed("a"), Removed("c")}, hours(1));
  CHECK(Has(lines, R"(state="licensed"} 1)"));
  CHECK(Has(lines, R"(state="removed"} 1)"));
  CHECK(Has(lines, R"(state="vanished"} 1)"));
}

TEST_CASE("leads of one tenant are one tenant") {
  Fixture fixture;
  const Lines lines = fixture.Record({Waiting("a"), Licensed("a")});
  CHECK(Has(lines, R"(state="licensed"} 1)"));
  CHECK(Has(lines, R"(state="consented"} 0)"));
}

TEST_CASE("leads without a tenant count as tenants, if they have an id") {
  Fixture fixture;
  Lead a = Waiting("a");
  Lead b = Waiting("b");
  Lead nobody = Waiting("c");
  a.tenant_id.clear();
  b.tenant_id.clear();
  nobody.tenant_id.clear();
  nobody.id.clear();
  CHECK(Has(fixture.Record({a, b, nobody}), R"(state="consented"} 2)"));
  CHECK(Since(fixture.history) ==
        Lines{SinceLine("lead:lead-of-a", "consented", kStart),
              SinceLine("lead:lead-of-b", "consented", kStart)});
}

TEST_CASE("a whole estate that vanishes and returns keeps its times") {
  Fixture fixture;
  Lead a = Licensed("a");
  a.modified = At(-kDay);
  Lead b = Waiting("b");
  b.consented = At(-kDay);
  fixture.Record({a, b});
  const Lines before = Since(fixture.history);
  fixture.Record({}, hours(1));
  fixture.Record({a, b}, hours(2));
  CHECK(Since(fixture.history) == before);
  CHECK(Counted(fixture.history) == "vanished 2 returned 2");
}

TEST_CASE("recent changes expire without a collection") {
  Fixture fixture;
  fixture.Record({Licensed("a")});
  fixture.Record({Removed("a")}, hours(1));
  const auto recent = [&](Duration after) {
    return Of(fixture.history.Expose(At(after)),
              Family::kTenantsChangedRecently)[0];
  };
  CHECK(recent(hours(1)) == R"(state="removed",within="1h"} 1)");
  CHECK(recent(hours(3)) == R"(state="removed",within="1h"} 0)");
}

TEST_CASE("texts are shared by scrapes and collections") {
  Fixture fixture;
  fixture.Record({Waiting("a")});
  const auto text = [&] {
    return fixture.history.Expose(kStart)[Family::kTenantLifecycleSince].get();
  };
  const std::string* first = text();
  CHECK(text() == first);
  fixture.Record({Waiting("a")}, hours(1));
  CHECK(text() == first);
}

TEST_CASE("a removed tenant loses its series in time") {
  Fixture fixture;
  fixture.Record({Licensed("a")});
  fixture.Record({Removed("a")}, hours(1));
  fixture.Record({Removed("a")}, 30 * kDay);
  CHECK(Since(fixture.history).size() == 1);
  CHECK(
      Has(fixture.Record({Removed("a")}, 31 * kDay), R"(state="removed"} 1)"));
  CHECK(Since(fixture.history).empty());
}

TEST_CASE("an excluded tenant is neither shown nor counted") {
  config::Account account = Emea();
  account.exclude_tenants = {"a"};
  Fixture fixture(account);
  fixture.Record({Licensed("a"), Licensed("b")});
  const Lines lines = fixture.Record({Removed("a"), Licensed("b")}, hours(1));
  CHECK(Has(lines, R"(state="licensed"} 1)"));
  CHECK(Has(lines, R"(state="removed"} 0)"));
  CHECK(Counted(fixture.history).empty());
  CHECK(Of(fixture.history.Expose(At(hours(1))),
           Family::kTenantsChangedRecently)[0] ==
        R"(state="removed",within="1h"} 0)");
}

TEST_CASE("a shorter list of excluded tenants is no change") {
  config::Account account = Emea();
  account.exclude_tenants = {"a"};
  Fixture fixture(account);
  Lead a = Waiting("a");
  a.consented = At(-9 * kDay);
  fixture.Record({});
  fixture.Record({a}, hours(1));
  fixture.account.exclude_tenants.clear();
  fixture.Configure(At(hours(2)));
  fixture.Record({a}, hours(3));
  CHECK(Counted(fixture.history).empty());
  CHECK(Since(fixture.history) ==
        Lines{SinceLine("a", "consented", At(-9 * kDay))});
}

TEST_CASE("a longer list of excluded tenants is no change") {
  Fixture fixture;
  fixture.Record({Licensed("a")});
  fixture.account.exclude_tenants = {"a"};
  fixture.Configure(At(hours(1)));
  fixture.Record({Licensed("a")}, hours(2));
  CHECK(Counted(fixture.history).empty());
}

TEST_CASE("the time to license of an excluded tenant is not measured") {
  config::Account account = Emea();
  account.exclude_tenants = {"a"};
  Fixture fixture(account);
  Lead licensed = Licensed("a");
  licensed.consented = kStart;
  fixture.Record({Waiting("a")});
  fixture.Record({licensed}, hours(1));
  CHECK(fixture.history.Families().back().metric[0].histogram.sample_count ==
        0);
}

TEST_CASE("new settings are in force at once") {
  Fixture fixture;
  Lead licensed = Licensed("a");
  licensed.modified = kStart;
  fixture.Record({licensed, Waiting("b")});
  fixture.account.leads.details = config::LeadDetails::kAttention;
  fixture.Configure();
  CHECK(Since(fixture.history) == Lines{SinceLine("b", "consented", kStart)});
}

TEST_CASE("a collection with outdated settings is dropped") {
  Fixture fixture;
  fixture.Record({Licensed("a")});
  const config::Account old = fixture.account;
  fixture.account.base_url = "https://other.example.com";
  fixture.Configure();
  CHECK(Of(fixture.history.Record(old, Whole({}), At(hours(1))),
           Family::kTenantsByLifecycle)
            .empty());
  CHECK(Counted(fixture.history).empty());
}

TEST_CASE("without company names none is shown, and known ones are dropped") {
  Fixture fixture;
  fixture.Record({Waiting("a")});
  fixture.account.leads.company = false;
  fixture.Configure();
  CHECK(Since(fixture.history) ==
        Lines{SinceLine("a", "consented", kStart, "")});
  fixture.Record({Removed("a")}, hours(1));
  CHECK(Since(fixture.history) ==
        Lines{SinceLine("a", "removed", At(hours(1)), "")});
}

TEST_CASE("an account in the file continues") {
  Fixture first;
  first.Record({Licensed("a")});
  AccountRecord record;
  record.tenants["a"].now = {State::kLicensed, At(-kDay), "Contoso"};
  record.totals.changes[0] = 7;
  AccountHistory history("emea", record, first.file);
  history.Configure(first.account, kStart);
  CHECK(Since(history) == Lines{SinceLine("a", "licensed", At(-kDay))});
  history.Record(first.account, Whole({Removed("a")}), At(hours(1)));
  CHECK(Counted(history) == "consented 7 removed 1");
}

}  // namespace
}  // namespace operator_connect::history
