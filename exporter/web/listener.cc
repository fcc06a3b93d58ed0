#include "exporter/web/listener.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>

namespace operator_connect::web {
namespace {

constexpr int kBacklog = 512;
constexpr int kFirstActivatedFd = 3;  // SD_LISTEN_FDS_START

std::optional<int> ParseNumber(std::string_view text, int most) {
  int number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0 ||
      number > most) {
    return std::nullopt;
  }
  return number;
}

std::string ToText(const ListenAddress& at) {
  const bool v6 = at.host.find(':') != std::string::npos;
  return (v6 ? "[" + at.host + "]" : at.host) + ":" + std::to_string(at.port);
}

}  // namespace

std::string ListenRemedy(int error, const ListenAddress& at, bool ours) {
  const bool v6 = at.host.find(':') != std::string::npos;
  switch (error) {
    case EADDRINUSE:
      if (ours) {
        return "; another --web.listen-address of this exporter has this port: "
               "remove one of the two, or change its port";
      }
      return "; another process has this port: stop it, or choose another "
             "with --web.listen-address";
    case EACCES:
      return "; ports below 1024 need CAP_NET_BIND_SERVICE: choose a higher "
             "one with --web.listen-address";
    case EAFNOSUPPORT:
    case EADDRNOTAVAIL:
      if (at.host == "::") {
        return "; this machine has no IPv6: write --web.listen-address=:" +
               std::to_string(at.port) + ", which takes whatever it has";
      }
      if (v6 && error == EAFNOSUPPORT) {
        return "; this machine has no IPv6: write an IPv4 address";
      }
      return "; this machine has no such address: check "
             "--web.listen-address";
    default:
      return "";
  }
}

namespace {

// The socket, or errno.
Result<FileDescriptor, int> Listen(const addrinfo& at) {
  FileDescriptor fd(
      ::socket(at.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.ok()) return errno;
  const int on = 1;
  const int off = 0;
  // A restart must not wait for old connections. SO_REUSEPORT stays off: it
  // would let a second exporter take half of the scrapes.
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (at.ai_family == AF_INET6) {
    ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  }
  if (::bind(fd.get(), at.ai_addr, at.ai_addrlen) != 0 ||
      ::listen(fd.get(), kBacklog) != 0) {
    return errno;
  }
  return fd;
}

std::string BoundAddress(int fd) {
  sockaddr_storage address = {};
  socklen_t size = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return "unknown";
  }
  return FormatAddress(address);
}

struct FreeAddrInfo {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

// The addresses of `host`, best first. Of all addresses: IPv6, which includes
// IPv4. Of a name: IPv4.
std::vector<const addrinfo*> InOrder(const addrinfo* list, bool all) {
  std::vector<const addrinfo*> ordered;
  for (; list != nullptr; list = list->ai_next) ordered.push_back(list);
  const int first = all ? AF_INET6 : AF_INET;
  std::stable_partition(
      ordered.begin(), ordered.end(),
      [first](const addrinfo* one) { return one->ai_family == first; });
  return ordered;
}

// `before`: the ports of this exporter's other listeners.
Result<Listener, std::string> Open(const ListenAddress& where,
                                   const std::vector<Listener>& before) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const char* host = where.host.empty() ? nullptr : where.host.c_str();
  const int looked_up =
      ::getaddrinfo(host, std::to_string(where.port).c_str(), &hints, &found);
  if (looked_up != 0) {
    return "cannot listen on " + ToText(where) + ": " +
           ::gai_strerror(looked_up) + "; check --web.listen-address";
  }
  const std::unique_ptr<addrinfo, FreeAddrInfo> owner(found);
  int error = EADDRNOTAVAIL;
  for (const addrinfo* at : InOrder(found, host == nullptr)) {
    Result<FileDescriptor, int> socket = Listen(*at);
    if (socket.ok()) {
      Listener listener;
      listener.socket = *std::move(socket);
      listener.address = BoundAddress(listener.socket.get());
      return listener;
    }
    error = socket.error();
    // A machine without IPv6 still has IPv4.
    if (error != EAFNOSUPPORT && error != EADDRNOTAVAIL) break;
  }
  const bool ours =
      std::any_of(before.begin(), before.end(), [&](const Listener& other) {
        return other.address.ends_with(":" + std::to_string(where.port));
      });
  return "cannot listen on " + ToText(where) + ": " +
         std::generic_category().message(error) +
         ListenRemedy(error, where, ours);
}

}  // namespace

Result<std::vector<Listener>, std::string> OpenListeners(
    const std::vector<ListenAddress>& addresses) {
  std::vector<Listener> listeners;
  for (const ListenAddress& address : addresses) {
    Result<Listener, std::string> listener = Open(address, listeners);
    if (!listener.ok()) return std::move(listener).error();
    listeners.push_back(*std::move(listener));
  }
  return listeners;
}

std::vector<Listener> TakeActivatedListeners() {
  std::vector<Listener> listeners;
  const char* pid = std::getenv("LISTEN_PID");
  const char* fds = std::getenv("LISTEN_FDS");
  if (pid != nullptr && fds != nullptr && pid == std::to_string(::getpid())) {
    const int count = ParseNumber(fds, 64).value_or(0);
    for (int fd = kFirstActivatedFd; fd < kFirstActivatedFd + count; ++fd) {
      int listens = 0;
      socklen_t size = sizeof listens;
      if (::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 ||
          listens == 0) {
        continue;
      }
      ::fcntl(fd, F_SETFD, FD_CLOEXEC);
      ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
      Listener listener;
      listener.socket = FileDescriptor(fd);
      listener.address = BoundAddress(fd);
      listeners.push_back(std::move(listener));
    }
  }
  ::unsetenv("LISTEN_PID");
  ::unsetenv("LISTEN_FDS");
  ::unsetenv("LISTEN_FDNAMES");
  return listeners;
}

std::string FormatAddress(const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = {};
  if (address.ss_family == AF_INET) {
    sockaddr_in v4 = {};
    std::memcpy(&v4, &address, sizeof v4);
    ::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
    return std::string(text) + ":" + std::to_string(ntohs(v4.sin_port));
  }
  if (address.ss_family == AF_INET6) {
    sockaddr_in6 v6 = {};
    std::memcpy(&v6, &address, sizeof v6);
    const std::string port = std::to_string(ntohs(v6.sin6_port));
    if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
      ::inet_ntop(AF_INET, v6.sin6_addr.s6_addr + 12, text, sizeof text);
      return std::string(text) + ":" + port;
    }
    ::inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
    return "[" + std::string(text) + "]:" + port;
  }
  return "local socket";
}

}  // namespace operator_connect::web
