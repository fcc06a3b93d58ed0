#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_STREAM_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_STREAM_H_

#include <openssl/ssl.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace operator_connect::simulator {

// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor() { Close(); }
  Descriptor(Descriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Descriptor& operator=(Descriptor&& other) noexcept;
  int get() const { return fd_; }
  void Close();

 private:
  int fd_;
};

// An accepted connection, plain or TLS. Blocking calls end at once when
// `stop_fd` becomes readable. Used by one thread; Shutdown() by any.
class Stream {
 public:
  enum class Waited { kElapsed, kSignalled, kGone };
  static constexpr std::chrono::milliseconds kForEver{-1};

  // Owns `fd`; `context` null: plain.
  Stream(int fd, int stop_fd, SSL_CTX* context);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  bool Handshake();
  // Reads available bytes, at least one. 0: closed, broken or stopped.
  std::size_t Read(char* buffer, std::size_t size);
  // False: closed, broken or stopped.
  bool Write(std::string_view bytes);
  // Waits until the time has passed, `signal_fd` becomes readable, or the
  // connection ends.
  Waited Wait(std::chrono::milliseconds time, int signal_fd = -1);
  // Closes with a RST.
  void Reset();
  // Makes every call above fail.
  void Shutdown();

 private:
  bool Poll(short events);
  template <typename Call>
  int RetryTls(Call call);

  Descriptor fd_;
  const int stop_fd_;
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_;
};

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_STREAM_H_
