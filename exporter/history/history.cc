#include "exporter/history/history.h"

#include <utility>

namespace operator_connect::history {

History::History(std::string path, Log& log)
    : file_(std::move(path), log), records_(file_.TakeRecords()) {}

AccountHistory& History::Configure(const config::Account& account,
                                   WallTime now) {
  AccountHistory* history = nullptr;
  {
    MutexLock lock(mutex_);
    std::unique_ptr<AccountHistory>& held = accounts_[account.name];
    if (held == nullptr) {
      std::optional<AccountRecord> record;
      if (auto node = records_.extract(account.name)) {
        record = std::move(node.mapped());
      }
      held = std::make_unique<AccountHistory>(account.name, std::move(record),
                                              file_);
    }
    history = held.get();
  }
  history->Configure(account, now);
  return *history;
}

}  // namespace operator_connect::history
