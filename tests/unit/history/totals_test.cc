#include "exporter/history/totals.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "exporter/exposition/family_writer.h"

namespace operator_connect::history {
namespace {

using std::chrono::hours;

Step Took(Duration time) {
  Step step;
  step.time_to_license = time;
  return step;
}

// The bucket of a time.
std::size_t BucketOf(Duration time) {
  Totals totals;
  CHECK(totals.Add(Took(time)));
  for (std::size_t i = 0; i < totals.time_to_license.size(); ++i) {
    if (totals.time_to_license[i] == 1) return i;
  }
  return 99;
}

TEST_CASE("a time is counted in the first bucket that is not below it") {
  CHECK(BucketOf(hours(0)) == 0);
  CHECK(BucketOf(hours(1)) == 0);
  CHECK(BucketOf(hours(1) + Duration(1)) == 1);
  CHECK(BucketOf(hours(24 * 3)) == 3);
  CHECK(BucketOf(hours(24 * 90)) == 7);
  CHECK(BucketOf(hours(24 * 91)) == 8);
}

TEST_CASE("a step without a change or a time is not counted") {
  Totals totals;
  CHECK_FALSE(totals.Add(Step()));
  CHECK(totals == Totals());
}

TEST_CASE("a change is counted under its name") {
  Totals totals;
  Step step;
  step.change = Change::kVanished;
  CHECK(totals.Add(step));
  const prometheus::MetricFamily changes = ToFamilies("emea", totals).front();
  REQUIRE(changes.metric.size() == kChanges);
  for (const prometheus::ClientMetric& metric : changes.metric) {
    CHECK(metric.counter.value ==
          (metric.label[1].value == "vanished" ? 1 : 0));
  }
}

TEST_CASE("a histogram's buckets are cumulative") {
  Totals totals;
  totals.Add(Took(hours(2)));
  totals.Add(Took(hours(3)));
  totals.Add(Took(hours(24 * 365)));
  std::string text;
  exposition::AppendFamilies(text, exposition::Format::kText,
                             {ToFamilies("emea", totals).back()});
  CHECK(
      text.substr(text.find("gram\n") + 5) ==
      R"(operator_connect_tenant_time_to_license_seconds_bucket{account="emea",le="3600"} 0
operator_connect_tenant_time_to_license_seconds_bucket{account="emea",le="21600"} 2
operator_connect_tenant_time_to_license_seconds_bucket{account="emea",le="86400"} 2
operator_connect_tenant_time_to_license_seconds_bucket{account="emea",le="259200"} 2
operator_connect_tenant_time_to_license_seconds_bucket{account="emea",le="604800"} 2
operator_connect_tenant_time_to_license_seconds_bucket{account="emea",le="1209600"} 2
operator_connect_tenant_time_to_license_seconds_bucket{account="emea",le="2592000"} 2
operator_connect_tenant_time_to_license_seconds_bucket{account="emea",le="7776000"} 2
operator_connect_tenant_time_to_license_seconds_bucket{account="emea",le="+Inf"} 3
operator_connect_tenant_time_to_license_seconds_sum{account="emea"} 31554000
operator_connect_tenant_time_to_license_seconds_count{account="emea"} 3
)");
}

TEST_CASE("all changes start at 0, also in OpenMetrics") {
  std::string text;
  exposition::AppendFamilies(text, exposition::Format::kOpenMetrics,
                             ToFamilies("emea", Totals()));
  CHECK(text.find("# TYPE operator_connect_tenant_lifecycle_changes counter") !=
        std::string::npos);
  CHECK(text.find("operator_connect_tenant_lifecycle_changes_total{account="
                  "\"emea\",change=\"license_lost\"} 0\n") !=
        std::string::npos);
  CHECK(text.find("le=\"3600.0\"} 0\n") != std::string::npos);
}

}  // namespace
}  // namespace operator_connect::history
