#include "exporter/flags.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace operator_connect {
namespace {

Result<Flags, EarlyExit> Parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "operator_connect_exporter");
  return ParseFlags(static_cast<int>(arguments.size()), arguments.data());
}

Flags Parsed(std::vector<const char*> arguments) {
  const auto flags = Parse(std::move(arguments));
  CAPTURE((flags.ok() ? "" : flags.error().text));
  REQUIRE(flags.ok());
  return *flags;
}

TEST_CASE("without flags all documented defaults are in force") {
  const Flags flags = Parsed({});
  CHECK(flags.config_file == "operator_connect_exporter.yml");
  CHECK_FALSE(flags.config_check);
  CHECK(flags.auto_reload_interval == Duration::zero());
  CHECK_FALSE(flags.systemd_socket);
  CHECK(flags.listen_addresses == std::vector<ListenAddress>{{"", 10390}});
  CHECK(flags.telemetry_path == "/metrics");
  CHECK(flags.web_config_file.empty());
  CHECK(flags.max_requests == 40);
  CHECK_FALSE(flags.enable_lifecycle);
  CHECK_FALSE(flags.health_without_auth);
  CHECK(flags.timeout_offset == std::chrono::milliseconds(500));
  CHECK(flags.default_timeout == std::chrono::seconds(10));
  CHECK_FALSE(flags.once);
  CHECK(flags.log_level == LogLevel::kInfo);
  CHECK(flags.log_format == LogFormat::kLogfmt);
}

TEST_CASE("the configuration can be watched for changes") {
  CHECK(Parsed({"--config.auto-reload-interval=30s"}).auto_reload_interval ==
        std::chrono::seconds(30));
  for (const char* wrong :
       {"--config.auto-reload-interval=30", "--config.auto-reload-interval=",
        "--config.auto-reload-interval=-1s"}) {
    const auto flags = Parse({wrong});
    REQUIRE_FALSE(flags.ok());
    CHECK(flags.error().exit_code == 2);
  }
}

TEST_CASE("systemd's sockets can be required") {
  CHECK(Parsed({"--web.systemd-socket"}).systemd_socket);
}

TEST_CASE("the default timeout is a Prometheus duration") {
  CHECK(Parsed({"--scrape.default-timeout=1m30s"}).default_timeout ==
        std::chrono::seconds(90));
}

TEST_CASE("values follow = or are the next argument") {
  for (const auto& arguments : std::vector<std::vector<const char*>>{
           {"--config.file=a b.yml", "--web.telemetry-path=/m/x",
            "--web.config.file=w.yml", "--web.max-requests=7",
            "--timeout-offset=0.25", "--log.level=debug", "--log.format=json",
            "--web.listen-address=[::1]:0",
            "--web.listen-address=localhost:80"},
           {"--config.file", "a b.yml", "--web.telemetry-path", "/m/x",
            "--web.config.file", "w.yml", "--web.max-requests", "7",
            "--timeout-offset", "0.25", "--log.level", "debug", "--log.format",
            "json", "--web.listen-address", "[::1]:0", "--web.listen-address",
            "localhost:80"}}) {
    const Flags flags = Parsed(arguments);
    CHECK(flags.config_file == "a b.yml");
    CHECK(flags.telemetry_path == "/m/x");
    CHECK(flags.web_config_file == "w.yml");
    CHECK(flags.max_requests == 7);
    CHECK(flags.timeout_offset == std::chrono::milliseconds(250));
    CHECK(flags.log_level == LogLevel::kDebug);
    CHECK(flags.log_format == LogFormat::kJson);
    CHECK(flags.listen_addresses ==
          std::vector<ListenAddress>{{"::1", 0}, {"localhost", 80}});
  }
}

TEST_CASE("an empty value is a value") {
  const Flags flags = Parsed({"--web.config.file=", "--once"});
  CHECK(flags.web_config_file.empty());
  CHECK(flags.once);
}

TEST_CASE("switches need no value") {
  const Flags flags = Parsed({"--config.check", "--web.enable-lifecycle",
                              "--web.health-without-auth", "--once"});
  CHECK(flags.config_check);
  CHECK(flags.enable_lifecycle);
  CHECK(flags.health_without_auth);
  CHECK(flags.once);
}

TEST_CASE("every log level has a name") {
  CHECK(Parsed({"--log.level=info"}).log_level == LogLevel::kInfo);
  CHECK(Parsed({"--log.level=warn"}).log_level == LogLevel::kWarn);
  CHECK(Parsed({"--log.level=error"}).log_level == LogLevel::kError);
}

