#include "tests/integration/relay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <vector>

namespace operator_connect::integration {

namespace {

constexpr int kBacklog = 64;

sockaddr_in Loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int Bind(std::uint16_t port) {
  const int fd =
      ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int one = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
  const sockaddr_in address = Loopback(port);
  if (fd < 0 || ::bind(fd, reinterpret_cast<const sockaddr*>(&address),
                       sizeof(address)) != 0) {
    throw std::runtime_error("no port for a relay");
  }
  return fd;
}

int Connect(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(port);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address),
                sizeof(address)) != 0) {
    ::close(fd);
    return -1;
  }
  const int one = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
  return fd;
}

}  // namespace

Relay::Relay(std::uint16_t target) : target_(target) {
  // The kernel releases a port that it chose when listening ends; a requested
  // one is kept.
  const int first = Bind(0);
  sockaddr_in address{};
  socklen_t size = sizeof(address);
  ::getsockname(first, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  ::close(first);
  listener_ = Bind(port_);
  ::listen(listener_, kBacklog);
  wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  thread_ = std::thread([this] { Run(); });
}

Relay::~Relay() {
  stop_ = true;
  Wake();
  thread_.join();
  {
    MutexLock lock(mutex_);
    CloseAll();
  }
  ::close(listener_);
  ::close(wake_);
}

void Relay::Set(Mode mode) {
  MutexLock lock(mutex_);
  CloseAll();
  if (mode == Mode::kRefuse) {
    ::shutdown(listener_, SHUT_RDWR);
  } else if (mode_ == Mode::kRefuse) {
    ::listen(listener_, kBacklog);
  }
  mode_ = mode;
  Wake();
}

void Relay::Wake() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t done = ::write(wake_, &one, sizeof(one));
}

void Relay::CloseAll() {
  for (const auto& [end, other] : ends_) ::close(end);
  ends_.clear();
}

void Relay::Accept() {
  const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  const int server = mode_ == Mode::kForward ? Connect(target_) : -1;
  ends_[client] = server;
  if (server >= 0) ends_[server] = client;
}

void Relay::Pass(int from) {
  const auto found = ends_.find(from);
  if (found == ends_.end()) return;
  const int to = found->second;
  char bytes[65536];
  const ssize_t count = ::recv(from, bytes, sizeof(bytes), MSG_DONTWAIT);
  if (count > 0 && ::send(to, bytes, static_cast<std::size_t>(count),
                          MSG_NOSIGNAL) == count) {
    return;
  }
  if (count < 0 && errno == EAGAIN) return;
  ends_.erase(from);
  ends_.erase(to);
  ::close(from);
  ::close(to);
}

void Relay::Run() {
  while (!stop_) {
    std::vector<pollfd> polled = {{wake_, POLLIN, 0}};
    {
      MutexLock lock(mutex_);
      if (mode_ == Mode::kForward || mode_ == Mode::kSilent) {
        polled.push_back({listener_, POLLIN, 0});
      }
      for (const auto& [end, other] : ends_) {
        if (other >= 0) polled.push_back({end, POLLIN, 0});
      }
    }
    if (::poll(polled.data(), polled.size(), -1) < 0) continue;
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t done = ::read(wake_, &count, sizeof(count));
    MutexLock lock(mutex_);
    for (const pollfd& one : polled) {
      if (one.revents == 0 || one.fd == wake_) continue;
      if (one.fd == listener_) {
        if (mode_ == Mode::kForward || mode_ == Mode::kSilent) Accept();
      } else {
        Pass(one.fd);
      }
    }
  }
}

}  // namespace operator_connect::integration
