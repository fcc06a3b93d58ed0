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

// Why the program cannot begin, each a line for standard error.
using StartErrors = std::vector<std::string>;

// The exporter, serving: collector, endpoints and server put together.
// Thread-safe.
class App {
 public:
  // Reads the configurations, opens the listeners and begins to serve; asks
  // nothing of the network. `clock` and `log` outlive the app.
  static Result<std::unique_ptr<App>, StartErrors> Start(const Flags& flags,
                                                         const Clock& clock,
                                                         Log& log);
  // Drains, if Drain() was not called.
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  // Where it listens, as bound: such as 127.0.0.1:10390 or [::]:10390.
  const std::vector<std::string>& addresses() const;

  // Reads the configuration again and puts it into force. A bad one is
  // refused with the reason, and the old one stays.
  Result<Done, std::string> Reload();

  // Reloads as Reload() does when the content of the configuration, or of a
  // file that it names other than a secret, has changed, and again while the
  // newest one is refused; the same reason is logged once. False: a content may
  // be half written, so look again soon.
  bool ReloadIfChanged();

  // Answers what is under way with what there is, cancels collections, and
  // closes every connection. Takes less than five seconds.
  void Drain();

 private:
  class Impl;
  explicit App(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_APP_H_
