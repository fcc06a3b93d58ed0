#ifndef OPERATOR_CONNECT_EXPORTER_FLAGS_H_
#define OPERATOR_CONNECT_EXPORTER_FLAGS_H_

#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/listen_address.h"
#include "exporter/base/log.h"
#include "exporter/base/result.h"
#include "exporter/web/endpoint_options.h"

namespace operator_connect {

// The checked command line.
struct Flags : web::EndpointOptions {
  std::string config_file = "operator_connect_exporter.yml";
  bool config_check = false;
  Duration auto_reload_interval{};              // 0: never
  std::vector<ListenAddress> listen_addresses;  // at least one
  bool systemd_socket = false;  // listen only on systemd's sockets
  std::string web_config_file;  // empty: none
  bool once = false;
  LogLevel log_level = LogLevel::kInfo;
  LogFormat log_format = LogFormat::kLogfmt;
};

// Why the program ends at once: --help or --version (exit_code 0, `text` is for
// standard output), or wrong usage (2, for standard error). The text ends in a
// newline.
struct EarlyExit {
  int exit_code = 0;
  std::string text;
};

// Parses the command line, argv[0] included. Prints nothing and opens no file.
Result<Flags, EarlyExit> ParseFlags(int argc, const char* const* argv);

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_FLAGS_H_
