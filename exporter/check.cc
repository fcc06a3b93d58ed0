#include "exporter/check.h"

#include <ostream>
#include <string>
#include <vector>

#include "exporter/config/load.h"
#include "exporter/web/live_web_config.h"

namespace operator_connect {

int CheckConfiguration(const Flags& flags, const Clock& clock,
                       std::ostream& out, std::ostream& err) {
  std::vector<std::string> errors;
  const Result<config::Config, config::Problems> loaded =
      config::LoadConfig(flags.config_file);
  if (loaded.ok()) {
    out << flags.config_file << ": ok\n";
  } else {
    for (const config::Problem& problem : loaded.error()) {
      errors.push_back(problem.ToString());
    }
  }
  if (!flags.web_config_file.empty()) {
    std::vector<std::string> warnings;
    const Result<web::WebState, std::vector<std::string>> web_state =
        web::LoadWebState(flags.web_config_file, clock.Wall(), warnings);
    for (const std::string& warning : warnings) {
      err << "warning: " << warning << '\n';
    }
    if (web_state.ok()) {
      out << flags.web_config_file << ": ok\n";
    } else {
      errors.insert(errors.end(), web_state.error().begin(),
                    web_state.error().end());
    }
  }
  for (const std::string& error : errors) err << error << '\n';
  return errors.empty() ? 0 : 1;
}

}  // namespace operator_connect
