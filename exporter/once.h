#ifndef OPERATOR_CONNECT_EXPORTER_ONCE_H_
#define OPERATOR_CONNECT_EXPORTER_ONCE_H_

#include <iosfwd>

#include "exporter/base/clock.h"
#include "exporter/base/log.h"
#include "exporter/flags.h"

namespace operator_connect {

// --once: collects every account once. Writes the exposition to `out`, and a
// line about each account to `err`. Returns the exit code: 1 if an account
// failed, the configuration is invalid or `out` cannot be written.
int CollectOnce(const Flags& flags, const Clock& clock, Log& log,
                std::ostream& out, std::ostream& err);

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_ONCE_H_
