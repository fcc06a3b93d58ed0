#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_LOAD_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_LOAD_H_

#include <string>
#include <string_view>

#include "exporter/base/result.h"
#include "exporter/config/config.h"
#include "exporter/config/yaml/problem.h"

namespace operator_connect::config {

// Reads and checks the configuration at `path`. Reports every problem, not only
// the first. Secret, certificate and key files must exist and be readable; the
// network is never used. Relative paths start at the folder of `path`. The
// default of history.path is history.db in systemd's state directory
// ($STATE_DIRECTORY), if there is one. Any thread.
Result<Config, Problems> LoadConfig(const std::string& path);

// Does the same for a text in place of the file `path`.
Result<Config, Problems> ParseConfig(std::string_view yaml,
                                     const std::string& path);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_LOAD_H_
