#ifndef OPERATOR_CONNECT_EXPORTER_WEB_SERVER_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_SERVER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/file_descriptor.h"
#include "exporter/base/log.h"
#include "exporter/base/mutex.h"
#include "exporter/web/connection.h"
#include "exporter/web/http.h"
#include "exporter/web/listener.h"
#include "exporter/web/tls_context.h"

struct sockaddr_storage;

namespace operator_connect::web {

struct ServerLimits {
  ConnectionLimits connection;
  // Above this, the connection that has waited longest for a request is closed
  // for a new one.
  std::size_t connections = 512;
};

// Serves HTTP on listening sockets. Each connection has a thread, which reads a
// request, responds and waits for the next one. A client that hangs up stops
// the handler's waits at once. A client that ends its half of the connection
// looks the same, but still gets its response. An idle server is never woken.
class Server {
 public:
  // The protocol of new connections: a TLS context, or null for plain HTTP.
  using TlsSource = std::function<TlsContext()>;

  // Starts serving. `tls` and `handler` are called by several threads; `log`
  // outlives the server.
  Server(std::vector<Listener> listeners, TlsSource tls, Handler handler,
         const ServerLimits& limits, Log& log);
  // Drains for at most a second if Drain() was not called, and waits for
  // handlers that still run.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Stops accepting; finishes requests that are under way or have begun to
  // arrive; closes every connection. Aborts the rest at `deadline`. Any thread,
  // once.
  void Drain(const Deadline& deadline) OC_EXCLUDES(mutex_);

 private:
  struct Client {
    std::unique_ptr<Connection> connection;
    std::stop_source hung_up;
    SteadyTime since;      // when it began to wait
    bool waits = true;     // for a request
    bool leaving = false;  // to make room
  };
  // By number, in the order of connects.
  using Clients = std::map<std::uint64_t, Client>;

  // On the listening thread.
  void Listen();
  void Accept(int listener);
  void HangUp(std::uint64_t number) OC_EXCLUDES(mutex_);
  void Add(FileDescriptor socket, const sockaddr_storage& address);
  bool HasRoom() OC_EXCLUDES(mutex_);
  bool MakeRoom() OC_EXCLUDES(mutex_);

  // On a client's thread.
  void Serve(std::uint64_t number, Client& client) OC_EXCLUDES(mutex_);
  void Converse(Client& client) OC_EXCLUDES(mutex_);
  bool Answer(Client& client) OC_EXCLUDES(mutex_);
  void LogProtocol(Connection::Head head, const std::string& peer)
      OC_EXCLUDES(mutex_);
  void Mark(Client& client, bool waits) OC_EXCLUDES(mutex_);

  const TlsSource tls_;
  const Handler handler_;
  const ServerLimits limits_;
  Log& log_;
  const FileDescriptor events_;  // epoll: the sockets, stop_ and trim_
  const FileDescriptor stop_;    // readable from the drain on
  const FileDescriptor trim_;    // a timer: memory goes back to the system
  std::vector<Listener> listeners_;

  Mutex mutex_;
  CondVar ended_;
  Clients clients_ OC_GUARDED_BY(mutex_);
  std::uint64_t next_number_ OC_GUARDED_BY(mutex_);
  bool draining_ OC_GUARDED_BY(mutex_) = false;
  // When clients of the wrong protocol were last logged.
  std::optional<SteadyTime> http_logged_ OC_GUARDED_BY(mutex_);
  std::optional<SteadyTime> https_logged_ OC_GUARDED_BY(mutex_);

  std::thread thread_;
};

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_SERVER_H_
