#ifndef OPERATOR_CONNECT_EXPORTER_EXPOSITION_FAMILY_WRITER_H_
#define OPERATOR_CONNECT_EXPORTER_EXPOSITION_FAMILY_WRITER_H_

#include <prometheus/metric_family.h>

#include <string>
#include <vector>

#include "exporter/exposition/exposition.h"

namespace operator_connect::exposition {

// Appends families of prometheus-cpp's model (counters, gauges, histograms)
// with HELP and TYPE. A counter's name ends in _total in both formats, as
// Prometheus expects; in OpenMetrics its HELP and TYPE omit the suffix.
// Families without a metric are left out.
void AppendFamilies(std::string& text, Format format,
                    const std::vector<prometheus::MetricFamily>& families);

// Merges families of the same name, in the order in which the names first
// appear: an exposition has each family once.
std::vector<prometheus::MetricFamily> Merge(
    std::vector<prometheus::MetricFamily> families);

}  // namespace operator_connect::exposition

#endif  // OPERATOR_CONNECT_EXPORTER_EXPOSITION_FAMILY_WRITER_H_
