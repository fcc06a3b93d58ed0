#ifndef OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_OBSERVER_H_
#define OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_OBSERVER_H_

#include <cstdint>
#include <string_view>

#include "exporter/base/clock.h"

namespace operator_connect::http_client {

// The kinds of requests, named as in the exporter's own metrics.
enum class Endpoint { kToken, kLeads, kNumbers };

// "token", "leads", "numbers".
std::string_view ToString(Endpoint endpoint);

// Observes every request of one account. Thread-safe; must not block.
class RequestObserver {
 public:
  virtual ~RequestObserver() = default;
  // One attempt ended. `code` is an HTTP status or Failure::Reason().
  virtual void OnRequest(Endpoint endpoint, std::string_view code,
                         Duration duration, std::uint64_t wire_bytes) = 0;
  // An attempt is a repeat.
  virtual void OnRetry(Endpoint endpoint) = 0;
  // A token was received that expires at `expiry`.
  virtual void OnToken(WallTime expiry) = 0;
};

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_OBSERVER_H_
