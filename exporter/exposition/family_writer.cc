#include "exporter/exposition/family_writer.h"

#include <prometheus/client_metric.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "exporter/exposition/sample_writer.h"

namespace operator_connect::exposition {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr std::string_view kTotal = "_total";

std::string_view TypeName(MetricType type) {
  switch (type) {
    case MetricType::Counter:
      return "counter";
    case MetricType::Gauge:
      return "gauge";
    case MetricType::Histogram:
      return "histogram";
    default:
      return "untyped";
  }
}

void AppendHead(std::string& text, Format format, const MetricFamily& family) {
  std::string_view name = family.name;
  if (format == Format::kOpenMetrics && family.type == MetricType::Counter &&
      name.ends_with(kTotal)) {
    name.remove_suffix(kTotal.size());
  }
  text += "# HELP ";
  text += name;
  text += ' ';
  AppendHelp(text, family.help);
  text += "\n# TYPE ";
  text += name;
  text += ' ';
  text += TypeName(family.type);
  text += '\n';
}

// Appends one sample. `extra` is a label that is written as it is, or empty.
void AppendSample(std::string& text, std::string_view name,
                  std::string_view suffix, const ClientMetric& metric,
                  std::string_view extra, double value) {
  text += name;
  text += suffix;
  char separator = '{';
  for (const ClientMetric::Label& label : metric.label) {
    text += separator;
    separator = ',';
    text += label.name;
    text += "=\"";
    AppendLabelValue(text, label.value);
    text += '"';
  }
  if (!extra.empty()) {
    text += separator;
    separator = ',';
    text += extra;
  }
  if (separator == ',') text += '}';
  text += ' ';
  AppendValue(text, value);
  text += '\n';
}

// The label le of a bucket. OpenMetrics requires floats to have a point or an
// exponent.
std::string BucketLabel(double bound, Format format) {
  std::string value;
  AppendValue(value, bound);
  if (format == Format::kOpenMetrics && std::isfinite(bound) &&
      value.find_first_of(".e") == std::string::npos) {
    value += ".0";
  }
  return "le=\"" + value + '"';
}

void AppendHistogram(std::string& text, Format format, std::string_view name,
                     const ClientMetric& metric) {
  for (const ClientMetric::Bucket& bucket : metric.histogram.bucket) {
    AppendSample(text, name, "_bucket", metric,
                 BucketLabel(bucket.upper_bound, format),
                 static_cast<double>(bucket.cumulative_count));
  }
  AppendSample(text, name, "_sum", metric, "", metric.histogram.sample_sum);
  AppendSample(text, name, "_count", metric, "",
               static_cast<double>(metric.histogram.sample_count));
}

}  // namespace

void AppendFamilies(std::string& text, Format format,
                    const std::vector<MetricFamily>& families) {
  for (const MetricFamily& family : families) {
    if (family.metric.empty()) continue;
    AppendHead(text, format, family);
    // A registry returns its metrics in the order of their hashes.
    std::vector<const ClientMetric*> metrics;
    metrics.reserve(family.metric.size());
    for (const ClientMetric& metric : family.metric) metrics.push_back(&metric);
    std::sort(metrics.begin(), metrics.end(),
              [](const ClientMetric* a, const ClientMetric* b) {
                return a->label < b->label;
              });
    for (const ClientMetric* const metric : metrics) {
      if (family.type == MetricType::Histogram) {
        AppendHistogram(text, format, family.name, *metric);
      } else {
        AppendSample(text, family.name, "", *metric, "",
                     family.type == MetricType::Counter ? metric->counter.value
                                                        : metric->gauge.value);
      }
    }
  }
}

std::vector<MetricFamily> Merge(std::vector<MetricFamily> families) {
  std::vector<MetricFamily> merged;
  std::unordered_map<std::string, std::size_t> places;
  for (MetricFamily& family : families) {
    const auto [place, added] = places.emplace(family.name, merged.size());
    if (added) {
      merged.push_back(std::move(family));
    } else {
      std::vector<ClientMetric>& metrics = merged[place->second].metric;
      metrics.insert(metrics.end(),
                     std::make_move_iterator(family.metric.begin()),
                     std::make_move_iterator(family.metric.end()));
    }
  }
  return merged;
}

}  // namespace operator_connect::exposition
