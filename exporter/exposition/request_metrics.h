#ifndef OPERATOR_CONNECT_EXPORTER_EXPOSITION_REQUEST_METRICS_H_
#define OPERATOR_CONNECT_EXPORTER_EXPOSITION_REQUEST_METRICS_H_

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/http_client/observer.h"

namespace operator_connect::exposition {

// The exporter's own metrics of one account: its requests to the platform.
// Counters live as long as the account is configured, also over a reload.
// Thread-safe.
class RequestMetrics : public http_client::RequestObserver {
 public:
  explicit RequestMetrics(const std::string& account);

  void OnRequest(http_client::Endpoint endpoint, std::string_view code,
                 Duration duration, std::uint64_t wire_bytes) override;
  void OnRetry(http_client::Endpoint endpoint) override;
  void OnToken(WallTime expiry) override;

  // Counts elements of responses that were not objects. `collector` is "leads"
  // or "numbers".
  void OnMalformedRecords(std::string_view collector, std::uint64_t records);

  std::vector<prometheus::MetricFamily> Collect() const;
  // nullopt: there was no token yet.
  std::optional<WallTime> token_expiry() const;

 private:
  prometheus::Registry registry_;
  prometheus::Family<prometheus::Counter>& requests_;
  prometheus::Family<prometheus::Histogram>& durations_;
  prometheus::Family<prometheus::Counter>& received_bytes_;
  prometheus::Family<prometheus::Counter>& retries_;
  prometheus::Family<prometheus::Counter>& malformed_records_;
  // Nanoseconds since the epoch; 0: none.
  std::atomic<std::int64_t> token_expiry_{0};
};

}  // namespace operator_connect::exposition

#endif  // OPERATOR_CONNECT_EXPORTER_EXPOSITION_REQUEST_METRICS_H_
