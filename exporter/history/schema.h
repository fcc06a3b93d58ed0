#ifndef OPERATOR_CONNECT_EXPORTER_HISTORY_SCHEMA_H_
#define OPERATOR_CONNECT_EXPORTER_HISTORY_SCHEMA_H_

#include <optional>

#include "exporter/history/sqlite.h"

namespace operator_connect::history {

// Takes the database for this process alone, checks that it is whole and ours,
// and brings its schema up to date: version 1 is
//
//   tenant  one row for each tenant of an account; times are nanoseconds since
//           the Unix epoch
//   total   counters of an account, by name; an account that is known has all
//
// nullopt: success. A fault has changed nothing.
std::optional<Fault> PrepareSchema(Database& database);

}  // namespace operator_connect::history

#endif  // OPERATOR_CONNECT_EXPORTER_HISTORY_SCHEMA_H_
