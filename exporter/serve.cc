#include "exporter/serve.h"

#include <pthread.h>
#include <signal.h>

#include <ostream>

#include "exporter/app.h"
#include "exporter/web/service_manager.h"

namespace operator_connect {
namespace {

sigset_t HandledSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  return signals;
}

void Reload(App& app, Log& log) {
  log.Info("app", "reload asked for by a signal");
  web::NotifyReloading();
  // What was wrong is in the log already; the old configuration serves.
  [[maybe_unused]] const Result<Done, std::string> reloaded = app.Reload();
  web::NotifyServiceManager("READY=1");
}

}  // namespace

int ServeUntilSignal(const Flags& flags, const Clock& clock, Log& log,
                     std::ostream& err) {
  // Blocked before there are other threads, which inherit it: signals come
  // to sigwait() below and nowhere else, and nothing runs in a handler.
  const sigset_t signals = HandledSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  Result<std::unique_ptr<App>, StartErrors> started =
      App::Start(flags, clock, log);
  if (!started.ok()) {
    for (const std::string& error : started.error()) err << error << '\n';
    return 1;
  }
  App& app = **started;
  web::NotifyServiceManager("READY=1");
  for (;;) {
    int received = 0;
    if (sigwait(&signals, &received) != 0) continue;
    if (received == SIGHUP) {
      Reload(app, log);
      continue;
    }
    log.Info("app", "draining",
             {{"signal", received == SIGTERM ? "SIGTERM" : "SIGINT"}});
    web::NotifyServiceManager("STOPPING=1");
    app.Drain();
    log.Info("app", "stopped");
    return 0;
  }
}

}  // namespace operator_connect
