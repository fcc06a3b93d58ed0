#ifndef OPERATOR_CONNECT_EXPORTER_FLAGS_H_
#define OPERATOR_CONNECT_EXPORTER_FLAGS_H_

#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/log.h"
#include "exporter/base/result.h"

namespace operator_connect {

// Where to listen. An empty host: every address of this machine, IPv6 and
// IPv4.
struct ListenAddress {
  std::string host;  // a name or an address, IPv6 without its brackets
  int port = 0;      // 0: any free one
  bool operator==(const ListenAddress&) const = default;
};

// The command line, checked.
struct Flags {
  std::string config_file = "operator_connect_exporter.yml";
  bool config_check = false;
  std::vector<ListenAddress> listen_addresses;  // at least one
  std::string telemetry_path = "/metrics";      // no slash at its end
  std::string web_config_file;                  // empty: none
  int max_requests = 40;                        // 1 or more
  bool enable_lifecycle = false;
  bool health_without_auth = false;
  Duration timeout_offset = std::chrono::milliseconds(500);  // 0 or more
  bool once = false;
  LogLevel log_level = LogLevel::kInfo;
  LogFormat log_format = LogFormat::kLogfmt;
};

// Why the program ends before it begins: --help or --version (exit_code 0,
// `text` is for standard output), or wrong usage (2, for standard error). The
// text ends in a newline.
struct EarlyExit {
  int exit_code = 0;
  std::string text;
};

// Reads the command line, argv[0] included. Nothing is printed, no file is
// touched.
Result<Flags, EarlyExit> ParseFlags(int argc, const char* const* argv);

// host:port, [v6]:port or :port. The error says what is wrong.
Result<ListenAddress, std::string> ParseListenAddress(std::string_view text);

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_FLAGS_H_
