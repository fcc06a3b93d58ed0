#ifndef OPERATOR_CONNECT_EXPORTER_HISTORY_STORE_H_
#define OPERATOR_CONNECT_EXPORTER_HISTORY_STORE_H_

#include <sys/types.h>

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "exporter/base/mutex.h"
#include "exporter/base/result.h"
#include "exporter/history/lifecycle.h"
#include "exporter/history/sqlite.h"
#include "exporter/history/totals.h"

namespace operator_connect::history {

// The history of one account.
struct AccountRecord {
  std::unordered_map<std::string, Life> tenants;  // by tenant id
  Totals totals;
};
// By account name. An account is added after its first whole collection.
using Records = std::map<std::string, AccountRecord>;

// The history in its file. The only user of SQLite. Thread-safe.
class Store {
 public:
  struct Opened {
    std::unique_ptr<Store> store;
    Records records;
  };
  // Opens the file at `path`, which must exist, migrates its schema and reads
  // all of it. No other process can open it meanwhile. Leaves a file as it is
  // if it is broken, of a newer schema or another program's.
  static Result<Opened, Fault> Open(const std::string& path);

  Store(Database database, std::string path, dev_t device, ino_t inode);

  // Whether the file is still at its path.
  Result<Done, Fault> Check() const;

  // Lives by tenant id; null: the tenant was forgotten.
  using Changes = std::vector<std::pair<const std::string*, const Life*>>;
  // Writes the totals and some tenants of an account, in one transaction.
  Result<Done, Fault> Save(const std::string& account, const Totals& totals,
                           const Changes& changes) OC_EXCLUDES(mutex_);

 private:
  std::optional<Fault> Write(const std::string& account, const Totals& totals,
                             const Changes& changes) OC_REQUIRES(mutex_);

  const std::string path_;
  const dev_t device_;
  const ino_t inode_;
  Mutex mutex_;
  Database database_ OC_GUARDED_BY(mutex_);
};

}  // namespace operator_connect::history

#endif  // OPERATOR_CONNECT_EXPORTER_HISTORY_STORE_H_
