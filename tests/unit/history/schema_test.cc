#include "exporter/history/schema.h"

#include <doctest/doctest.h>

#include <string>

#include "exporter/base/file.h"
#include "tests/support/temp_dir.h"

namespace operator_connect::history {
namespace {

Database Open(const std::string& path) {
  Result<Database, Fault> opened = Database::Open(path);
  REQUIRE(opened.ok());
  return std::move(opened).value();
}

// Makes a database with these statements.
std::string MakeDatabase(const TempDir& folder, const char* sql) {
  const std::string path = folder.Write("a.db", "");
  REQUIRE_FALSE(Open(path).Run(sql));
  return path;
}

std::string Bytes(const std::string& path) { return ReadFile(path).value(); }

TEST_CASE("an empty file becomes a database of the newest version") {
  const TempDir folder;
  Database database = Open(folder.Write("a.db", ""));
  REQUIRE_FALSE(PrepareSchema(database));
  CHECK(*database.Number("PRAGMA user_version") == 1);
  CHECK(*database.Number("SELECT count(*) FROM tenant") == 0);
  CHECK(*database.Number("SELECT count(*) FROM total") == 0);
}

TEST_CASE("a database of this version is unchanged") {
  const TempDir folder;
  const std::string path = folder.Write("a.db", "");
  {
    Database database = Open(path);
    REQUIRE_FALSE(PrepareSchema(database));
    REQUIRE_FALSE(database.Run("INSERT INTO total VALUES('emea', 'x', 1)"));
  }
  Database database = Open(path);
  REQUIRE_FALSE(PrepareSchema(database));
  CHECK(*database.Number("SELECT count(*) FROM total") == 1);
}

TEST_CASE("a newer schema is refused, and left unchanged") {
  const TempDir folder;
  const std::string path =
      MakeDatabase(folder,
                   "PRAGMA journal_mode = WAL; PRAGMA application_id = "
                   "1329809457; PRAGMA user_version = 2; CREATE TABLE t(a)");
  const std::string before = Bytes(path);
  const std::string log_before = Bytes(path + "-wal");
  {
    Database database = Open(path);
    const std::optional<Fault> fault = PrepareSchema(database);
    REQUIRE(fault);
    CHECK_FALSE(fault->broken);
    CHECK(fault->reason ==
          "its schema has version 2, and this program knows 1");
  }
  CHECK(Bytes(path) == before);
  CHECK(Bytes(path + "-wal") == log_before);
}

TEST_CASE("another program's database is refused, and left unchanged") {
  const TempDir folder;
  const std::string path = MakeDatabase(folder, "CREATE TABLE dashboard(a)");
  const std::string before = Bytes(path);
  {
    Database database = Open(path);
    const std::optional<Fault> fault = PrepareSchema(database);
    REQUIRE(fault);
    CHECK_FALSE(fault->broken);
    CHECK(fault->reason == "it is another program's database");
  }
  CHECK(Bytes(path) == before);
}

TEST_CASE("a database that was cut in the middle is broken") {
  const TempDir folder;
  const std::string path = folder.Write("a.db", "");
  {
    Database database = Open(path);
    REQUIRE_FALSE(PrepareSchema(database));
    database.Keep();
    REQUIRE_FALSE(database.Run(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
        "WHERE i < 5000) INSERT INTO total SELECT 'emea', i, i FROM n"));
  }
  const std::string whole = Bytes(path);
  for (const std::size_t part : {5u, 3u, 2u}) {
    CAPTURE(part);
    folder.Write("a.db", whole.substr(0, whole.size() / part));
    Database database = Open(path);
    const std::optional<Fault> fault = PrepareSchema(database);
    REQUIRE(fault);
    CHECK(fault->broken);
  }
}

TEST_CASE("a second program gets the error that the database is in use") {
  const TempDir folder;
  const std::string path = folder.Write("a.db", "");
  Database first = Open(path);
  REQUIRE_FALSE(PrepareSchema(first));
  Database second = Open(path);
  const std::optional<Fault> fault = PrepareSchema(second);
  REQUIRE(fault);
  CHECK_FALSE(fault->broken);
  CHECK(fault->reason == "another exporter uses it");
}

}  // namespace
}  // namespace operator_connect::history
