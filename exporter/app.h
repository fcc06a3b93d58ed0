#ifndef OPERATOR_CONNECT_EXPORTER_APP_H_
#define OPERATOR_CONNECT_EXPORTER_APP_H_

#include <memory>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/log.h"
#include "exporter/base/result.h"
#include "exporter/flags.h"

namespace operator_connect {

// Why the program cannot start, as lines for standard error.
using StartErrors = std::vector<std::string>;

// The serving exporter: collector, endpoints and server. Thread-safe.
class App {
 public:
  // Reads the configurations, opens the listeners and begins to serve. Sends
  // nothing. `clock` and `log` outlive the app.
  static Result<std::unique_ptr<App>, StartErrors> Start(const Flags& flags,
                                                         const Clock& clock,
                                                         Log& log);
  // Drains unless Drain() was called.
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  // The bound addresses, such as 127.0.0.1:10390 or [::]:10390.
  const std::vector<std::string>& addresses() const;

  // Reads the configuration again and puts it into force. Refuses an invalid
  // one with the reason; the old one stays.
  Result<Done, std::string> Reload();

  // Calls Reload() if the content of the configuration, or of a file that it
  // names other than a secret, has changed, and while the last one is refused;
  // logs the same reason once. False: a file may be half written, so look again
  // soon.
  bool ReloadIfChanged();

  // Ends waiting scrapes with the present results, cancels collections, and
  // closes every connection. Takes less than five seconds.
  void Drain();

 private:
  class Impl;
  explicit App(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_APP_H_
