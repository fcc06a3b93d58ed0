#ifndef OPERATOR_CONNECT_EXPORTER_CHECK_H_
#define OPERATOR_CONNECT_EXPORTER_CHECK_H_

#include <iosfwd>

#include "exporter/base/clock.h"
#include "exporter/flags.h"

namespace operator_connect {

// --config.check: checks both configurations without the network. Writes each
// problem as a line to `err`, and "FILE: ok" to `out`. Returns the exit code.
int CheckConfiguration(const Flags& flags, const Clock& clock,
                       std::ostream& out, std::ostream& err);

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_CHECK_H_
