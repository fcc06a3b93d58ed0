#ifndef OPERATOR_CONNECT_EXPORTER_HISTORY_HISTORY_FILE_H_
#define OPERATOR_CONNECT_EXPORTER_HISTORY_HISTORY_FILE_H_

#include <memory>
#include <optional>
#include <string>

#include "exporter/base/log.h"
#include "exporter/base/mutex.h"
#include "exporter/history/store.h"

namespace operator_connect::history {

// The file of the history, and whether it is in use. A fault is no more than a
// line in the log: the caller continues in memory. Each fault is logged once,
// until another one or a success. Thread-safe.
class HistoryFile {
 public:
  // Opens the file at `path`, and creates it with mode 0600 if it is missing.
  // Empty: there is no file, and Save() does nothing. A broken file is left in
  // place for this run; if the next Open() finds it broken again, it renames it
  // to PATH.broken-1 and so on, and begins a new one. `log` outlives this.
  HistoryFile(std::string path, Log& log);

  // The content of the file when it was opened. Call once.
  Records TakeRecords() { return std::move(records_); }

  // Writes changes of one account. `totals` is null if nothing changed: then
  // only checks whether the file is still there. False: the changes were not
  // written; pass them again later.
  bool Save(const std::string& account, const Totals* totals,
            const Store::Changes& changes) OC_EXCLUDES(mutex_);

  // Whether the file is in use and written; nullopt without a path.
  std::optional<bool> up() const OC_EXCLUDES(mutex_);

 private:
  void Open();
  void OnFault(const Fault& fault) OC_EXCLUDES(mutex_);
  void OnSuccess() OC_EXCLUDES(mutex_);

  const std::string path_;
  Log& log_;
  std::unique_ptr<Store> store_;  // null: there is no file, or it is unusable
  Records records_;

  mutable Mutex mutex_;
  std::string problem_ OC_GUARDED_BY(mutex_);  // empty: none
};

}  // namespace operator_connect::history

#endif  // OPERATOR_CONNECT_EXPORTER_HISTORY_HISTORY_FILE_H_
