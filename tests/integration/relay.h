#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_INTEGRATION_RELAY_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_INTEGRATION_RELAY_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <thread>

#include "exporter/base/mutex.h"

namespace operator_connect::integration {

// A port of this machine that hands connections on to another, or fails as
// networks do. So one endpoint of a server can be out of reach alone.
class Relay {
 public:
  enum class Mode {
    kForward,
    kRefuse,  // connecting is refused
    kQueue,   // the kernel takes connections, and nobody else
    kSilent,  // they are taken, and nothing is read or said
  };

  // Throws std::runtime_error.
  explicit Relay(std::uint16_t target);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  std::uint16_t port() const { return port_; }
  // Open connections are closed first.
  void Set(Mode mode) OC_EXCLUDES(mutex_);

 private:
  void Run() OC_EXCLUDES(mutex_);
  void Accept() OC_REQUIRES(mutex_);
  void Pass(int from) OC_REQUIRES(mutex_);
  void CloseAll() OC_REQUIRES(mutex_);
  void Wake() const;

  const std::uint16_t target_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  int wake_ = -1;
  std::atomic<bool> stop_{false};
  Mutex mutex_;
  Mode mode_ OC_GUARDED_BY(mutex_) = Mode::kForward;
  // Each end of a connection, and its other end; -1: there is none.
  std::map<int, int> ends_ OC_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace operator_connect::integration

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_INTEGRATION_RELAY_H_
