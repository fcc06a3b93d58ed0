#include "exporter/web/server.h"

#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>
#include <system_error>
#include <utility>

namespace operator_connect::web {
namespace {

constexpr auto kAcceptPause = std::chrono::milliseconds(10);
// Connections that are closed for new ones keep their threads for a moment.
constexpr std::size_t kMostLeaving = 64;
// After so long without a response, unused memory is returned to the system.
constexpr time_t kTrimSeconds = 5;
// Between two lines about clients of the wrong protocol.
constexpr auto kLogInterval = std::chrono::minutes(1);

// The meaning of an event: the index of a listener, one of these, or a client.
constexpr std::uint64_t kStop = 1 << 16;
constexpr std::uint64_t kTrim = kStop + 1;
constexpr std::uint64_t kFirstClient = kStop + 2;

FileDescriptor Opened(int fd, const char* what) {
  if (fd < 0) throw std::system_error(errno, std::generic_category(), what);
  return FileDescriptor(fd);
}

void Watch(const FileDescriptor& epoll, int fd, std::uint32_t what,
           std::uint64_t id) {
  epoll_event event = {};
  event.events = what;
  event.data.u64 = id;
  ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd, &event);
}

// The response to a connection that ends without a whole request.
Refusal RefusalOf(Connection::Head head) {
  switch (head) {
    case Connection::Head::kTimedOut:
      return {408, "request timed out"};
    case Connection::Head::kTooLarge:
      return {431, "request too large"};
    case Connection::Head::kHttpsOnPlain:
      return {400, "client sent an HTTPS request to an HTTP server"};
    default:
      return {400, "Client sent an HTTP request to an HTTPS server."};
  }
}

}  // namespace

