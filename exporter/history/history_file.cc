#include "exporter/history/history_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace operator_connect::history {
namespace {

constexpr mode_t kMode = S_IRUSR | S_IWUSR;

Fault SystemFault(int error) {
  if (error == ENOENT) return {"its folder does not exist"};
  if (error == ENOSPC) return {"the disk is full"};
  return {strerror(error)};
}

// Creates the file if it is missing, and checks that it can be written. Never
// opens an existing file: closing it would drop SQLite's locks.
std::optional<Fault> PrepareFile(const std::string& path) {
  struct stat file{};
  if (::stat(path.c_str(), &file) == 0) {
    if (S_ISDIR(file.st_mode)) return Fault{"it is a folder"};
    if (!S_ISREG(file.st_mode)) return Fault{"it is not a regular file"};
    if (::access(path.c_str(), R_OK | W_OK) != 0) return SystemFault(errno);
    if ((file.st_mode & 0777) != kMode) {
      static_cast<void>(::chmod(path.c_str(), kMode));
    }
    return std::nullopt;
  }
  if (errno != ENOENT) return SystemFault(errno);
  const int descriptor =
      ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, kMode);
  if (descriptor < 0) return SystemFault(errno);
  ::close(descriptor);
  return std::nullopt;
}

// An empty file beside a broken one marks that an earlier start found it
// broken.
std::string MarkerOf(const std::string& path) { return path + ".found_broken"; }

bool IsMarked(const std::string& path) {
  return ::access(MarkerOf(path).c_str(), F_OK) == 0;
}

void Mark(const std::string& path) {
  const int descriptor =
      ::open(MarkerOf(path).c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, kMode);
  if (descriptor >= 0) ::close(descriptor);
}

void Unmark(const std::string& path) { ::unlink(MarkerOf(path).c_str()); }

// Renames the file and the files that SQLite keeps beside it. Returns the new
// path, or nullopt if the file stays in place.
std::string MoveAside(const std::string& path) {
  std::string aside;
  for (int i = 1; aside.empty() || ::access(aside.c_str(), F_OK) == 0; ++i) {
    aside = path + ".broken-" + std::to_string(i);
  }
  if (::rename(path.c_str(), aside.c_str()) != 0) return {};
  for (const char* suffix : {"-wal", "-journal", "-shm"}) {
    static_cast<void>(
        ::rename((path + suffix).c_str(), (aside + suffix).c_str()));
  }
  return aside;
}

Result<Store::Opened, Fault> PrepareAndOpen(const std::string& path) {
  if (auto fault = PrepareFile(path)) return *fault;
  return Store::Open(path);
}

}  // namespace

HistoryFile::HistoryFile(std::string path, Log& log)
    : path_(std::move(path)), log_(log) {
  if (!path_.empty()) Open();
}

void HistoryFile::Open() {
  Result<Store::Opened, Fault> opened = PrepareAndOpen(path_);
  if (!opened.ok() && opened.error().broken && IsMarked(path_)) {
    const std::string aside = MoveAside(path_);
    if (!aside.empty()) {
      log_.Warn("history",
                "The broken history was moved aside, and a new one begins.",
                {{"path", path_}, {"moved_to", aside}});
      opened = PrepareAndOpen(path_);
    }
  }
  if (!opened.ok()) {
    OnFault(opened.error());
    return;
  }
  Unmark(path_);
  store_ = std::move(opened->store);
  records_ = std::move(opened->records);
}

bool HistoryFile::Save(const std::string& account, const Totals* totals,
                       const Store::Changes& changes) {
  if (store_ == nullptr) return true;
  Result<Done, Fault> saved = store_->Check();
  if (saved.ok() && totals != nullptr) {
    saved = store_->Save(account, *totals, changes);
  }
  if (saved.ok()) {
    OnSuccess();
  } else {
    OnFault(saved.error());
  }
  return saved.ok();
}

std::optional<bool> HistoryFile::up() const {
  if (path_.empty()) return std::nullopt;
  MutexLock lock(mutex_);
  return problem_.empty();
}

void HistoryFile::OnFault(const Fault& fault) {
  if (fault.broken) Mark(path_);
  MutexLock lock(mutex_);
  if (problem_ == fault.reason) return;
  problem_ = fault.reason;
  log_.Error("history", "The history is not kept in its file, only in memory.",
             {{"path", path_},
              {"reason", fault.broken
                             ? fault.reason + "; the next start moves it aside"
                             : fault.reason}});
}

void HistoryFile::OnSuccess() {
  MutexLock lock(mutex_);
  if (problem_.empty()) return;
  problem_.clear();
  log_.Info("history", "The history is kept in its file again.",
            {{"path", path_}});
}

}  // namespace operator_connect::history
