#include "tests/simulator/stream.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <climits>

namespace operator_connect::simulator {

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    Close();
    fd_ = other.fd_;
    other.fd_ = -1;
  }
  return *this;
}

void Descriptor::Close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Stream::Stream(int fd, int stop_fd, SSL_CTX* context)
    : fd_(fd), stop_fd_(stop_fd), tls_(nullptr, SSL_free) {
  ::fcntl(fd, F_SETFL, O_NONBLOCK);
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (context != nullptr) {
    tls_.reset(SSL_new(context));
    SSL_set_fd(tls_.get(), fd);
    SSL_set_accept_state(tls_.get());
  }
}

Stream::~Stream() {
  // Sends TLS's end if that is possible without waiting.
  if (tls_ && SSL_is_init_finished(tls_.get())) SSL_shutdown(tls_.get());
  ERR_clear_error();
}

bool Stream::Poll(short events) {
  pollfd fds[] = {{fd_.get(), events, 0}, {stop_fd_, POLLIN, 0}};
  while (::poll(fds, 2, -1) < 0) {
    if (errno != EINTR) return false;
  }
  return fds[1].revents == 0;
}

template <typename Call>
int Stream::RetryTls(Call call) {
  while (true) {
    ERR_clear_error();
    const int result = call(tls_.get());
    if (result > 0) return result;
    const int error = SSL_get_error(tls_.get(), result);
    if (error == SSL_ERROR_WANT_READ) {
      if (!Poll(POLLIN)) return 0;
    } else if (error == SSL_ERROR_WANT_WRITE) {
      if (!Poll(POLLOUT)) return 0;
    } else {
      return 0;
    }
  }
}

bool Stream::Handshake() {
  return !tls_ || RetryTls([](SSL* tls) { return SSL_accept(tls); }) > 0;
}

std::size_t Stream::Read(char* buffer, std::size_t size) {
  if (tls_) {
    return static_cast<std::size_t>(RetryTls([&](SSL* tls) {
      return SSL_read(tls, buffer, static_cast<int>(size));
    }));
  }
  while (Poll(POLLIN)) {
    const ssize_t count = ::recv(fd_.get(), buffer, size, 0);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EAGAIN && errno != EINTR) return 0;
  }
  return 0;
}

bool Stream::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    std::size_t written = 0;
    if (tls_) {
      const int piece =
          static_cast<int>(std::min<std::size_t>(bytes.size(), INT_MAX));
      written = static_cast<std::size_t>(RetryTls(
          [&](SSL* tls) { return SSL_write(tls, bytes.data(), piece); }));
      if (written == 0) return false;
    } else {
      const ssize_t count =
          ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count < 0 && errno != EAGAIN && errno != EINTR) return false;
      if (count < 0 && !Poll(POLLOUT)) return false;
      if (count > 0) written = static_cast<std::size_t>(count);
    }
    bytes.remove_prefix(written);
  }
  return true;
}

Stream::Waited Stream::Wait(std::chrono::milliseconds time, int signal_fd) {
  const auto until = std::chrono::steady_clock::now() + time;
  pollfd fds[] = {
      {fd_.get(), POLLRDHUP, 0}, {stop_fd_, POLLIN, 0}, {signal_fd, POLLIN, 0}};
  while (true) {
    int left = -1;
    if (time >= std::chrono::milliseconds::zero()) {
      left = static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(
                                  until - std::chrono::steady_clock::now())
                                  .count());
      if (left < 0) left = 0;
    }
    const int ready = ::poll(fds, 3, left);
    if (ready == 0) return Waited::kElapsed;
    if (ready < 0) {
      if (errno == EINTR) continue;
      return Waited::kGone;
    }
    if (fds[0].revents != 0 || fds[1].revents != 0) return Waited::kGone;
    return Waited::kSignalled;
  }
}

void Stream::Reset() {
  const linger hard{1, 0};
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
  if (tls_) SSL_set_quiet_shutdown(tls_.get(), 1);
}

void Stream::Shutdown() { ::shutdown(fd_.get(), SHUT_RDWR); }

}  // namespace operator_connect::simulator
