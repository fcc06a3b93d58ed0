#include "exporter/history/store.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/support/temp_dir.h"
#include "tests/unit/history/lives.h"

namespace operator_connect::history {
namespace {

Store::Opened Open(const std::string& path) {
  Result<Store::Opened, Fault> opened = Store::Open(path);
  REQUIRE(opened.ok());
  return std::move(opened).value();
}

Life Whole() {
  Life life;
  life.company = "New \"GmbH\"";
  life.now = {State::kVanished, At(Duration(1)), "Old"};
  life.before = Stay{State::kLicenseLost, std::nullopt, ""};
  life.licensed = Stay{State::kLicensed, At(-kDay), "Older"};
  return life;
}

Totals Some() {
  Totals totals;
  totals.changes = {1, 2, 3, 4, 5, 6, 7, 8};
  totals.time_to_license = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  totals.time_to_license_seconds = 0.25;
  return totals;
}

TEST_CASE("saved records are read unchanged") {
  const TempDir folder;
  const std::string path = folder.Write("a.db", "");
  const std::string id = "a";
  const std::string other = "b";
  const Life whole = Whole();
  const Life bare;
  {
    const Store::Opened opened = Open(path);
    CHECK(opened.records.empty());
    CHECK(opened.store->Save("emea", Some(), {{&id, &whole}, {&other, &bare}})
              .ok());
    CHECK(opened.store->Save("apac", Totals(), {}).ok());
  }
  const Records records = Open(path).records;
  REQUIRE(records.size() == 2);
  CHECK(records.at("emea").totals == Some());
  CHECK(records.at("emea").tenants.at("a") == whole);
  CHECK(records.at("emea").tenants.at("b") == bare);
  CHECK(records.at("apac").tenants.empty());
}

TEST_CASE("a later save overwrites and forgets") {
  const TempDir folder;
  const std::string path = folder.Write("a.db", "");
  const std::string a = "a";
  const std::string b = "b";
  const Life before = Whole();
  Life after = before;
  after.now.state = State::kRemoved;
  after.before.reset();
  {
    const Store::Opened opened = Open(path);
    CHECK(opened.store->Save("emea", Totals(), {{&a, &before}, {&b, &before}})
              .ok());
    CHECK(
        opened.store->Save("emea", Some(), {{&a, &after}, {&b, nullptr}}).ok());
  }
  const Records records = Open(path).records;
  CHECK(records.at("emea").tenants.size() == 1);
  CHECK(records.at("emea").tenants.at("a") == after);
  CHECK(records.at("emea").totals == Some());
}

TEST_CASE("a nonsense row means a broken file") {
  for (const char* damage :
       {"UPDATE tenant SET state = 'asleep'", "UPDATE tenant SET state = ''",
        "UPDATE tenant SET before_state = 'asleep'",
        "UPDATE total SET value = -1", "UPDATE total SET value = 1e300"}) {
    CAPTURE(damage);
    const TempDir folder;
    const std::string path = folder.Write("a.db", "");
    const std::string id = "a";
    const Life life = Whole();
    CHECK(Open(path).store->Save("emea", Some(), {{&id, &life}}).ok());
    {
      Result<Database, Fault> database = Database::Open(path);
      REQUIRE(database.ok());
      REQUIRE_FALSE(database->Run(damage));
    }
    const Result<Store::Opened, Fault> opened = Store::Open(path);
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().broken);
  }
}

TEST_CASE("a file that was removed, moved or replaced is noticed") {
  const TempDir folder;
  const std::string path = folder.Write("a.db", "");
  const Store::Opened opened = Open(path);
  CHECK(opened.store->Check().ok());
  std::filesystem::rename(path, folder / "b.db");
  CHECK_FALSE(opened.store->Check().ok());
  folder.Write("a.db", "");
  CHECK_FALSE(opened.store->Check().ok());
  std::filesystem::rename(folder / "b.db", path);
  CHECK(opened.store->Check().ok());
}

}  // namespace
}  // namespace operator_connect::history
