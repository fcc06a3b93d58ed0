#include "exporter/exposition/request_metrics.h"

#include <initializer_list>

namespace operator_connect::exposition {
namespace {

using http_client::Endpoint;
using prometheus::BuildCounter;
using prometheus::BuildHistogram;

constexpr std::initializer_list<Endpoint> kEndpoints = {
    Endpoint::kToken, Endpoint::kLeads, Endpoint::kNumbers};

const prometheus::Histogram::BucketBoundaries& Buckets() {
  static const prometheus::Histogram::BucketBoundaries kBuckets = {
      0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};
  return kBuckets;
}

prometheus::Labels EndpointLabel(Endpoint endpoint) {
  return {{"endpoint", std::string(ToString(endpoint))}};
}

}  // namespace

RequestMetrics::RequestMetrics(const std::string& account)
    : requests_(BuildCounter()
                    .Name("operator_connect_exporter_upstream_requests_total")
                    .Help("Requests to the platform by outcome; each attempt "
                          "counts.")
                    .Labels({{"account", account}})
                    .Register(registry_)),
      durations_(
          BuildHistogram()
              .Name(
                  "operator_connect_exporter_upstream_request_duration_seconds")
              .Help("Duration of requests to the platform.")
              .Labels({{"account", account}})
              .Register(registry_)),
      received_bytes_(
          BuildCounter()
              .Name("operator_connect_exporter_upstream_received_bytes_total")
              .Help("Bytes of responses, as they came over the wire.")
              .Labels({{"account", account}})
              .Register(registry_)),
      retries_(BuildCounter()
                   .Name("operator_connect_exporter_upstream_retries_total")
                   .Help("Requests that were sent again.")
                   .Labels({{"account", account}})
                   .Register(registry_)),
      malformed_records_(
          BuildCounter()
              .Name("operator_connect_exporter_malformed_records_total")
              .Help("Elements of responses that were not JSON objects.")
              .Labels({{"account", account}})
              .Register(registry_)) {
  for (const Endpoint endpoint : kEndpoints) {
    const prometheus::Labels label = EndpointLabel(endpoint);
    for (const char* code :
         {"200", "429", "503", "timeout", "transport", "malformed"}) {
      prometheus::Labels labels = label;
      labels.emplace("code", code);
      requests_.Add(labels);
    }
    durations_.Add(label, Buckets());
    received_bytes_.Add(label);
    retries_.Add(label);
  }
  malformed_records_.Add({{"collector", "leads"}});
  malformed_records_.Add({{"collector", "numbers"}});
}

void RequestMetrics::OnRequest(Endpoint endpoint, std::string_view code,
                               Duration duration, std::uint64_t wire_bytes) {
  prometheus::Labels labels = EndpointLabel(endpoint);
  durations_.Add(labels, Buckets()).Observe(ToSeconds(duration));
  received_bytes_.Add(labels).Increment(static_cast<double>(wire_bytes));
  labels.emplace("code", code);
  requests_.Add(labels).Increment();
}

void RequestMetrics::OnRetry(Endpoint endpoint) {
  retries_.Add(EndpointLabel(endpoint)).Increment();
}

void RequestMetrics::OnToken(WallTime expiry) {
  token_expiry_ = expiry.time_since_epoch().count();
}

void RequestMetrics::OnMalformedRecords(std::string_view collector,
                                        std::uint64_t records) {
  if (records == 0) return;
  malformed_records_.Add({{"collector", std::string(collector)}})
      .Increment(static_cast<double>(records));
}

std::vector<prometheus::MetricFamily> RequestMetrics::Collect() const {
  return registry_.Collect();
}

std::optional<WallTime> RequestMetrics::token_expiry() const {
  const std::int64_t expiry = token_expiry_;
  if (expiry == 0) return std::nullopt;
  return WallTime(Duration(expiry));
}

}  // namespace operator_connect::exposition
