#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_SERVER_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_SERVER_H_

#include <openssl/ssl.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "exporter/base/mutex.h"
#include "tests/simulator/simulator.h"
#include "tests/simulator/stream.h"

namespace operator_connect::simulator {

// A listener with one thread per connection. Thread-safe.
class Server {
 public:
  // Throws std::runtime_error.
  explicit Server(const SimulatorOptions& options);
  // Calls Stop().
  ~Server();

  // Calls `serve` in a new thread for each connection, after the TLS handshake.
  // The connection closes when `serve` returns.
  void Start(std::function<void(Stream&)> serve);
  // Closes every connection and waits for the threads to end.
  void Stop() OC_EXCLUDES(mutex_);

  std::uint16_t port() const { return port_; }
  bool tls() const { return context_ != nullptr; }
  void SetAccepting(Simulator::Accepting accepting) OC_EXCLUDES(mutex_);
  void CloseConnections() OC_EXCLUDES(mutex_);
  std::size_t OpenConnections() const OC_EXCLUDES(mutex_);
  std::size_t AcceptedConnections() const OC_EXCLUDES(mutex_);

 private:
  void Listen(const SimulatorOptions& options);
  void AcceptLoop();
  void Serve(int fd);
  void FillQueue() OC_REQUIRES(mutex_);

  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  Descriptor listener_;
  Descriptor stop_;  // readable after Stop()
  Descriptor wake_;  // readable when the accept loop must look again
  std::uint16_t port_ = 0;
  std::function<void(Stream&)> serve_;
  std::thread acceptor_;

  mutable Mutex mutex_;
  CondVar ended_;
  Simulator::Accepting accepting_ OC_GUARDED_BY(mutex_) =
      Simulator::Accepting::kYes;
  std::set<Stream*> streams_ OC_GUARDED_BY(mutex_);
  std::size_t threads_ OC_GUARDED_BY(mutex_) = 0;
  std::size_t accepted_ OC_GUARDED_BY(mutex_) = 0;
  std::vector<Descriptor> fillers_ OC_GUARDED_BY(mutex_);
};

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_SERVER_H_