Server::Server(std::vector<Listener> listeners, TlsSource tls, Handler handler,
               const ServerLimits& limits, Log& log)
    : tls_(std::move(tls)),
      handler_(std::move(handler)),
      limits_(limits),
      log_(log),
      events_(Opened(::epoll_create1(EPOLL_CLOEXEC), "epoll")),
      stop_(Opened(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")),
      trim_(
          Opened(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK),
                 "timerfd")),
      listeners_(std::move(listeners)),
      next_number_(kFirstClient) {
  // OpenSSL writes without MSG_NOSIGNAL.
  std::signal(SIGPIPE, SIG_IGN);
  for (std::size_t i = 0; i < listeners_.size(); ++i) {
    Watch(events_, listeners_[i].socket.get(), EPOLLIN, i);
  }
  Watch(events_, stop_.get(), EPOLLIN, kStop);
  Watch(events_, trim_.get(), EPOLLIN, kTrim);
  thread_ = std::thread([this] { Listen(); });
}

Server::~Server() {
  Drain(Deadline::After(std::chrono::seconds(1)));
  MutexLock lock(mutex_);
  while (!clients_.empty()) ended_.Wait(mutex_);
}

void Server::Drain(const Deadline& deadline) {
  {
    MutexLock lock(mutex_);
    draining_ = true;
  }
  // Fails only if the counter is full, and then it is readable already.
  ::eventfd_write(stop_.get(), 1);
  if (thread_.joinable()) thread_.join();
  MutexLock lock(mutex_);
  while (!clients_.empty() && !deadline.expired()) {
    ended_.WaitUntil(mutex_, deadline.at());
  }
  for (const auto& [number, client] : clients_) client.connection->Abort();
}

void Server::Listen() {
  std::array<epoll_event, 64> events;
  for (;;) {
    const int count = ::epoll_wait(events_.get(), events.data(),
                                   static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const std::uint64_t id = events[static_cast<std::size_t>(i)].data.u64;
      if (id == kStop) {
        listeners_.clear();
        return;
      }
      if (id == kTrim) {
        std::uint64_t ignored = 0;
        [[maybe_unused]] const ssize_t got =
            ::read(trim_.get(), &ignored, sizeof ignored);
        ::malloc_trim(0);
      } else if (id >= kFirstClient) {
        HangUp(id);
      } else {
        Accept(listeners_[id].socket.get());
      }
    }
  }
}

void Server::Accept(int listener) {
  sockaddr_storage address = {};
  socklen_t size = sizeof address;
  FileDescriptor socket(::accept4(listener,
                                  reinterpret_cast<sockaddr*>(&address), &size,
                                  SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (socket.ok()) {
    Add(std::move(socket), address);
    return;
  }
  if (errno != EMFILE && errno != ENFILE && errno != ENOBUFS &&
      errno != ENOMEM) {
    return;
  }
  // The listener stays readable: without a pause the loop would spin.
  MakeRoom();
  std::this_thread::sleep_for(kAcceptPause);
}

void Server::HangUp(std::uint64_t number) {
  std::stop_source hung_up(std::nostopstate);
  {
    MutexLock lock(mutex_);
    const auto client = clients_.find(number);
    if (client == clients_.end()) return;
    hung_up = client->second.hung_up;
  }
  // Without the lock, as this wakes waiting threads.
  hung_up.request_stop();
}

void Server::Add(FileDescriptor socket, const sockaddr_storage& address) {
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (!HasRoom() && !MakeRoom()) {
    const std::string response =
        Refusal{503, "too many connections"}.ToResponse();
    ::send(socket.get(), response.data(), response.size(), MSG_NOSIGNAL);
    return;
  }
  auto connection =
      std::make_unique<Connection>(std::move(socket), FormatAddress(address),
                                   tls_(), limits_.connection, stop_);
  MutexLock lock(mutex_);
  const std::uint64_t number = next_number_++;
  Client& client = clients_[number];
  client.connection = std::move(connection);
  client.since = std::chrono::steady_clock::now();
  // While the socket is open, so that its end is seen whatever its thread waits
  // for.
  Watch(events_, client.connection->fd(), EPOLLRDHUP | EPOLLONESHOT, number);
  try {
    // Detached: ends by itself; the destructor waits for its client.
    std::thread([this, number, &client] { Serve(number, client); }).detach();
  } catch (const std::system_error&) {
    log_.Error("web", "no thread for a connection");
    clients_.erase(number);
  }
}

bool Server::HasRoom() {
  MutexLock lock(mutex_);
  const auto leaving = std::count_if(
      clients_.begin(), clients_.end(),
      [](const auto& numbered) { return numbered.second.leaving; });
  return clients_.size() - static_cast<std::size_t>(leaving) <
         limits_.connections;
}

// Closes the connection that has waited longest for a request. False: none
// waits, or too many are being closed.
bool Server::MakeRoom() {
  MutexLock lock(mutex_);
  if (clients_.size() >= limits_.connections + kMostLeaving) return false;
  Client* longest = nullptr;
  for (auto& [number, client] : clients_) {
    if (client.waits && !client.leaving &&
        (longest == nullptr || client.since < longest->since)) {
      longest = &client;
    }
  }
  if (longest == nullptr) return false;
  longest->leaving = true;
  longest->connection->Abort();
  return true;
}

void Server::Serve(std::uint64_t number, Client& client) {
  try {
    Converse(client);
  } catch (const std::exception& error) {
    // Out of memory: this client loses its connection.
    log_.Error("web", "a connection was given up", {{"err", error.what()}});
  }
  MutexLock lock(mutex_);
  clients_.erase(number);
  ended_.NotifyAll();
}

void Server::Converse(Client& client) {
  Connection& connection = *client.connection;
  for (bool first = true;; first = false) {
    const Connection::Head head = connection.ReadHead(first);
    if (head == Connection::Head::kEnded) return;
    Mark(client, false);
    connection.BeginResponse();
    if (head == Connection::Head::kWhole) {
      if (Answer(client)) {
        Mark(client, true);
        continue;
      }
    } else {
      LogProtocol(head, connection.peer());
      connection.Write(RefusalOf(head).ToResponse());
    }
    connection.Flush();
    connection.Linger();
    return;
  }
}

// True: the connection may serve another request.
bool Server::Answer(Client& client) {
  Connection& connection = *client.connection;
  Exchange exchange;
  {
    MutexLock lock(mutex_);
    exchange.may_keep = !draining_;
  }
  exchange.head = connection.TakeHead();
  exchange.peer = connection.peer();
  exchange.encrypted = connection.encrypted();
  exchange.received = std::chrono::steady_clock::now();
  exchange.hung_up = client.hung_up.get_token();
  const bool keep = web::Converse(exchange, handler_, connection);
  const bool sent = connection.Flush();
  itimerspec timer = {};
  timer.it_value.tv_sec = kTrimSeconds;
  ::timerfd_settime(trim_.get(), 0, &timer, nullptr);
  return keep && sent;
}

void Server::LogProtocol(Connection::Head head, const std::string& peer) {
  const bool https = head == Connection::Head::kHttpsOnPlain;
  if (!https && head != Connection::Head::kHttpOnTls) return;
  const SteadyTime now = std::chrono::steady_clock::now();
  MutexLock lock(mutex_);
  std::optional<SteadyTime>& logged = https ? https_logged_ : http_logged_;
  if (logged && now - *logged < kLogInterval) return;
  logged = now;
  log_.Warn("web",
            https ? "a client speaks HTTPS to this port of HTTP; change its "
                    "scheme to http, or set tls_server_config"
                  : "a client speaks HTTP to this port of HTTPS; change its "
                    "scheme to https",
            {{"peer", peer}});
}

void Server::Mark(Client& client, bool waits) {
  MutexLock lock(mutex_);
  client.waits = waits;
  client.since = std::chrono::steady_clock::now();
}

}  // namespace operator_connect::web
