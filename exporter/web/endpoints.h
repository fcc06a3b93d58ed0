#ifndef OPERATOR_CONNECT_EXPORTER_WEB_ENDPOINTS_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_ENDPOINTS_H_

#include <atomic>
#include <string>

#include "exporter/base/clock.h"
#include "exporter/base/log.h"
#include "exporter/web/basic_auth.h"
#include "exporter/web/endpoint_options.h"
#include "exporter/web/http.h"
#include "exporter/web/live_web_config.h"
#include "exporter/web/metrics_source.h"
#include "exporter/web/rate_limiter.h"

namespace operator_connect::web {

// Answers requests by path. Thread-safe.
//
// HEAD works wherever GET does. On a path with metrics it starts no collection
// and gives no length.
class Endpoints {
 public:
  // All outlive the object.
  Endpoints(EndpointOptions options, MetricsSource& source,
            LiveWebConfig& web_config, const Clock& clock, Log& log);

  Response Answer(const Request& request);

  // Lets /-/ready return 503 from now on.
  void BeginDraining() { draining_ = true; }

 private:
  enum class Endpoint;

  Endpoint Find(const std::string& path) const;
  std::optional<Response> Refuse(const Request& request, Endpoint endpoint,
                                 const config::WebConfig& web_config);
  Response Dispatch(const Request& request, Endpoint endpoint);
  Response Landing() const;
  Response Scrape(const Request& request, Endpoint endpoint);
  Deadline DeadlineOf(const Request& request) const;
  Response Collect(const Request& request, Endpoint endpoint,
                   const Deadline& deadline);
  bool KnowsAccount(const std::string& name) const;
  Response Discovery(const Request& request) const;
  Response Reload();

  const EndpointOptions options_;
  const std::string exporter_path_;
  MetricsSource& source_;
  LiveWebConfig& web_config_;
  const Clock& clock_;
  Log& log_;

  std::atomic<bool> draining_ = false;
  std::atomic<int> scrapes_ = 0;
  BasicAuth basic_auth_;
  RateLimiter rate_limiter_;
};

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_ENDPOINTS_H_
