#include "exporter/exposition/exporter_metrics.h"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "exporter/base/version.h"

namespace operator_connect::exposition {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily Make(std::string name, std::string help, double value,
                  MetricType type = MetricType::Gauge) {
  MetricFamily family;
  family.name = std::move(name);
  family.help = std::move(help);
  family.type = type;
  ClientMetric metric;
  (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) =
      value;
  family.metric.push_back(std::move(metric));
  return family;
}

MetricFamily MakeBuildInfo() {
  MetricFamily family = Make("operator_connect_exporter_build_info",
                             "The build of the exporter; always 1.", 1);
  const BuildInfo& build = GetBuildInfo();
  family.metric[0].label = {{"version", std::string(build.version)},
                            {"revision", std::string(build.revision)},
                            {"branch", std::string(build.branch)},
                            {"compiler", std::string(build.compiler)}};
  return family;
}

// The fields in use of /proc/self/stat; see proc(5).
struct ProcessStat {
  std::uint64_t user_ticks = 0;
  std::uint64_t system_ticks = 0;
  std::uint64_t threads = 0;
  std::uint64_t start_ticks = 0;  // since the machine booted
  std::uint64_t virtual_bytes = 0;
  std::uint64_t resident_pages = 0;
};

std::optional<ProcessStat> ReadStat() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  // The second field, the program's name, can hold spaces and parentheses.
  const std::size_t end = line.rfind(')');
  if (end == std::string::npos) return std::nullopt;
  std::istringstream rest(line.substr(end + 1));
  ProcessStat stat;
  std::string field;
  constexpr int kThirdField = 3;
  for (int number = kThirdField; number <= 24 && rest >> field; ++number) {
    std::uint64_t* const wanted = number == 14   ? &stat.user_ticks
                                  : number == 15 ? &stat.system_ticks
                                  : number == 20 ? &stat.threads
                                  : number == 22 ? &stat.start_ticks
                                  : number == 23 ? &stat.virtual_bytes
                                  : number == 24 ? &stat.resident_pages
                                                 : nullptr;
    if (wanted != nullptr) *wanted = std::strtoull(field.c_str(), nullptr, 10);
  }
  if (!rest) return std::nullopt;
  return stat;
}

// The machine's boot time in seconds since the epoch.
std::optional<double> ReadBootTime() {
  std::ifstream file("/proc/stat");
  std::string name;
  while (file >> name) {
    double value = 0;
    if (name == "btime" && file >> value) return value;
    file.ignore(1 << 20, '\n');
  }
  return std::nullopt;
}

std::optional<double> CountOpenFiles() {
  DIR* const folder = opendir("/proc/self/fd");
  if (folder == nullptr) return std::nullopt;
  // Does not count ., .. and the descriptor of the folder itself.
  double files = -3;
  while (readdir(folder) != nullptr) ++files;
  closedir(folder);
  return files;
}

void AppendProcess(std::vector<MetricFamily>& families) {
  if (const std::optional<ProcessStat> stat = ReadStat()) {
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    const auto cpu = static_cast<double>(stat->user_ticks + stat->system_ticks);
    families.push_back(Make("process_cpu_seconds_total",
                            "Total user and system CPU time spent in seconds.",
                            cpu / ticks, MetricType::Counter));
    if (const std::optional<double> boot = ReadBootTime()) {
      families.push_back(
          Make("process_start_time_seconds",
               "Start time of the process since unix epoch in seconds.",
               *boot + static_cast<double>(stat->start_ticks) / ticks));
    }
    families.push_back(Make("process_resident_memory_bytes",
                            "Resident memory size in bytes.",
                            static_cast<double>(stat->resident_pages) *
                                static_cast<double>(sysconf(_SC_PAGESIZE))));
    families.push_back(Make("process_virtual_memory_bytes",
                            "Virtual memory size in bytes.",
                            static_cast<double>(stat->virtual_bytes)));
    families.push_back(Make("process_threads",
                            "Number of OS threads in the process.",
                            static_cast<double>(stat->threads)));
  }
  if (const std::optional<double> files = CountOpenFiles()) {
    families.push_back(
        Make("process_open_fds", "Number of open file descriptors.", *files));
  }
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    families.push_back(Make("process_max_fds",
                            "Maximum number of open file descriptors.",
                            static_cast<double>(limit.rlim_cur)));
  }
}

}  // namespace

std::vector<MetricFamily> CollectExporterMetrics(
    const ReloadState& reload, std::optional<bool> history_up) {
  std::vector<MetricFamily> families;
  families.push_back(MakeBuildInfo());
  families.push_back(
      Make("operator_connect_exporter_config_last_reload_successful",
           "Whether the last reload of the configuration succeeded.",
           reload.last_successful ? 1 : 0));
  families.push_back(Make(
      "operator_connect_exporter_config_last_reload_success_timestamp_seconds",
      "When the configuration in force was loaded.",
      ToUnixSeconds(reload.last_success)));
  if (history_up) {
    families.push_back(
        Make("operator_connect_exporter_history_up",
             "Whether the history of tenants is kept in its file and the last "
             "write succeeded.",
             *history_up ? 1 : 0));
  }
  AppendProcess(families);
  return families;
}

}  // namespace operator_connect::exposition
