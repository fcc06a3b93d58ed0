#include "exporter/history/sqlite.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/temp_dir.h"

namespace operator_connect::history {
namespace {

Database Open(const std::string& path) {
  Result<Database, Fault> opened = Database::Open(path);
  REQUIRE(opened.ok());
  return std::move(opened).value();
}

TEST_CASE("values are read as they were bound") {
  const TempDir folder;
  Database database = Open(folder.Write("a.db", ""));
  REQUIRE_FALSE(database.Run("CREATE TABLE t(a, b, c, d)"));
  Query write(database, "INSERT INTO t VALUES(?, ?, ?, ?)");
  for (const std::int64_t number : {1, 2}) {
    write.Bind(number).Bind(std::nullopt).Bind(0.5).Bind("").Next();
  }
  CHECK_FALSE(write.fault());
  Query read(database, "SELECT a, b, c, d FROM t ORDER BY a DESC");
  REQUIRE(read.Next());
  CHECK(read.Integer(0) == 2);
  CHECK_FALSE(read.Integer(1));
  CHECK(read.Real(2) == 0.5);
  CHECK(read.Text(3).empty());
  CHECK(read.Next());
  CHECK_FALSE(read.Next());
}

TEST_CASE("a text keeps all of its bytes") {
  const TempDir folder;
  Database database = Open(folder.Write("a.db", ""));
  const std::string text("a'b\0\xc3\xa4", 6);
  Query query(database, "SELECT ?");
  query.Bind(text);
  REQUIRE(query.Next());
  CHECK(query.Text(0) == text);
}

TEST_CASE("a file that is not a database is broken") {
  const TempDir folder;
  Database database = Open(folder.Write("a.db", std::string(5000, 'x')));
  const Result<std::int64_t, Fault> read =
      database.Number("PRAGMA user_version");
  REQUIRE_FALSE(read.ok());
  CHECK(read.error().broken);
}

TEST_CASE("a missing file is a fault, and not created") {
  const TempDir folder;
  CHECK_FALSE(Database::Open(folder / "a.db").ok());
}

TEST_CASE("after a fault nothing more is done") {
  const TempDir folder;
  Database database = Open(folder.Write("a.db", ""));
  Query query(database, "INSERT INTO missing VALUES(?)");
  CHECK_FALSE(query.Bind(std::int64_t{1}).Next());
  REQUIRE(query.fault());
  CHECK_FALSE(query.fault()->broken);
  CHECK(database.Run("nonsense"));
}

}  // namespace
}  // namespace operator_connect::history
