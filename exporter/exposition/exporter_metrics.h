#ifndef OPERATOR_CONNECT_EXPORTER_EXPOSITION_EXPORTER_METRICS_H_
#define OPERATOR_CONNECT_EXPORTER_EXPOSITION_EXPORTER_METRICS_H_

#include <prometheus/metric_family.h>

#include <optional>
#include <vector>

#include "exporter/base/clock.h"

namespace operator_connect::exposition {

// The state of the configuration in force.
struct ReloadState {
  bool last_successful = true;
  WallTime last_success;
};

// Collects the exporter's own series: build, configuration, history, process.
// `history_up`: whether the history is kept in its file; nullopt without one.
// Reads the process from /proc; leaves out what cannot be read.
std::vector<prometheus::MetricFamily> CollectExporterMetrics(
    const ReloadState& reload, std::optional<bool> history_up);

}  // namespace operator_connect::exposition

#endif  // OPERATOR_CONNECT_EXPORTER_EXPOSITION_EXPORTER_METRICS_H_
