#include "exporter/web/live_web_config.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace operator_connect::web {
namespace {

// The pause before a refused configuration is read again. stat() does not show
// every reason: the process may be out of descriptors.
constexpr auto kRetryInterval = std::chrono::seconds(1);

std::vector<std::string> FilesOf(const config::WebConfig& config) {
  std::vector<std::string> files;
  if (!config.tls_server_config) return files;
  const config::TlsServerConfig& tls = *config.tls_server_config;
  for (const config::Pem* pem : {&tls.cert, &tls.key, &tls.client_ca}) {
    if (!pem->file.empty()) files.push_back(pem->file);
  }
  return files;
}

std::vector<std::string> ToLines(config::Problems problems,
                                 const std::string& path) {
  std::vector<std::string> lines;
  for (config::Problem& problem : problems) {
    problem.file = path;
    lines.push_back(problem.ToString());
  }
  return lines;
}

// Whether clients must authenticate.
bool Authenticates(const config::WebConfig& config) {
  using config::ClientAuth;
  if (!config.basic_auth_users.empty()) return true;
  if (!config.tls_server_config) return false;
  const ClientAuth type = config.tls_server_config->client_auth_type;
  return type == ClientAuth::kRequireAndVerifyClientCert ||
         type == ClientAuth::kRequireAnyClientCert;
}

// The protection that a new state would lose; empty: none. A file that is being
// written is empty or cut short for a moment, and may be valid YAML.
std::string LostProtection(const WebState& before, const WebState& now) {
  if (before.tls && !now.tls) {
    return "tls_server_config: is gone; restart the exporter to serve without "
           "TLS";
  }
  if (Authenticates(before.config) && !Authenticates(now.config)) {
    return "basic_auth_users or client_auth_type: is gone; restart the "
           "exporter to serve whoever asks";
  }
  return "";
}

// Makes the state of a configuration that was read from `path`.
Result<WebState, std::vector<std::string>> MakeWebState(
    const std::string& path, config::WebConfigReading reading, WallTime now,
    std::vector<std::string>& warnings) {
  if (!reading.problems.empty()) return ToLines(reading.problems, path);
  WebState state;
  state.config = std::move(reading.config);
  if (!state.config.tls_server_config) return state;
  config::Problems notes;
  Result<TlsContext, config::Problems> tls =
      MakeTlsContext(*state.config.tls_server_config, now, notes);
  warnings = ToLines(std::move(notes), path);
  if (!tls.ok()) return ToLines(std::move(tls).error(), path);
  state.tls = *std::move(tls);
  return state;
}

}  // namespace

Result<WebState, std::vector<std::string>> LoadWebState(
    const std::string& path, WallTime now, std::vector<std::string>& warnings) {
  return MakeWebState(path, config::ReadWebConfig(path), now, warnings);
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
  MutexLock lock(live->mutex_);
  if (Errors errors = live->Read(); !errors.empty()) return errors;
  return live;
}

std::shared_ptr<const WebState> LiveWebConfig::Current() {
  MutexLock lock(mutex_);
  if (path_.empty() || !IsDue()) return state_;
  Errors errors = Read();
  if (errors.empty()) {
    log_.Info("web", "web configuration read again", {{"file", path_}});
  } else if (errors != refusal_) {
    for (const std::string& error : errors) {
      log_.Error("web", "web configuration refused, the old one stays",
                 {{"err", error}});
    }
  }
  refusal_ = std::move(errors);
  return state_;
}

bool LiveWebConfig::IsDue() const {
  const auto changed = [](const auto& file) {
    return FileStamp::Of(file.first) != file.second;
  };
  if (std::any_of(watched_.begin(), watched_.end(), changed)) return true;
  return !refusal_.empty() && clock_.Steady() - read_at_ >= kRetryInterval;
}

LiveWebConfig::Errors LiveWebConfig::Read() {
  read_at_ = clock_.Steady();
  // Before a file is read, so that a change in between is seen next time.
  watched_ = {{path_, FileStamp::Of(path_)}};
  config::WebConfigReading reading = config::ReadWebConfig(path_);
  for (const std::string& file : FilesOf(reading.config)) {
    watched_.emplace(file, FileStamp::Of(file));
  }
  Errors warnings;
  Result<WebState, Errors> state =
      MakeWebState(path_, std::move(reading), clock_.Wall(), warnings);
  if (!state.ok()) return std::move(state).error();
  if (const std::string lost = LostProtection(*state_, *state); !lost.empty()) {
    return {path_ + ": " + lost};
  }
  for (const std::string& warning : warnings) log_.Warn("web", warning);
  state_ = std::make_shared<const WebState>(*std::move(state));
  return {};
}

}  // namespace operator_connect::web
