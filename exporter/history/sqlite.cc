#include "exporter/history/sqlite.h"

#include <sqlite3.h>

#include <cstring>
#include <utility>

namespace operator_connect::history {
namespace {

Fault MakeFault(sqlite3* database, int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {"another exporter uses it"};
    case SQLITE_FULL:
      return {"the disk is full"};
    case SQLITE_READONLY:
      return {"it is read-only"};
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return {"it is broken: " + std::string(sqlite3_errstr(code)), true};
    default: {
      Fault fault{sqlite3_errstr(code)};
      const int system = sqlite3_system_errno(database);
      if (system != 0) fault.reason += std::string(": ") + strerror(system);
      return fault;
    }
  }
}

}  // namespace

void Database::Close::operator()(sqlite3* database) const {
  sqlite3_close_v2(database);
}

Result<Database, Fault> Database::Open(const std::string& path) {
  sqlite3* opened = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &opened,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(opened);
  if (code != SQLITE_OK) return MakeFault(opened, code);
  sqlite3_extended_result_codes(opened, 1);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  // Keeps the content of a file from changing the meaning of statements.
  sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  return database;
}

void Database::Keep() {
  sqlite3_db_config(database_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0,
                    nullptr);
}

std::optional<Fault> Database::Run(const char* sql) {
  const int code =
      sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) return std::nullopt;
  return MakeFault(database_.get(), code);
}

Result<std::int64_t, Fault> Database::Number(const char* sql) {
  Query query(*this, sql);
  const bool row = query.Next();
  if (query.fault()) return *query.fault();
  return row ? query.Integer(0).value_or(0) : 0;
}

void Query::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Query::Query(Database& database, const char* sql)
    : database_(database.database_.get()) {
  sqlite3_stmt* statement = nullptr;
  Check(sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr));
  statement_.reset(statement);
}

void Query::Check(int code) {
  if (code != SQLITE_OK && !fault_) fault_ = MakeFault(database_, code);
}

Query& Query::Bind(std::optional<std::int64_t> value) {
  if (fault_) return *this;
  ++parameter_;
  Check(value ? sqlite3_bind_int64(statement_.get(), parameter_, *value)
              : sqlite3_bind_null(statement_.get(), parameter_));
  return *this;
}

Query& Query::Bind(double value) {
  if (fault_) return *this;
  Check(sqlite3_bind_double(statement_.get(), ++parameter_, value));
  return *this;
}

Query& Query::Bind(std::string_view value) {
  if (fault_) return *this;
  // A null pointer would bind NULL.
  const char* text = value.empty() ? "" : value.data();
  Check(sqlite3_bind_text(statement_.get(), ++parameter_, text,
                          static_cast<int>(value.size()), SQLITE_TRANSIENT));
  return *this;
}

bool Query::Next() {
  if (fault_) return false;
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) Check(code);
  sqlite3_reset(statement_.get());
  parameter_ = 0;
  return false;
}

std::optional<std::int64_t> Query::Integer(int column) const {
  if (sqlite3_column_type(statement_.get(), column) == SQLITE_NULL) {
    return std::nullopt;
  }
  return sqlite3_column_int64(statement_.get(), column);
}

double Query::Real(int column) const {
  return sqlite3_column_double(statement_.get(), column);
}

std::string Query::Text(int column) const {
  const unsigned char* text = sqlite3_column_text(statement_.get(), column);
  if (text == nullptr) return {};
  return {
      reinterpret_cast<const char*>(text),
      static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

}  // namespace operator_connect::history
