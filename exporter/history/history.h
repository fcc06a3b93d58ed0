#ifndef OPERATOR_CONNECT_EXPORTER_HISTORY_HISTORY_H_
#define OPERATOR_CONNECT_EXPORTER_HISTORY_HISTORY_H_

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "exporter/base/clock.h"
#include "exporter/base/log.h"
#include "exporter/base/mutex.h"
#include "exporter/config/config.h"
#include "exporter/history/account_history.h"
#include "exporter/history/history_file.h"

namespace operator_connect::history {

// The history of all tenants over collections, reloads and, with a file,
// restarts. Thread-safe.
class History {
 public:
  // Keeps the history in the file at `path`; empty: in memory only. If the file
  // cannot be used, logs a line, up() is false, and the history is in memory.
  // `log` outlives this.
  History(std::string path, Log& log);

  // Puts an account's settings into force and returns its history, which lives
  // as long as this. An account that was configured before keeps its history.
  AccountHistory& Configure(const config::Account& account, WallTime now)
      OC_EXCLUDES(mutex_);

  // exporter_history_up: the file is in use and the last write succeeded.
  // nullopt: there is no path.
  std::optional<bool> up() const { return file_.up(); }

 private:
  HistoryFile file_;
  Mutex mutex_;
  // In the file, but not configured yet.
  Records records_ OC_GUARDED_BY(mutex_);
  std::map<std::string, std::unique_ptr<AccountHistory>> accounts_
      OC_GUARDED_BY(mutex_);
};

}  // namespace operator_connect::history

#endif  // OPERATOR_CONNECT_EXPORTER_HISTORY_HISTORY_H_
