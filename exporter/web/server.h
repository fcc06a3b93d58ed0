#ifndef OPERATOR_CONNECT_EXPORTER_WEB_SERVER_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_SERVER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/log.h"
#include "exporter/web/connection.h"
#include "exporter/web/http.h"
#include "exporter/web/listener.h"
#include "exporter/web/tls_context.h"

namespace operator_connect::web {

struct ServerLimits {
  ConnectionLimits connection;
  // Past it, the connection that has waited longest for a request is closed
  // to make room for a new one.
  std::size_t connections = 512;
  // From the connect, or a request's first byte, to the end of its head.
  Duration head = std::chrono::seconds(10);
  // Between two requests on one connection: longer than usual scrape
  // intervals, so that Prometheus keeps its connection.
  Duration idle = std::chrono::minutes(5);
};

// Serves HTTP on listening sockets. One thread watches all connections whose
// request has not arrived yet, however slowly it comes; a request that is
// whole gets a thread from a pool. An idle server is never woken.
class Server {
 public:
  // What new connections speak: a TLS context, or null for plain HTTP.
  using TlsSource = std::function<TlsContext()>;

  // Takes up service. `tls` and `handler` are called by several threads;
  // `log` outlives the server.
  Server(std::vector<Listener> listeners, TlsSource tls, Handler handler,
         const ServerLimits& limits, Log& log);
  // Drains for at most a second if Drain() was not called.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Stops accepting; answers what is under way and what clients have begun to
  // ask; closes every connection. At `deadline` what is left is broken off,
  // and only a handler that still runs is waited for. Any thread, once.
  void Drain(const Deadline& deadline);

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_SERVER_H_
