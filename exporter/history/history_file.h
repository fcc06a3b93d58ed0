#ifndef OPERATOR_CONNECT_EXPORTER_HISTORY_HISTORY_FILE_H_
#define OPERATOR_CONNECT_EXPORTER_HISTORY_HISTORY_FILE_H_

#include <memory>
#include <optional>
#include <string>

#include "exporter/base/log.h"
#include "exporter/base/mutex.h"
#include "exporter/history/store.h"

namespace operator_connect::history {

// The file that the history is kept in, and whether it is. No fault of it is
// more than a line in the log: whoever saves goes on in memory. Each fault is
// logged once, until another one or a success. Thread-safe.
class HistoryFile {
 public:
  // Opens the file at `path`, and makes it if it is missing; mode 0600. Empty:
  // there is no file, and Save() does nothing. A file that is found broken is
  // left for this run; the next Open() that finds it so moves it aside, as
  // PATH.broken-1 and so on, and begins a new one. `log` outlives this.
  HistoryFile(std::string path, Log& log);

  // What was in the file when it was opened. Once.
  Records TakeRecords() { return std::move(records_); }

  // Writes changes of one account. `totals` is null if nothing has changed:
  // then it only looks whether the file is still there. False: the changes
  // could not be written, and a later call should bring them again.
  bool Save(const std::string& account, const Totals* totals,
            const Store::Changes& changes) OC_EXCLUDES(mutex_);

  // Whether the history is kept in the file; nullopt without a path.
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
