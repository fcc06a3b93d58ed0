#include "exporter/serve.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <ctime>
#include <ostream>

#include "exporter/app.h"
#include "exporter/service_manager.h"

namespace operator_connect {
namespace {

// A file that has not changed for this time is not being written.
constexpr Duration kSettleTime = std::chrono::seconds(1);

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
  NotifyReloading();
  // The log has the reason of a failure; the old configuration stays in force.
  [[maybe_unused]] const Result<Done, std::string> reloaded = app.Reload();
  NotifyServiceManager("READY=1");
}

// The next signal; 0: none came within `wait`. A `wait` of 0 has no limit.
int NextSignal(const sigset_t& signals, Duration wait) {
  if (wait <= Duration::zero()) {
    int received = 0;
    return sigwait(&signals, &received) == 0 ? received : 0;
  }
  const auto seconds = std::chrono::floor<std::chrono::seconds>(wait);
  timespec time = {};
  time.tv_sec = seconds.count();
  time.tv_nsec = (wait - seconds).count();
  return std::max(sigtimedwait(&signals, nullptr, &time), 0);
}

// Returns the time until the next look; 0: never.
Duration LookForChange(App& app, Duration interval) {
  if (interval <= Duration::zero()) return interval;
  return app.ReloadIfChanged() ? interval : std::min(interval, kSettleTime);
}

}  // namespace

int ServeUntilSignal(const Flags& flags, const Clock& clock, Log& log,
                     std::ostream& err) {
  // Blocked before other threads start, which inherit it: all signals arrive at
  // NextSignal(), and nothing runs in a handler.
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
  NotifyServiceManager("READY=1");
  Duration wait = flags.auto_reload_interval;
  for (;;) {
    const int received = NextSignal(signals, wait);
    if (received == 0) {
      wait = LookForChange(app, flags.auto_reload_interval);
      continue;
    }
    if (received == SIGHUP) {
      Reload(app, log);
      continue;
    }
    log.Info("app", "draining",
             {{"signal", received == SIGTERM ? "SIGTERM" : "SIGINT"}});
    NotifyServiceManager("STOPPING=1");
    app.Drain();
    log.Info("app", "stopped");
    return 0;
  }
}

}  // namespace operator_connect
