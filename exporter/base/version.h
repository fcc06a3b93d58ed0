#ifndef OPERATOR_CONNECT_EXPORTER_BASE_VERSION_H_
#define OPERATOR_CONNECT_EXPORTER_BASE_VERSION_H_

#include <string_view>

namespace operator_connect {

// The program's version and build. "unknown" where the build could not find
// out.
struct BuildInfo {
  std::string_view version;   // such as 1.1.0
  std::string_view revision;  // git commit
  std::string_view branch;
  std::string_view compiler;  // such as "gcc 12.2.0"
};

const BuildInfo& GetBuildInfo();

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_BASE_VERSION_H_
