#include "exporter/flags.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "exporter/base/duration.h"
#include "exporter/base/text.h"
#include "exporter/base/version.h"

namespace operator_connect {
namespace {

constexpr std::string_view kHelp =
    R"(usage: operator_connect_exporter [<flags>]

Prometheus exporter for Microsoft Operator Connect on AudioCodes Live Platform:
leads, licenses, phone numbers, and what failed to be synchronised.

Flags:
  -h, --help                     Show this help.
      --config.file="operator_connect_exporter.yml"
                                 The configuration: accounts, and when they are
                                 collected.
      --config.check             Check the configuration and the web
                                 configuration, say what is wrong by file, line
                                 and key, and exit with 0 or 1. Does not touch
                                 the network.
      --web.listen-address=:10390 ...
                                 Address to listen on: host:port, [v6]:port or
                                 :port. Repeatable. Port 0 picks a free one and
                                 logs it.
      --web.telemetry-path="/metrics"
                                 Path under which to expose metrics.
      --web.config.file=""       Configuration of TLS, basic authentication and
                                 response headers, in the format of Prometheus'
                                 exporter-toolkit:
                                 https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md
      --web.max-requests=40      Scrapes answered at once; one more gets 503.
      --web.enable-lifecycle     Allow POST /-/reload. SIGHUP always reloads.
      --web.health-without-auth  /-/healthy and /-/ready need no password.
      --scrape.default-timeout=10s
                                 How long a scrape may wait that brings no
                                 timeout of its own.
      --timeout-offset=0.5       Seconds taken off the scrape timeout that
                                 Prometheus sends, at most half of it.
      --once                     Collect every account once, print the metrics
                                 to standard output, and exit with 0, or with 1
                                 if an account failed.
      --log.level=info           Only log messages of this severity or above.
                                 One of: [debug, info, warn, error]
      --log.format=logfmt        Format of log messages, which go to standard
                                 error. One of: [logfmt, json]
      --version                  Show version information.
)";

// What CLI11 fills in, before it is checked.
struct Raw {
  bool version = false;
  std::vector<std::string> listen_addresses;
  std::string max_requests = "40";
  std::string default_timeout = "10s";
  std::string timeout_offset = "0.5";
  std::string log_level = "info";
  std::string log_format = "logfmt";
};

void Describe(CLI::App& app, Flags& flags, Raw& raw) {
  // Help is ours, and asked for before CLI11 sees a mistake.
  app.set_help_flag();
  app.add_flag("--version", raw.version);
  app.add_option("--config.file", flags.config_file);
  app.add_flag("--config.check", flags.config_check);
  app.add_option("--web.listen-address", raw.listen_addresses)
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
  app.add_option("--web.telemetry-path", flags.telemetry_path);
  app.add_option("--web.config.file", flags.web_config_file);
  app.add_option("--web.max-requests", raw.max_requests);
  app.add_flag("--web.enable-lifecycle", flags.enable_lifecycle);
  app.add_flag("--web.health-without-auth", flags.health_without_auth);
  app.add_option("--scrape.default-timeout", raw.default_timeout);
  app.add_option("--timeout-offset", raw.timeout_offset);
  app.add_flag("--once", flags.once);
  app.add_option("--log.level", raw.log_level);
  app.add_option("--log.format", raw.log_format);
}

EarlyExit WrongUsage(const std::string& why) {
  return {2, "operator_connect_exporter: " + why +
                 "; try operator_connect_exporter --help\n"};
}

EarlyExit ShowVersion() {
  const BuildInfo& build = GetBuildInfo();
  std::string text = "operator_connect_exporter, version ";
  text += build.version;
  text += " (branch: ";
  text += build.branch;
  text += ", revision: ";
  text += build.revision;
  text += ")\n  compiler: ";
  text += build.compiler;
  return {0, text + "\n"};
}

// Whole text or nothing.
template <typename Number>
std::optional<Number> Parse(std::string_view text) {
  Number value{};
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return value;
}

// Empty if metrics can be served at `path`, else what is wrong with it.
std::string CheckTelemetryPath(const std::string& path) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
  if (path.size() < 2 || path.front() != '/' || path.back() == '/' ||
      path.find("//") != path.npos || path.find("/.") != path.npos ||
      path.find_first_not_of(kAllowed) != path.npos) {
    return "must begin with /, not end with /, and hold letters, digits, "
           "- . _ ~ / only";
  }
  for (const std::string taken : {"/probe", "/sd", "/config", "/-"}) {
    if (path == taken || path.compare(0, taken.size() + 1, taken + "/") == 0) {
      return taken + " is taken by another page";
    }
  }
  return "";
}

