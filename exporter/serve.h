#ifndef OPERATOR_CONNECT_EXPORTER_SERVE_H_
#define OPERATOR_CONNECT_EXPORTER_SERVE_H_

#include <iosfwd>

#include "exporter/base/clock.h"
#include "exporter/base/log.h"
#include "exporter/flags.h"

namespace operator_connect {

// Serves until SIGTERM or SIGINT. Reloads at SIGHUP, and with
// auto_reload_interval when the configuration has changed. Call from the main
// thread while it is the only one. Returns the exit code.
int ServeUntilSignal(const Flags& flags, const Clock& clock, Log& log,
                     std::ostream& err);

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_SERVE_H_
