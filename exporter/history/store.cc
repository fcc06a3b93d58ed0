#include "exporter/history/store.h"

#include <sys/stat.h>

#include <cstdint>
#include <optional>

#include "exporter/history/schema.h"

namespace operator_connect::history {
namespace {

constexpr char kReadTenants[] =
    "SELECT account, id, newest_company, state, since, company,"
    " before_state, before_since, before_company,"
    " licensed_state, licensed_since, licensed_company FROM tenant";
constexpr char kWriteTenant[] =
    "INSERT OR REPLACE INTO tenant(account, id, newest_company, state, since,"
    " company, before_state, before_since, before_company,"
    " licensed_state, licensed_since, licensed_company)"
    " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr char kForgetTenant[] =
    "DELETE FROM tenant WHERE account = ? AND id = ?";
constexpr char kReadTotals[] = "SELECT account, name, value FROM total";
constexpr char kWriteTotal[] =
    "INSERT OR REPLACE INTO total(account, name, value) VALUES(?, ?, ?)";

const Fault& Unreadable() {
  static const Fault kFault{"it is broken: a row cannot be read", true};
  return kFault;
}

void BindStay(Query& query, const std::optional<Stay>& stay) {
  if (!stay) {
    query.Bind(std::nullopt).Bind(std::nullopt).Bind(std::nullopt);
    return;
  }
  std::optional<std::int64_t> since;
  if (stay->since) since = stay->since->time_since_epoch().count();
  query.Bind(Name(stay->state)).Bind(since).Bind(stay->company);
}

// Reads a stay from three columns. False: they make no sense.
bool ReadStay(const Query& row, int column, std::optional<Stay>& stay) {
  const std::string name = row.Text(column);
  if (name.empty()) return true;
  const std::optional<State> state = StateNamed(name);
  if (!state) return false;
  stay = Stay{*state, std::nullopt, row.Text(column + 2)};
  if (const auto since = row.Integer(column + 1)) {
    stay->since = WallTime(Duration(*since));
  }
  return true;
}

std::optional<Fault> ReadTenants(Database& database, Records& records) {
  Query rows(database, kReadTenants);
  while (rows.Next()) {
    Life life;
    std::optional<Stay> now;
    if (!ReadStay(rows, 3, now) || !now || !ReadStay(rows, 6, life.before) ||
        !ReadStay(rows, 9, life.licensed)) {
      return Unreadable();
    }
    life.now = *std::move(now);
    life.company = rows.Text(2);
    records[rows.Text(0)].tenants[rows.Text(1)] = std::move(life);
  }
  return rows.fault();
}

// Calls `visit` with the name and the value of each total: the counters, then
// the buckets, named after their bound, then the sum.
template <typename T, typename Visit>
void ForEachTotal(T& totals, const Visit& visit) {
  for (std::size_t i = 0; i < kChanges; ++i) {
    visit(std::string(Name(static_cast<Change>(i))), totals.changes[i]);
  }
  for (std::size_t i = 0; i < totals.time_to_license.size(); ++i) {
    const std::string bound = i < kTimeToLicenseBounds.size()
                                  ? std::to_string(kTimeToLicenseBounds[i])
                                  : "inf";
    visit("time_to_license_" + bound, totals.time_to_license[i]);
  }
  visit(std::string("time_to_license_sum"), totals.time_to_license_seconds);
}

std::optional<Fault> ReadTotals(Database& database, Records& records) {
  Query rows(database, kReadTotals);
  while (rows.Next()) {
    const std::string name = rows.Text(1);
    const double value = rows.Real(2);
    if (!(value >= 0 && value < 1e15)) return Unreadable();
    ForEachTotal(records[rows.Text(0)].totals, [&](const std::string& total,
                                                   auto& held) {
      if (total != name) return;
      held = static_cast<std::remove_reference_t<decltype(held)>>(value);
    });
  }
  return rows.fault();
}

}  // namespace

Store::Store(Database database, std::string path, dev_t device, ino_t inode)
    : path_(std::move(path)),
      device_(device),
      inode_(inode),
      database_(std::move(database)) {}

Result<Store::Opened, Fault> Store::Open(const std::string& path) {
  Result<Database, Fault> opened = Database::Open(path);
  if (!opened.ok()) return opened.error();
  Database database = std::move(opened).value();
  if (auto fault = PrepareSchema(database)) return *fault;
  Records records;
  if (auto fault = ReadTenants(database, records)) return *fault;
  if (auto fault = ReadTotals(database, records)) return *fault;
  struct stat file{};
  if (::stat(path.c_str(), &file) != 0) return Fault{"it was removed"};
  database.Keep();
  return Opened{std::make_unique<Store>(std::move(database), path, file.st_dev,
                                        file.st_ino),
                std::move(records)};
}

Result<Done, Fault> Store::Check() const {
  struct stat file{};
  if (::stat(path_.c_str(), &file) != 0 || file.st_ino != inode_ ||
      file.st_dev != device_) {
    return Fault{"it was removed or replaced while it was in use"};
  }
  return Done{};
}

Result<Done, Fault> Store::Save(const std::string& account,
                                const Totals& totals, const Changes& changes) {
  MutexLock lock(mutex_);
  std::optional<Fault> fault = Write(account, totals, changes);
  if (!fault) return Done{};
  // A failed COMMIT may have ended the transaction by itself.
  static_cast<void>(database_.Run("ROLLBACK"));
  return *std::move(fault);
}

std::optional<Fault> Store::Write(const std::string& account,
                                  const Totals& totals,
                                  const Changes& changes) {
  if (auto fault = database_.Run("BEGIN IMMEDIATE")) return fault;
  Query write(database_, kWriteTenant);
  Query forget(database_, kForgetTenant);
  for (const auto& [id, life] : changes) {
    if (life == nullptr) {
      forget.Bind(account).Bind(*id).Next();
      continue;
    }
    write.Bind(account).Bind(*id).Bind(life->company);
    BindStay(write, life->now);
    BindStay(write, life->before);
    BindStay(write, life->licensed);
    write.Next();
  }
  Query total(database_, kWriteTotal);
  ForEachTotal(totals, [&](const std::string& name, const auto& value) {
    total.Bind(account).Bind(name).Bind(static_cast<double>(value)).Next();
  });
  for (const Query* query : {&write, &forget, &total}) {
    if (query->fault()) return query->fault();
  }
  return database_.Run("COMMIT");
}

}  // namespace operator_connect::history