std::string CheckListen(const Raw& raw, Flags& flags) {
  flags.listen_addresses.clear();
  for (const std::string& text : raw.listen_addresses) {
    const auto address = ParseListenAddress(text);
    if (!address.ok()) return "--web.listen-address: " + address.error();
    flags.listen_addresses.push_back(*address);
  }
  if (flags.listen_addresses.empty()) {
    flags.listen_addresses.push_back({"", 10390});
  }
  return "";
}

std::string CheckLog(const Raw& raw, Flags& flags) {
  const std::vector<std::string> levels = {"debug", "info", "warn", "error"};
  const auto level = std::find(levels.begin(), levels.end(), raw.log_level);
  if (level == levels.end()) {
    return "--log.level must be one of debug, info, warn, error";
  }
  flags.log_level = static_cast<LogLevel>(level - levels.begin());
  if (raw.log_format != "logfmt" && raw.log_format != "json") {
    return "--log.format must be one of logfmt, json";
  }
  flags.log_format =
      raw.log_format == "json" ? LogFormat::kJson : LogFormat::kLogfmt;
  return "";
}

// Fills in what needed more than CLI11's types; gives what is wrong, if any.
std::string Check(const Raw& raw, Flags& flags) {
  std::string wrong = CheckListen(raw, flags);
  if (wrong.empty()) wrong = CheckLog(raw, flags);
  if (!wrong.empty()) return wrong;
  if (flags.config_file.empty()) return "--config.file must not be empty";
  wrong = CheckTelemetryPath(flags.telemetry_path);
  if (!wrong.empty()) return "--web.telemetry-path: " + wrong;
  const auto max_requests = Parse<int>(raw.max_requests);
  if (!max_requests || *max_requests < 1 || *max_requests > 100000) {
    return "--web.max-requests must be a whole number from 1 to 100000";
  }
  flags.max_requests = *max_requests;
  const auto default_timeout = ParseDuration(raw.default_timeout);
  if (!default_timeout || *default_timeout <= Duration::zero()) {
    return "--scrape.default-timeout must be a duration above 0, such as 10s";
  }
  flags.default_timeout = *default_timeout;
  const auto offset = Parse<double>(raw.timeout_offset);
  if (!offset || !(*offset >= 0 && *offset <= 86400)) {
    return "--timeout-offset must be a number of seconds from 0 to 86400";
  }
  flags.timeout_offset = std::chrono::duration_cast<Duration>(
      std::chrono::duration<double>(*offset));
  return "";
}

// CLI11's own words name the flag, but may run over several lines.
std::string OneLine(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return std::string(TrimWhitespace(text));
}

}  // namespace

Result<ListenAddress, std::string> ParseListenAddress(std::string_view text) {
  const std::string wrong =
      "write host:port, [v6]:port or :port, with a port from 0 to 65535";
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos) return wrong;
  const auto port = Parse<int>(text.substr(colon + 1));
  if (!port || *port < 0 || *port > 65535 || text[colon + 1] == '-') {
    return wrong;
  }
  std::string_view host = text.substr(0, colon);
  const bool brackets =
      host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (brackets) host = host.substr(1, host.size() - 2);
  constexpr std::string_view kName =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
  constexpr std::string_view kV6 = "0123456789abcdefABCDEF:.";
  // A zone, as in fe80::1%eth0, is a name.
  const std::size_t zone = brackets ? host.find('%') : host.npos;
  const std::string_view address = host.substr(0, zone);
  if (address.find_first_not_of(brackets ? kV6 : kName) != address.npos) {
    return wrong;
  }
  if (zone != host.npos &&
      host.substr(zone + 1).find_first_not_of(kName) != host.npos) {
    return wrong;
  }
  return ListenAddress{std::string(host), *port};
}

Result<Flags, EarlyExit> ParseFlags(int argc, const char* const* argv) {
  Flags flags;
  Raw raw;
  CLI::App app;
  Describe(app, flags, raw);
  std::vector<std::string> arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    // Asked for help, a person gets it whatever else is there.
    if (argument == "-h" || argument == "--help") {
      return EarlyExit{0, std::string(kHelp)};
    }
    // CLI11 would take the next argument for the value of "--flag=".
    const bool empty_value = argument.compare(0, 2, "--") == 0 &&
                             argument.size() > 3 &&
                             argument.find('=') == argument.size() - 1;
    arguments.push_back(argument.substr(0, argument.size() - empty_value));
    if (empty_value) arguments.emplace_back();
  }
  // CLI11 wants a vector of arguments from the last to the first.
  std::reverse(arguments.begin(), arguments.end());
  try {
    app.parse(arguments);
  } catch (const CLI::Error& error) {
    return WrongUsage(OneLine(error.what()));
  }
  if (raw.version) return ShowVersion();
  const std::string wrong = Check(raw, flags);
  if (!wrong.empty()) return WrongUsage(wrong);
  return flags;
}

}  // namespace operator_connect
