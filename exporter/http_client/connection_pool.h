#ifndef OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_CONNECTION_POOL_H_
#define OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_CONNECTION_POOL_H_

#include <memory>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/mutex.h"
#include "exporter/http_client/transport.h"

namespace operator_connect::http_client {

// Connections that wait for their next request. The most recently used one is
// used first, so that unneeded ones grow old. Take() closes those that were
// idle for 90 seconds: the platform has closed them or is about to.
// Thread-safe.
class ConnectionPool {
 public:
  // `clock` outlives the pool.
  ConnectionPool(std::unique_ptr<Transport> transport, const Clock& clock)
      : transport_(std::move(transport)), clock_(clock) {}

  // Returns an idle connection, or a new one. Never blocks.
  std::unique_ptr<HttpConnection> Take();
  // Returns a connection to the pool, or closes it if descriptors are scarce.
  void Give(std::unique_ptr<HttpConnection> connection);

 private:
  struct Idle {
    std::unique_ptr<HttpConnection> connection;
    SteadyTime since;
  };

  const std::unique_ptr<Transport> transport_;
  const Clock& clock_;
  Mutex mutex_;
  std::vector<Idle> idle_ OC_GUARDED_BY(mutex_);  // the oldest first
};

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_CONNECTION_POOL_H_
