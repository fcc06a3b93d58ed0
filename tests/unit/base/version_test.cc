#include "exporter/base/version.h"

#include <doctest/doctest.h>

namespace operator_connect {
namespace {

TEST_CASE("the build has a version, revision, branch and compiler") {
  const BuildInfo& build = GetBuildInfo();
  CHECK(build.version.find('.') != build.version.npos);
  CHECK_FALSE(build.revision.empty());
  CHECK_FALSE(build.branch.empty());
#if defined(__clang__)
  CHECK(build.compiler.substr(0, 6) == "clang ");
#else
  CHECK(build.compiler.substr(0, 4) == "gcc ");
#endif
}

}  // namespace
}  // namespace operator_connect