TEST_CASE("wrong usage ends with 2 and a text that names the flag and --help") {
  struct Row {
    std::vector<const char*> arguments;
    const char* named;
  };
  const Row rows[] = {
      {{"--nonsense"}, "--nonsense"},
      {{"extra"}, "extra"},
      {{"--config.file"}, "--config.file"},
      {{"--once=maybe"}, "--once"},
      {{"--web.listen-address", ":1", ":2"}, ":2"},
      {{"--config.file="}, "--config.file"},
      {{"--config.file=a", "--config.file=b"}, "--config.file"},
      {{"--web.max-requests=0"}, "--web.max-requests"},
      {{"--web.max-requests=1x"}, "--web.max-requests"},
      {{"--web.max-requests=99999999999"}, "--web.max-requests"},
      {{"--scrape.default-timeout=0"}, "--scrape.default-timeout"},
      {{"--scrape.default-timeout=10"}, "--scrape.default-timeout"},
      {{"--scrape.default-timeout=-1s"}, "--scrape.default-timeout"},
      {{"--timeout-offset=-1"}, "--timeout-offset"},
      {{"--timeout-offset=nan"}, "--timeout-offset"},
      {{"--timeout-offset=inf"}, "--timeout-offset"},
      {{"--timeout-offset=86401"}, "--timeout-offset"},
      {{"--web.max-requests=100001"}, "--web.max-requests"},
      {{"--log.level=1"}, "--log.level"},
      {{"--timeout-offset=0.5s"}, "--timeout-offset"},
      {{"--log.level=loud"}, "--log.level"},
      {{"--log.format=xml"}, "--log.format"},
      {{"--web.listen-address=10390"}, "--web.listen-address"},
      {{"--web.telemetry-path=metrics"}, "--web.telemetry-path"},
      {{"--web.telemetry-path=/"}, "--web.telemetry-path"},
      {{"--web.telemetry-path=/a?b"}, "--web.telemetry-path"},
      {{"--web.telemetry-path=/a b"}, "--web.telemetry-path"},
      {{"--web.telemetry-path=/../a"}, "--web.telemetry-path"},
      {{"--web.telemetry-path=/probe"}, "--web.telemetry-path"},
      {{"--web.telemetry-path=/sd"}, "--web.telemetry-path"},
      {{"--web.telemetry-path=/config"}, "--web.telemetry-path"},
      {{"--web.telemetry-path=/-/healthy"}, "--web.telemetry-path"},
  };
  for (const Row& row : rows) {
    const auto flags = Parse(row.arguments);
    CAPTURE(std::string(row.arguments.back()));
    REQUIRE_FALSE(flags.ok());
    const std::string& text = flags.error().text;
    CAPTURE(std::string(text));
    CHECK(flags.error().exit_code == 2);
    CHECK(text.find(row.named) != std::string::npos);
    CHECK(text.find("--help") != std::string::npos);
    CHECK(text.back() == '\n');
  }
}

TEST_CASE("help names every flag and default, with any other flags") {
  for (const char* flag : {"--help", "-h"}) {
    const auto flags = Parse({"--nonsense", flag});
    REQUIRE_FALSE(flags.ok());
    CHECK(flags.error().exit_code == 0);
    for (const char* part : {"--config.file",
                             "operator_connect_exporter.yml",
                             "--config.check",
                             "--web.listen-address",
                             ":10390",
                             "--web.telemetry-path",
                             "/metrics",
                             "--web.config.file",
                             "--web.max-requests",
                             "40",
                             "--web.enable-lifecycle",
                             "--web.health-without-auth",
                             "--timeout-offset",
                             "0.5",
                             "--once",
                             "--log.level",
                             "debug,info,warn,error",
                             "info",
                             "--log.format",
                             "logfmt,json",
                             "--version",
                             "-h,"}) {
      CAPTURE(std::string(part));
      CHECK(flags.error().text.find(part) != std::string::npos);
    }
  }
}

TEST_CASE("the version has the form of Prometheus' exporters") {
  const auto flags = Parse({"--version"});
  REQUIRE_FALSE(flags.ok());
  CHECK(flags.error().exit_code == 0);
  const std::string& text = flags.error().text;
  CHECK(text.find("operator_connect_exporter, version ") == 0);
  CHECK(text.find("(branch: ") != std::string::npos);
  CHECK(text.find(", revision: ") != std::string::npos);
  CHECK(text.find("compiler: ") != std::string::npos);
}

}  // namespace
}  // namespace operator_connect
