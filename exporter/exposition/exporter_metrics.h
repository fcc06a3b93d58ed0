#ifndef OPERATOR_CONNECT_EXPORTER_EXPOSITION_EXPORTER_METRICS_H_
#define OPERATOR_CONNECT_EXPORTER_EXPOSITION_EXPORTER_METRICS_H_

#include <prometheus/metric_family.h>

#include <optional>
#include <vector>

#include "exporter/base/clock.h"

namespace operator_connect::exposition {

// What is known of the configuration in force.
struct ReloadState {
  bool last_successful = true;
  WallTime last_success;
};

// The exporter's own series: build, configuration, history, process.
// `history_up`: whether the history is kept in its file; nullopt without one.
// The process is read from /proc; what cannot be read there is left out.
std::vector<prometheus::MetricFamily> CollectExporterMetrics(
    const ReloadState& reload, std::optional<bool> history_up);

}  // namespace operator_connect::exposition

#endif  // OPERATOR_CONNECT_EXPORTER_EXPOSITION_EXPORTER_METRICS_H_
