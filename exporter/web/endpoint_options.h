#ifndef OPERATOR_CONNECT_EXPORTER_WEB_ENDPOINT_OPTIONS_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_ENDPOINT_OPTIONS_H_

#include <string>

#include "exporter/base/clock.h"

namespace operator_connect::web {

// Flags used by the endpoints.
struct EndpointOptions {
  std::string telemetry_path = "/metrics";  // no slash at its end
  int max_requests = 40;                    // scrapes at once, 1 or more
  bool enable_lifecycle = false;            // POST /-/reload
  bool health_without_auth = false;
  Duration timeout_offset = std::chrono::milliseconds(500);  // 0 or more
  Duration default_timeout = std::chrono::seconds(10);       // above 0
};

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_ENDPOINT_OPTIONS_H_
