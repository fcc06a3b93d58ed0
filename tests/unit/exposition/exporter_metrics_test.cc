#include "exporter/exposition/exporter_metrics.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>
#include <map>
#include <string>

#include "exporter/exposition/family_writer.h"
#include "tests/support/exposition_text.h"

namespace operator_connect::exposition {
namespace {

std::map<std::string, double> Values(const ReloadState& reload = {true, kNow}) {
  std::map<std::string, double> values;
  for (const auto& family : CollectExporterMetrics(reload, std::nullopt)) {
    values[family.name] = family.type == prometheus::MetricType::Counter
                              ? family.metric.at(0).counter.value
                              : family.metric.at(0).gauge.value;
  }
  return values;
}

TEST_CASE("the process has the standard set of metrics") {
  const auto values = Values();
  CHECK(values.at("process_cpu_seconds_total") >= 0);
  CHECK(values.at("process_resident_memory_bytes") > 100'000);
  CHECK(values.at("process_virtual_memory_bytes") >=
        values.at("process_resident_memory_bytes"));
  CHECK(values.at("process_threads") >= 1);
  CHECK(values.at("process_max_fds") >= values.at("process_open_fds"));
}

TEST_CASE("the process started some time ago, but not long") {
  const double now = ToUnixSeconds(SystemClock().Wall());
  const double started = Values().at("process_start_time_seconds");
  CHECK(started <= now + 2);
  CHECK(started > now - 24 * 3600);
}

TEST_CASE("an open descriptor is counted") {
  const double before = Values().at("process_open_fds");
  const int descriptor = dup(STDERR_FILENO);
  REQUIRE(descriptor >= 0);
  CHECK(Values().at("process_open_fds") == before + 1);
  close(descriptor);
}

TEST_CASE("the state of the configuration is exposed") {
  const std::string start = "operator_connect_exporter_config_last_reload_";
  CHECK(Values().at(start + "successful") == 1);
  CHECK(Values({false, kNow}).at(start + "successful") == 0);
  CHECK(Values().at(start + "success_timestamp_seconds") == 1'700'000'000);
}

TEST_CASE("the build is exposed by labels") {
  const auto families = CollectExporterMetrics({true, kNow}, std::nullopt);
  const auto& build = families.at(0);
  CHECK(build.name == "operator_connect_exporter_build_info");
  CHECK(build.metric.at(0).gauge.value == 1);
  std::string names;
  for (const auto& label : build.metric.at(0).label) {
    names += label.name + ' ';
    CHECK_FALSE(label.value.empty());
  }
  CHECK(names == "version revision branch compiler ");
}

TEST_CASE("the history is up, down, or absent without a file") {
  const auto value = [](std::optional<bool> up) -> std::optional<double> {
    for (const auto& family : CollectExporterMetrics({true, kNow}, up)) {
      if (family.name == "operator_connect_exporter_history_up") {
        return family.metric[0].gauge.value;
      }
    }
    return std::nullopt;
  };
  CHECK(value(true) == 1);
  CHECK(value(false) == 0);
  CHECK(value(std::nullopt) == std::nullopt);
}

TEST_CASE("the exporter's own series are valid") {
  std::string text;
  AppendFamilies(text, Format::kText,
                 CollectExporterMetrics({true, kNow}, std::nullopt));
  CHECK(Faults(text) == Lines{});
}

}  // namespace
}  // namespace operator_connect::exposition
