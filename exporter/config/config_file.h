#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_CONFIG_FILE_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_CONFIG_FILE_H_

#include <cstddef>
#include <string>

#include "exporter/base/result.h"
#include "exporter/config/yaml/problem.h"

namespace operator_connect::config {

// The largest configuration file in bytes; enough for some 10,000 accounts.
inline constexpr std::size_t kMaxConfigFile = std::size_t{8} << 20;

// Reads the file at `path`. The error is the problem that the file cannot be
// read or is too large.
Result<std::string, Problem> ReadConfigFile(const std::string& path);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_CONFIG_FILE_H_
