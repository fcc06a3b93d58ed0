#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_INTEGRATION_RELAY_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_INTEGRATION_RELAY_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <thread>

#include "exporter/base/mutex.h"

namespace operator_connect::integration {

// A port of this machine that forwards connections to another, or fails like
// networks do. It makes a single endpoint of a server unreachable.
class Relay {
 public:
  enum class Mode {
    kForward,
    kRefuse,  // connections are refused
    kQueue,   // only the kernel accepts connections
    kSilent,  // accepted; nothing is read or sent
  };

  // Throws std::runtime_error.
  explicit Relay(std::uint16_t target);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  std::uint16_t port() const { return port_; }
  // Closes open connections first.
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
  // Each end of a connection and its other end; -1: there is none.
  std::map<int, int> ends_ OC_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace operator_connect::integration

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_INTEGRATION_RELAY_H_
