#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_LOAD_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_LOAD_H_

#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/result.h"
#include "exporter/config/config.h"

namespace operator_connect::config {

// One thing that is wrong in a file of the user's, with its place and remedy.
struct Problem {
  std::string file;
  int line = 0;         // from 1; 0 when the whole file is meant
  std::string key;      // such as accounts[0].oauth2.client_id; may be empty
  std::string message;  // what is wrong and what to write instead; no secrets

  // "exporter.yml:12: accounts[0].oauth2.client_id: must be a string".
  // One line, whatever the file holds.
  std::string ToString() const;
};

// All that is wrong, in the order of the file; never empty.
using Problems = std::vector<Problem>;

// Reads and checks the configuration at `path`. Finds every problem, not the
// first only. Secret, certificate and key files must exist and be readable;
// the network is never touched. Relative paths count from the folder of
// `path`. Any thread.
Result<Config, Problems> LoadConfig(const std::string& path);

// The same for a text that stands for the file `path`.
Result<Config, Problems> ParseConfig(std::string_view yaml,
                                     const std::string& path);

// The configuration as YAML with every default written out, for people to
// look at: secrets, values of endpoint_params and user info in URLs are shown
// as <secret>.
std::string ToYaml(const Config& config);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_LOAD_H_
