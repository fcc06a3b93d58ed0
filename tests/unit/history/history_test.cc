#include "exporter/history/history.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "exporter/base/file.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/history/lives.h"

namespace operator_connect::history {
namespace {

std::unique_ptr<Log> Silent() {
  return MakeCallbackLog(LogLevel::kError, LogFormat::kLogfmt,
                         [](std::string_view) {});
}

TEST_CASE("a restart continues the history") {
  const TempDir folder;
  const auto log = Silent();
  std::string before;
  {
    History history(folder / "a.db", *log);
    AccountHistory& emea = history.Configure(Emea(), kStart);
    emea.Record(Emea(), Whole({Licensed("a"), Waiting("b")}), kStart);
    emea.Record(Emea(), Whole({Removed("a")}), At(hours(1)));
    before = Show(emea, At(hours(2)));
  }
  History history(folder / "a.db", *log);
  AccountHistory& emea = history.Configure(Emea(), At(hours(2)));
  CHECK(Show(emea, At(hours(2))) == before);
  emea.Record(Emea(), Whole({Removed("a"), Waiting("b")}), At(hours(3)));
  CHECK(Counted(emea) == "removed 1 vanished 1 returned 1");
  CHECK(history.up() == true);
}

TEST_CASE("a removal during a stop dates from the next collection") {
  const TempDir folder;
  const auto log = Silent();
  {
    History history(folder / "a.db", *log);
    history.Configure(Emea(), kStart)
        .Record(Emea(), Whole({Licensed("a")}), kStart);
  }
  History history(folder / "a.db", *log);
  AccountHistory& emea = history.Configure(Emea(), At(hours(30)));
  Lead removed = Removed("a");
  removed.modified = At(hours(1));
  emea.Record(Emea(), Whole({removed}), At(hours(30)));
  CHECK(Since(emea) == Lines{SinceLine("a", "removed", At(hours(30)))});
}

TEST_CASE("without a path a restart begins anew") {
  const auto log = Silent();
  History history("", *log);
  AccountHistory& emea = history.Configure(Emea(), kStart);
  emea.Record(Emea(), Whole({Removed("a")}), kStart);
  CHECK(Counted(emea).empty());
  CHECK_FALSE(history.up());
}

TEST_CASE("an account that is removed and added again continues") {
  const TempDir folder;
  const auto log = Silent();
  config::Account apac = Emea();
  apac.name = "apac";
  {
    History history(folder / "a.db", *log);
    history.Configure(Emea(), kStart)
        .Record(Emea(), Whole({Licensed("a")}), kStart);
    history.Configure(apac, kStart)
        .Record(apac, Whole({Licensed("a")}), kStart);
  }
  {
    History history(folder / "a.db", *log);
    history.Configure(apac, kStart).Record(apac, Whole({}), At(hours(1)));
    AccountHistory& emea = history.Configure(Emea(), kStart);
    emea.Record(Emea(), Whole({Waiting("a")}), At(hours(1)));
    CHECK(Counted(emea) == "license_lost 1");
    CHECK(&history.Configure(Emea(), kStart) == &emea);
  }
}

TEST_CASE("without a usable file the history continues in memory") {
  const TempDir folder;
  const auto log = Silent();
  History history(folder / "missing/a.db", *log);
  AccountHistory& emea = history.Configure(Emea(), kStart);
  emea.Record(Emea(), Whole({Licensed("a")}), kStart);
  emea.Record(Emea(), Whole({}), At(hours(1)));
  CHECK(Counted(emea) == "vanished 1");
  CHECK(history.up() == false);
}

TEST_CASE("failed changes are written with later ones") {
  const TempDir folder;
  const auto log = Silent();
  std::string before;
  {
    History history(folder / "a.db", *log);
    AccountHistory& emea = history.Configure(Emea(), kStart);
    emea.Record(Emea(), Whole({Licensed("a"), Licensed("b")}), kStart);
    std::filesystem::rename(folder / "a.db", folder / "b.db");
    emea.Record(Emea(), Whole({Licensed("b")}), At(hours(1)));
    CHECK(history.up() == false);
    std::filesystem::rename(folder / "b.db", folder / "a.db");
    emea.Record(Emea(), Whole({Licensed("b")}), At(hours(2)));
    CHECK(history.up() == true);
    before = Show(emea, At(hours(2)));
  }
  History history(folder / "a.db", *log);
  CHECK(Show(history.Configure(Emea(), kStart), At(hours(2))) == before);
}

TEST_CASE("a collection that changes nothing writes nothing") {
  const TempDir folder;
  const auto log = Silent();
  History history(folder / "a.db", *log);
  AccountHistory& emea = history.Configure(Emea(), kStart);
  emea.Record(Emea(), Whole({Licensed("a")}), kStart);
  const auto size = std::filesystem::file_size(folder / "a.db-wal");
  const auto time = std::filesystem::last_write_time(folder / "a.db-wal");
  for (int i = 1; i < 10; ++i) {
    emea.Record(Emea(), Whole({Licensed("a")}), At(minutes(i)));
  }
  CHECK(std::filesystem::file_size(folder / "a.db-wal") == size);
  CHECK(std::filesystem::last_write_time(folder / "a.db-wal") == time);
}

TEST_CASE("company names that are not shown are removed from the file") {
  const TempDir folder;
  const auto log = Silent();
  Lead named = Licensed("a");
  named.company = "Nobody Must Know";
  {
    History history(folder / "a.db", *log);
    history.Configure(Emea(), kStart).Record(Emea(), Whole({named}), kStart);
  }
  const auto holds_name = [&] {
    return ReadFile(folder / "a.db").value().find(named.company) !=
           std::string::npos;
  };
  CHECK(holds_name());
  config::Account nameless = Emea();
  nameless.leads.company = false;
  {
    History history(folder / "a.db", *log);
    history.Configure(nameless, kStart)
        .Record(nameless, Whole({named}), kStart);
  }
  CHECK_FALSE(holds_name());
}

TEST_CASE("accounts collect, are scraped and configured concurrently") {
  const TempDir folder;
  const auto log = Silent();
  History history(folder / "a.db", *log);
  std::vector<std::thread> threads;
  for (const char* name : {"one", "two", "three"}) {
    config::Account account = Emea();
    account.name = name;
    AccountHistory& own = history.Configure(account, kStart);
    threads.emplace_back([&own, account] {
      for (int i = 0; i < 50; ++i) {
        own.Record(account, Whole({i % 2 == 0 ? Licensed("a") : Inactive("a")}),
                   At(minutes(i)));
      }
    });
    threads.emplace_back([&history, &own, account] {
      for (int i = 0; i < 50; ++i) {
        CHECK_FALSE(Show(own, kStart).empty());
        history.Configure(account, kStart);
        CHECK(history.up() == true);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  config::Account account = Emea();
  account.name = "two";
  CHECK(Counted(history.Configure(account, kStart)) ==
        "deactivated 25 reactivated 24");
}

}  // namespace
}  // namespace operator_connect::history
