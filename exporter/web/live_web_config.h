#ifndef OPERATOR_CONNECT_EXPORTER_WEB_LIVE_WEB_CONFIG_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_LIVE_WEB_CONFIG_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/file_stamp.h"
#include "exporter/base/log.h"
#include "exporter/base/mutex.h"
#include "exporter/base/result.h"
#include "exporter/config/web_config.h"
#include "exporter/web/tls_context.h"

namespace operator_connect::web {

// The web configuration in force, and the TLS context made from it. Never
// changes.
struct WebState {
  config::WebConfig config;
  TlsContext tls;  // null: plain HTTP
};

// Reads a web configuration and all files that it names, as a server would use
// them. The errors are lines for people.
Result<WebState, std::vector<std::string>> LoadWebState(
    const std::string& path, WallTime now, std::vector<std::string>& warnings);

// The web configuration, read again when it or a file that it names changes, so
// that renewed certificates and new passwords take effect without a restart. A
// bad new file keeps the old state, and is logged once; it is tried again when
// it or a file that it names changes. Thread-safe.
class LiveWebConfig {
 public:
  // `path` empty: plain HTTP without passwords. Logs expired certificates.
  // `clock` and `log` outlive the object.
  static Result<std::unique_ptr<LiveWebConfig>, std::vector<std::string>> Load(
      const std::string& path, const Clock& clock, Log& log);

  // The newest good state. Calls stat() for each file; reads them only if one
  // has changed, or once a second while they are refused.
  std::shared_ptr<const WebState> Current();

 private:
  using Errors = std::vector<std::string>;

  LiveWebConfig(std::string path, const Clock& clock, Log& log);
  bool IsDue() const OC_REQUIRES(mutex_);
  // Puts the present files into force, or says why not.
  Errors Read() OC_REQUIRES(mutex_);

  const std::string path_;
  const Clock& clock_;
  Log& log_;

  Mutex mutex_;
  // The files used by the newest reading, in their state at that time.
  std::map<std::string, FileStamp> watched_ OC_GUARDED_BY(mutex_);
  SteadyTime read_at_ OC_GUARDED_BY(mutex_);
  // Why the newest reading was refused; empty: it is in force.
  Errors refusal_ OC_GUARDED_BY(mutex_);
  std::shared_ptr<const WebState> state_ OC_GUARDED_BY(mutex_);
};

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_LIVE_WEB_CONFIG_H_
