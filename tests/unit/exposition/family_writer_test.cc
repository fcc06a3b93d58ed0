#include "exporter/exposition/family_writer.h"

#include <doctest/doctest.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "exporter/exposition/sample_writer.h"
#include "tests/support/samples.h"

namespace operator_connect::exposition {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

std::string Write(const std::vector<MetricFamily>& families,
                  Format format = Format::kText) {
  std::string text;
  AppendFamilies(text, format, families);
  return text;
}

// The shortest form of a number; any other text unchanged.
std::string Shortest(const std::string& number) {
  char* end = nullptr;
  const double value = std::strtod(number.c_str(), &end);
  if (number.empty() || *end != '\0') return number;
  std::string text;
  AppendValue(text, value);
  return text;
}

// The sorted lines of an exposition, with values and bounds, which have several
// spellings, in their shortest form.
Lines Normal(const std::string& exposition) {
  Lines lines = SplitLines(exposition);
  for (std::string& line : lines) {
    if (line.starts_with('#')) continue;
    if (const std::size_t le = line.find("le=\""); le != std::string::npos) {
      const std::size_t begin = le + 4;
      const std::size_t size = line.find('"', begin) - begin;
      line.replace(begin, size, Shortest(line.substr(begin, size)));
    }
    const std::size_t value = line.rfind(' ') + 1;
    line.replace(value, std::string::npos, Shortest(line.substr(value)));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

MetricFamily Make(const std::string& name, MetricType type, double value) {
  ClientMetric metric;
  metric.counter.value = metric.gauge.value = value;
  return {name, "Help.", type, {metric}};
}

// One family of each type, with several metrics and awkward labels.
std::vector<MetricFamily> Everything() {
  prometheus::Registry registry;
  auto& counters = prometheus::BuildCounter()
                       .Name("requests_total")
                       .Help("Requests made.")
                       .Labels({{"account", "a\"b\\c\nd"}})
                       .Register(registry);
  counters.Add({{"code", "200"}}).Increment(3);
  counters.Add({{"code", "503"}}).Increment(0.5);
  auto& gauges =
      prometheus::BuildGauge().Name("age").Help("Age.").Register(registry);
  gauges.Add({}).Set(-1.25);
  gauges.Add({{"of", "é"}}).Set(1641801475);
  auto& histograms = prometheus::BuildHistogram()
                         .Name("duration_seconds")
                         .Help("Duration.")
                         .Register(registry);
  auto& histogram =
      histograms.Add({{"endpoint", "leads"}},
                     prometheus::Histogram::BucketBoundaries{0.05, 0.5, 1, 10});
  for (const double value : {0.01, 0.5, 7.0, 99.0}) histogram.Observe(value);
  return registry.Collect();
}

TEST_CASE("the samples equal those of prometheus-cpp's own serializer") {
  const std::vector<MetricFamily> families = Everything();
  const std::string theirs = prometheus::TextSerializer().Serialize(families);
  CHECK(Normal(Write(families)) == Normal(theirs));
}

TEST_CASE("a newline in HELP is escaped, which that serializer forgets") {
  MetricFamily family = Make("age", MetricType::Gauge, 1);
  family.help = "one\ntwo";
  CHECK(Write({family}) == "# HELP age one\\ntwo\n# TYPE age gauge\nage 1\n");
  CHECK(prometheus::TextSerializer().Serialize({family}).find("one\ntwo") !=
        std::string::npos);
}

TEST_CASE("metrics are in the order of their labels") {
  MetricFamily family = Make("age", MetricType::Gauge, 1);
  family.metric = {};
  for (const char* value : {"c", "a", "b"}) {
    ClientMetric metric;
    metric.label = {{"of", value}};
    family.metric.push_back(metric);
  }
  CHECK(Write({family}) ==
        "# HELP age Help.\n# TYPE age gauge\n"
        "age{of=\"a\"} 0\nage{of=\"b\"} 0\nage{of=\"c\"} 0\n");
}

TEST_CASE("a family without a metric is left out") {
  MetricFamily family = Make("age", MetricType::Gauge, 1);
  family.metric.clear();
  CHECK(Write({family}).empty());
}

TEST_CASE("OpenMetrics names a counter's family without _total") {
  const MetricFamily family = Make("made_total", MetricType::Counter, 2);
  CHECK(Write({family}, Format::kOpenMetrics) ==
        "# HELP made Help.\n# TYPE made counter\nmade_total 2\n");
  CHECK(Write({family}) ==
        "# HELP made_total Help.\n# TYPE made_total counter\nmade_total 2\n");
}

TEST_CASE("OpenMetrics keeps the name of a gauge") {
  CHECK(Write({Make("in_total", MetricType::Gauge, 2)}, Format::kOpenMetrics) ==
        "# HELP in_total Help.\n# TYPE in_total gauge\nin_total 2\n");
}

// The labels le of a histogram's buckets with these bounds.
std::string Bounds(const std::vector<double>& bounds, Format format) {
  prometheus::Histogram histogram(bounds);
  MetricFamily family = Make("d", MetricType::Histogram, 0);
  family.metric = {histogram.Collect()};
  std::string found;
  for (const std::string& line : SplitLines(Write({family}, format))) {
    const std::size_t at = line.find("le=\"");
    if (at == std::string::npos) continue;
    found += line.substr(at + 4, line.find('"', at + 4) - at - 4) + ' ';
  }
  return found;
}

TEST_CASE("in OpenMetrics every bound is a float") {
  const std::vector<double> bounds = {0.05, 1, 2.5, 10, 1e5, 1e20};
  CHECK(Bounds(bounds, Format::kText) == "0.05 1 2.5 10 1e+05 1e+20 +Inf ");
  CHECK(Bounds(bounds, Format::kOpenMetrics) ==
        "0.05 1.0 2.5 10.0 1e+05 1e+20 +Inf ");
}

TEST_CASE("families of one name are merged, in order of their names") {
  const std::vector<MetricFamily> merged =
      Merge({Make("b", MetricType::Gauge, 1), Make("a", MetricType::Gauge, 2),
             Make("b", MetricType::Gauge, 3)});
  REQUIRE(merged.size() == 2);
  CHECK(merged[0].name == "b");
  CHECK(merged[0].metric.size() == 2);
  CHECK(merged[1].name == "a");
  CHECK(merged[1].metric.size() == 1);
}

}  // namespace
}  // namespace operator_connect::exposition
