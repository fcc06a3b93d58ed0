#include "exporter/flags.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "exporter/base/duration.h"
#include "exporter/base/version.h"

namespace operator_connect {
namespace {

// Flags as they are written, before Convert().
struct Raw {
  std::vector<std::string> listen_addresses = {":10390"};
  std::string default_timeout = "10s";
  std::string auto_reload_interval = "0s";
  double timeout_offset = 0.5;
  std::string log_level = "info";
  std::string log_format = "logfmt";
};

// In the order of LogLevel.
const std::vector<std::string>& LevelNames() {
  static const std::vector<std::string> kNames = {"debug", "info", "warn",
                                                  "error"};
  return kNames;
}

std::string VersionText() {
  const BuildInfo& build = GetBuildInfo();
  std::string text = "operator_connect_exporter, version ";
  text += build.version;
  text += " (branch: ";
  text += build.branch;
  text += ", revision: ";
  text += build.revision;
  text += ")\n  compiler: ";
  text += build.compiler;
  return text;
}

// The fault of a path for metrics; empty: there is none.
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

// Each check returns the fault of a flag's text; empty: there is none.
std::string CheckListenAddress(const std::string& text) {
  const auto address = ParseListenAddress(text);
  return address.ok() ? "" : address.error();
}

std::string CheckNotEmpty(const std::string& text) {
  return text.empty() ? "must not be empty" : "";
}

std::string CheckTimeout(const std::string& text) {
  const auto timeout = ParseDuration(text);
  return timeout && *timeout > Duration::zero()
             ? ""
             : "must be a duration above 0, such as 10s";
}

std::string CheckInterval(const std::string& text) {
  return ParseDuration(text) ? "" : "must be a duration, such as 30s";
}

// CLI11 also accepts hexadecimal numbers, inf and nan.
std::string CheckDecimal(const std::string& text) {
  return text.find_first_not_of("0123456789.") == text.npos
             ? ""
             : "must be a number of seconds such as 0.5";
}

void AddWebFlags(CLI::App& app, Flags& flags, Raw& raw) {
  app.add_option("--web.listen-address", raw.listen_addresses,
                 "Address to listen on: host:port, [v6]:port or :port.\n"
                 "Repeatable. Port 0 picks a free one and logs it.")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false)
      ->default_str(":10390")
      ->check(CheckListenAddress);
  app.add_flag("--web.systemd-socket", flags.systemd_socket,
               "Listen on the sockets that systemd hands over, and on\n"
               "nothing else; without any, do not start.");
  app.add_option("--web.telemetry-path", flags.telemetry_path,
                 "Path under which to expose metrics.")
      ->capture_default_str()
      ->check(CheckTelemetryPath);
  app.add_option("--web.config.file", flags.web_config_file,
                 "Configuration of TLS, passwords and response headers,\n"
                 "in the format of Prometheus' exporter-toolkit.");
  app.add_option("--web.max-requests", flags.max_requests,
                 "Scrapes answered at once; one more gets 503.")
      ->capture_default_str()
      ->check(CLI::Range(1, 100000));
  app.add_flag("--web.enable-lifecycle", flags.enable_lifecycle,
               "Allow POST /-/reload. SIGHUP always reloads.");
  app.add_flag("--web.health-without-auth", flags.health_without_auth,
               "/-/healthy and /-/ready need no password.");
  app.add_option("--scrape.default-timeout", raw.default_timeout,
                 "How long a scrape may wait that brings no timeout.")
      ->capture_default_str()
      ->check(CheckTimeout);
  app.add_option("--timeout-offset", raw.timeout_offset,
                 "Seconds taken off the scrape timeout that Prometheus\n"
                 "sends, at most half of it.")
      ->capture_default_str()
      ->check(CheckDecimal)
      ->check(CLI::Range(0.0, 86400.0));
}

void AddFlags(CLI::App& app, Flags& flags, Raw& raw) {
  app.get_formatter()->column_width(34);
  app.set_help_flag("-h,--help", "Show this help.");
  app.set_version_flag("--version", VersionText, "Show the version.");
  app.add_option("--config.file", flags.config_file,
                 "The configuration: accounts, and when they are collected.")
      ->capture_default_str()
      ->check(CheckNotEmpty);
  app.add_flag("--config.check", flags.config_check,
               "Check the configuration and the web configuration, say\n"
               "what is wrong by file, line and key, and exit with 0\n"
               "or 1. Does not touch the network.");
  app.add_option("--config.auto-reload-interval", raw.auto_reload_interval,
                 "How often to look whether the configuration, or a file\n"
                 "that it names other than a secret, has changed, and\n"
                 "reload it then. 0s: never.")
      ->capture_default_str()
      ->check(CheckInterval);
  AddWebFlags(app, flags, raw);
  app.add_flag("--once", flags.once,
               "Collect every account once, print the metrics to\n"
               "standard output, and exit with 0, or with 1 if an\n"
               "account failed.");
  app.add_option("--log.level", raw.log_level,
                 "Only log messages of this severity or above.")
      ->capture_default_str()
      ->check(CLI::IsMember(LevelNames()));
  app.add_option("--log.format", raw.log_format,
                 "Format of log messages, which go to standard error.")
      ->capture_default_str()
      ->check(CLI::IsMember({"logfmt", "json"}));
}

// `raw` has passed its checks.
void Convert(const Raw& raw, Flags& flags) {
  for (const std::string& text : raw.listen_addresses) {
    flags.listen_addresses.push_back(*ParseListenAddress(text));
  }
  flags.default_timeout = *ParseDuration(raw.default_timeout);
  flags.auto_reload_interval = *ParseDuration(raw.auto_reload_interval);
  flags.timeout_offset = std::chrono::duration_cast<Duration>(
      std::chrono::duration<double>(raw.timeout_offset));
  const auto& names = LevelNames();
  flags.log_level = static_cast<LogLevel>(
      std::find(names.begin(), names.end(), raw.log_level) - names.begin());
  if (raw.log_format == "json") flags.log_format = LogFormat::kJson;
}

// The arguments from last to first, as CLI11 expects them. Splits "--flag="
// into the flag and an empty value, or CLI11 would take the next argument as
// its value.
std::vector<std::string> Arguments(int argc, const char* const* argv) {
  std::vector<std::string> arguments;
  for (int i = argc - 1; i > 0; --i) {
    const std::string argument = argv[i];
    const bool empty_value = argument.starts_with("--") &&
                             argument.size() > 3 &&
                             argument.find('=') == argument.size() - 1;
    if (empty_value) arguments.emplace_back();
    arguments.push_back(argument.substr(0, argument.size() - empty_value));
  }
  return arguments;
}

}  // namespace

Result<Flags, EarlyExit> ParseFlags(int argc, const char* const* argv) {
  Flags flags;
  Raw raw;
  CLI::App app(
      "Prometheus exporter for Microsoft Operator Connect on AudioCodes Live\n"
      "Platform: leads, licenses, phone numbers, and what failed to be\n"
      "synchronised.",
      "operator_connect_exporter");
  AddFlags(app, flags, raw);
  try {
    app.parse(Arguments(argc, argv));
  } catch (const CLI::Error& error) {
    std::ostringstream out;
    std::ostringstream err;
    const int exit_code = app.exit(error, out, err);
    return EarlyExit{exit_code == 0 ? 0 : 2, out.str() + err.str()};
  }
  Convert(raw, flags);
  return flags;
}

}  // namespace operator_connect
