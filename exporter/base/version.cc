#include "exporter/base/version.h"

// The build defines these for this file alone, so that a commit recompiles
// nothing else.
#ifndef OC_VERSION
#define OC_VERSION "unknown"
#endif
#ifndef OC_REVISION
#define OC_REVISION "unknown"
#endif
#ifndef OC_BRANCH
#define OC_BRANCH "unknown"
#endif

#define OC_TEXT_OF(x) #x
#define OC_TEXT(x) OC_TEXT_OF(x)

namespace operator_connect {
namespace {

#if defined(__clang__)
constexpr std::string_view kCompiler =
    "clang " OC_TEXT(__clang_major__) "." OC_TEXT(__clang_minor__) "." OC_TEXT(
        __clang_patchlevel__);
#elif defined(__GNUC__)
constexpr std::string_view kCompiler = "gcc " OC_TEXT(__GNUC__) "." OC_TEXT(
    __GNUC_MINOR__) "." OC_TEXT(__GNUC_PATCHLEVEL__);
#else
constexpr std::string_view kCompiler = "unknown";
#endif

}  // namespace

const BuildInfo& GetBuildInfo() {
  static constexpr BuildInfo kBuildInfo = {OC_VERSION, OC_REVISION, OC_BRANCH,
                                           kCompiler};
  return kBuildInfo;
}

}  // namespace operator_connect
