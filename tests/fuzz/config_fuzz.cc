// Any bytes as a configuration and as a web configuration: nothing crashes,
// every problem is one line, and a configuration that loads is shown as YAML
// that loads.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "exporter/config/load.h"
#include "exporter/config/show.h"
#include "exporter/config/web_config.h"

namespace {

using operator_connect::config::Problem;
using operator_connect::config::Problems;

void Require(bool condition) {
  if (!condition) std::abort();
}

void CheckProblems(const Problems& problems) {
  int line = 0;
  for (const Problem& problem : problems) {
    const std::string text = problem.ToString();
    Require(text.find_first_of("\r\n") == std::string::npos);
    Require(text.size() > problem.file.size());
    Require(problem.line == 0 || problem.line >= line);
    line = problem.line;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace operator_connect::config;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string path = "/nonexistent/exporter.yml";
  CheckProblems(ParseWebConfig(text, path).problems);
  const auto config = ParseConfig(text, path);
  if (!config.ok()) {
    Require(!config.error().empty());
    CheckProblems(config.error());
    return 0;
  }
  const std::string shown = ToYaml(*config);
  const auto again = ParseConfig(shown, path);
  Require(again.ok());
  Require(ToYaml(*again) == shown);
  return 0;
}
