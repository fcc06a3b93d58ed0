#ifndef OPERATOR_CONNECT_EXPORTER_WEB_METRICS_SOURCE_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_METRICS_SOURCE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/collector/collector.h"

namespace operator_connect::web {

// The source of what the endpoints serve. Functions are documented at
// collector::Collector. Thread-safe.
class MetricsSource {
 public:
  virtual ~MetricsSource() = default;

  virtual exposition::Exposition Scrape(exposition::Format format,
                                        const Deadline& deadline) = 0;
  virtual std::optional<exposition::Exposition> ScrapeAccount(
      std::string_view name, exposition::Format format,
      const Deadline& deadline) = 0;
  virtual exposition::Exposition ScrapeExporter(exposition::Format format) = 0;
  virtual std::vector<exposition::AccountState> Accounts() const = 0;

  // Reads the configuration again and puts it into force. The error has the
  // reason, without secrets; the old configuration then stays.
  virtual Result<Done, std::string> Reload() = 0;
  // The configuration in force as YAML, secrets hidden.
  virtual std::string ConfigYaml() const = 0;
};

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_METRICS_SOURCE_H_
