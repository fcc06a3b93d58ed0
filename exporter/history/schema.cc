#include "exporter/history/schema.h"

#include <array>
#include <cstdint>
#include <string>

namespace operator_connect::history {
namespace {

// PRAGMA application_id: distinguishes our files from other programs'.
constexpr std::int64_t kApplicationId = 0x4f434831;  // "OCH1"

// The statements that turn version N into version N + 1.
constexpr std::array kMigrations = {
    "PRAGMA application_id = 1329809457;"
    "CREATE TABLE tenant("
    "  account TEXT NOT NULL, id TEXT NOT NULL,"
    "  state TEXT NOT NULL, since INTEGER, company TEXT NOT NULL,"
    "  newest_company TEXT NOT NULL,"
    "  before_state TEXT, before_since INTEGER, before_company TEXT,"
    "  licensed_state TEXT, licensed_since INTEGER, licensed_company TEXT,"
    "  PRIMARY KEY(account, id)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE total("
    "  account TEXT NOT NULL, name TEXT NOT NULL, value REAL NOT NULL,"
    "  PRIMARY KEY(account, name)) STRICT, WITHOUT ROWID;"
    "PRAGMA user_version = 1;",
};
static_assert(kApplicationId == 1329809457);
constexpr std::int64_t kNewest = kMigrations.size();

// Sets `version` to that of the database.
std::optional<Fault> ReadVersion(Database& database, std::int64_t& version) {
  const Result<std::int64_t, Fault> found =
      database.Number("PRAGMA user_version");
  if (!found.ok()) return found.error();
  version = *found;
  const Result<std::int64_t, Fault> owner =
      database.Number("PRAGMA application_id");
  if (!owner.ok()) return owner.error();
  const Result<std::int64_t, Fault> tables =
      database.Number("SELECT count(*) FROM sqlite_schema");
  if (!tables.ok()) return tables.error();
  if (*owner != kApplicationId && (*owner != 0 || *tables > 0)) {
    return Fault{"it is another program's database"};
  }
  if (version > kNewest) {
    return Fault{"its schema has version " + std::to_string(version) +
                 ", and this program knows " + std::to_string(kNewest)};
  }
  return std::nullopt;
}

// Finds a file that was cut, or overwritten in the middle.
std::optional<Fault> CheckWhole(Database& database) {
  Query check(database, "PRAGMA quick_check(1)");
  const std::string found = check.Next() ? check.Text(0) : "";
  if (check.fault()) return check.fault();
  if (found != "ok") return Fault{"it is broken: it fails its check", true};
  return std::nullopt;
}

std::optional<Fault> Migrate(Database& database, std::int64_t version) {
  if (auto fault = database.Run("BEGIN IMMEDIATE")) return fault;
  for (; version < kNewest; ++version) {
    const char* step = kMigrations[static_cast<std::size_t>(version)];
    if (auto fault = database.Run(step)) return fault;
  }
  return database.Run("COMMIT");
}

}  // namespace

std::optional<Fault> PrepareSchema(Database& database) {
  // Without shared memory, and locked from the first read on.
  if (auto fault = database.Run("PRAGMA locking_mode = EXCLUSIVE")) {
    return fault;
  }
  std::int64_t version = 0;
  if (auto fault = ReadVersion(database, version)) return fault;
  if (auto fault = CheckWhole(database)) return fault;
  if (auto fault = database.Run("PRAGMA journal_mode = WAL;"
                                "PRAGMA synchronous = FULL;"
                                // Overwrites deleted names.
                                "PRAGMA secure_delete = ON")) {
    return fault;
  }
  return Migrate(database, version);
}

}  // namespace operator_connect::history
