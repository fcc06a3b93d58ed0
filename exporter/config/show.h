#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_SHOW_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_SHOW_H_

#include <string>

#include "exporter/config/config.h"

namespace operator_connect::config {

// Writes the configuration as YAML with every default, for people to read.
// Secrets, values of endpoint_params and user info in URLs appear as <secret>.
std::string ToYaml(const Config& config);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_SHOW_H_
