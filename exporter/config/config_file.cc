#include "exporter/config/config_file.h"

#include "exporter/base/file.h"

namespace operator_connect::config {

Result<std::string, Problem> ReadConfigFile(const std::string& path) {
  Result<std::string, FileError> text = ReadFile(path, kMaxConfigFile);
  if (text.ok()) return std::move(text).value();
  return Problem{path, 1, "",
                 "cannot read the file: " + text.error().message +
                     "; name a YAML file of at most 8MiB"};
}

}  // namespace operator_connect::config
