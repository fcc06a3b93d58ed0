#include "exporter/web/live_web_config.h"

#include <sys/stat.h>

#include <utility>

namespace operator_connect::web {
namespace {

std::int64_t Nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

std::vector<std::string> FilesOf(const std::string& path,
                                 const config::WebConfig& config) {
  std::vector<std::string> files = {path};
  if (!config.tls_server_config) return files;
  const config::TlsServerConfig& tls = *config.tls_server_config;
  for (const config::Pem* pem : {&tls.cert, &tls.key, &tls.client_ca}) {
    if (!pem->file.empty()) files.push_back(pem->file);
  }
  return files;
}

}  // namespace

Result<WebState, std::vector<std::string>> LoadWebState(
    const std::string& path, WallTime now, std::vector<std::string>& warnings) {
  Result<config::WebConfig, config::Problems> loaded =
      config::LoadWebConfig(path);
  if (!loaded.ok()) {
    std::vector<std::string> errors;
    for (const config::Problem& problem : loaded.error()) {
      errors.push_back(problem.ToString());
    }
    return errors;
  }
  WebState state;
  state.config = *std::move(loaded);
  if (!state.config.tls_server_config) return state;
  Result<TlsContext, std::string> tls =
      MakeTlsContext(*state.config.tls_server_config, now, warnings);
  for (std::string& warning : warnings) {
    warning = path + ": tls_server_config." + warning;
  }
  if (!tls.ok()) {
    return std::vector<std::string>{path + ": tls_server_config." +
                                    tls.error()};
  }
  state.tls = *std::move(tls);
  return state;
}

LiveWebConfig::LiveWebConfig(std::string path, const Clock& clock, Log& log)
    : path_(std::move(path)),
      clock_(clock),
      log_(log),
      state_(std::make_shared<const WebState>()) {}

Result<std::unique_ptr<LiveWebConfig>, std::vector<std::string>>
LiveWebConfig::Load(const std::string& path, const Clock& clock, Log& log) {
  std::unique_ptr<LiveWebConfig> live(new LiveWebConfig(path, clock, log));
  if (path.empty()) return live;
  std::vector<std::string> warnings;
  Result<WebState, std::vector<std::string>> state =
      LoadWebState(path, clock.Wall(), warnings);
  for (const std::string& warning : warnings) log.Warn("web", warning);
  if (!state.ok()) return std::move(state).error();
  MutexLock lock(live->mutex_);
  live->Adopt(*std::move(state));
  live->stamps_ = StampsOf(live->watched_);
  return live;
}

std::shared_ptr<const WebState> LiveWebConfig::Current() {
  MutexLock lock(mutex_);
  if (path_.empty()) return state_;
  Stamps stamps = StampsOf(watched_);
  if (stamps == stamps_) return state_;
  // Taken before the files are read: a change in between is seen next time.
  stamps_ = std::move(stamps);
  std::vector<std::string> warnings;
  Result<WebState, std::vector<std::string>> state =
      LoadWebState(path_, clock_.Wall(), warnings);
  for (const std::string& warning : warnings) log_.Warn("web", warning);
  if (!state.ok()) {
    for (const std::string& error : state.error()) {
      log_.Error("web", "web configuration refused, the old one stays",
                 {{"err", error}});
    }
    return state_;
  }
  const std::vector<std::string> before = watched_;
  Adopt(*std::move(state));
  if (watched_ != before) stamps_ = StampsOf(watched_);
  log_.Info("web", "web configuration read again", {{"file", path_}});
  return state_;
}

void LiveWebConfig::Adopt(WebState state) {
  watched_ = FilesOf(path_, state.config);
  state_ = std::make_shared<const WebState>(std::move(state));
}

LiveWebConfig::Stamp LiveWebConfig::StampOf(const std::string& path) {
  struct stat status = {};
  Stamp stamp;
  if (::stat(path.c_str(), &status) != 0) return stamp;
  stamp.device = status.st_dev;
  stamp.inode = status.st_ino;
  stamp.size = status.st_size;
  stamp.modified = Nanoseconds(status.st_mtim);
  stamp.changed = Nanoseconds(status.st_ctim);
  return stamp;
}

LiveWebConfig::Stamps LiveWebConfig::StampsOf(
    const std::vector<std::string>& paths) {
  Stamps stamps;
  for (const std::string& path : paths) stamps.push_back(StampOf(path));
  return stamps;
}

}  // namespace operator_connect::web
