#include "exporter/history/totals.h"

#include <prometheus/client_metric.h>
#include <prometheus/metric_type.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace operator_connect::history {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;

MetricFamily Changes(const std::string& account, const Totals& totals) {
  MetricFamily family;
  family.name = "operator_connect_tenant_lifecycle_changes_total";
  family.help =
      "Changes in tenants' lives, found by comparing collections of leads "
      "(fields status and umpCustomerGuid).";
  family.type = prometheus::MetricType::Counter;
  for (std::size_t i = 0; i < kChanges; ++i) {
    ClientMetric metric;
    metric.label = {{"account", account},
                    {"change", std::string(Name(static_cast<Change>(i)))}};
    metric.counter.value = static_cast<double>(totals.changes[i]);
    family.metric.push_back(std::move(metric));
  }
  return family;
}

MetricFamily TimeToLicense(const std::string& account, const Totals& totals) {
  MetricFamily family;
  family.name = "operator_connect_tenant_time_to_license_seconds";
  family.help =
      "From a tenant's consent (field consentedOn) to the collection that "
      "first saw its license (field umpCustomerGuid).";
  family.type = prometheus::MetricType::Histogram;
  ClientMetric metric;
  metric.label = {{"account", account}};
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < totals.time_to_license.size(); ++i) {
    count += totals.time_to_license[i];
    const double bound = i < kTimeToLicenseBounds.size()
                             ? kTimeToLicenseBounds[i]
                             : std::numeric_limits<double>::infinity();
    metric.histogram.bucket.push_back({count, bound});
  }
  metric.histogram.sample_count = count;
  metric.histogram.sample_sum = totals.time_to_license_seconds;
  family.metric.push_back(std::move(metric));
  return family;
}

}  // namespace

bool Totals::Add(const Step& step) {
  if (step.change) ++changes[static_cast<std::size_t>(*step.change)];
  if (step.time_to_license) {
    const double seconds = ToSeconds(*step.time_to_license);
    const auto bound = std::lower_bound(kTimeToLicenseBounds.begin(),
                                        kTimeToLicenseBounds.end(), seconds);
    ++time_to_license[static_cast<std::size_t>(bound -
                                               kTimeToLicenseBounds.begin())];
    time_to_license_seconds += seconds;
  }
  return step.change || step.time_to_license;
}

std::vector<MetricFamily> ToFamilies(const std::string& account,
                                     const Totals& totals) {
  return {Changes(account, totals), TimeToLicense(account, totals)};
}

}  // namespace operator_connect::history
