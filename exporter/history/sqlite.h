#ifndef OPERATOR_CONNECT_EXPORTER_HISTORY_SQLITE_H_
#define OPERATOR_CONNECT_EXPORTER_HISTORY_SQLITE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "exporter/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace operator_connect::history {

// Why a database cannot be used, for people: "the disk is full". Names neither
// the file nor its content.
struct Fault {
  std::string reason;
  bool broken = false;  // it holds something else than its database
};

// A SQLite database used by this process alone. Not thread-safe.
class Database {
 public:
  // Opens an existing file without reading it. Until Keep() is called, closing
  // it leaves every byte of the file as it is.
  static Result<Database, Fault> Open(const std::string& path);
  void Keep();

  // Runs statements without results. nullopt: success.
  std::optional<Fault> Run(const char* sql);
  // The first integer that a statement returns.
  Result<std::int64_t, Fault> Number(const char* sql);

 private:
  friend class Query;
  struct Close {
    void operator()(sqlite3* database) const;
  };
  explicit Database(sqlite3* database) : database_(database) {}

  std::unique_ptr<sqlite3, Close> database_;
};

// One statement, to be run once or many times:
//
//   Query rows(database, "SELECT name FROM person WHERE age > ?");
//   rows.Bind(30);
//   while (rows.Next()) Use(rows.Text(0));
//   if (rows.fault()) ...
//
// After a fault every call does nothing. The database outlives it.
class Query {
 public:
  Query(Database& database, const char* sql);

  // Binds the next parameter; nullopt binds NULL.
  Query& Bind(std::optional<std::int64_t> value);
  Query& Bind(double value);
  Query& Bind(std::string_view value);

  // Goes to the next row. False at the end or after a fault; then parameters
  // can be bound for another run.
  bool Next();

  // A column of the row, from 0.
  std::optional<std::int64_t> Integer(int column) const;
  double Real(int column) const;
  std::string Text(int column) const;

  const std::optional<Fault>& fault() const { return fault_; }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  void Check(int code);

  sqlite3* const database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int parameter_ = 0;  // bound last
  std::optional<Fault> fault_;
};

}  // namespace operator_connect::history

#endif  // OPERATOR_CONNECT_EXPORTER_HISTORY_SQLITE_H_
