#include "exporter/web/server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <map>
#include <optional>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include "exporter/base/mutex.h"
#include "exporter/web/worker_pool.h"

namespace operator_connect::web {
namespace {

constexpr auto kLinger = std::chrono::seconds(1);
constexpr auto kAcceptPause = std::chrono::milliseconds(100);
// While draining: for clients that have sent a part of a request.
constexpr auto kDrainHead = std::chrono::seconds(1);

constexpr std::string_view kTimedOut =
    "HTTP/1.1 408 Request Timeout\r\nContent-Type: text/plain; "
    "charset=utf-8\r\nContent-Length: 18\r\nConnection: "
    "close\r\n\r\nrequest timed out\n";
constexpr std::string_view kTooLarge =
    "HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Type: "
    "text/plain; charset=utf-8\r\nContent-Length: 18\r\nConnection: "
    "close\r\n\r\nrequest too large\n";
constexpr std::string_view kNoRoom =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; "
    "charset=utf-8\r\nContent-Length: 21\r\nConnection: "
    "close\r\n\r\ntoo many connections\n";

SteadyTime Now() { return std::chrono::steady_clock::now(); }

using ConnectionPtr = std::shared_ptr<Connection>;

// A connection that the loop watches.
struct Waiting {
  ConnectionPtr connection;
  SteadyTime since;     // it waits for a request
  SteadyTime deadline;  // it is closed
  bool begun = false;   // a part of the request has arrived
  bool lingers = false;
  std::uint32_t events = 0;
};

// A connection that a worker gives back.
struct Returned {
  ConnectionPtr connection;
  bool keep = false;
};

}  // namespace

class Server::Loop {
 public:
  Loop(std::vector<Listener> listeners, TlsSource tls, Handler handler,
       const ServerLimits& limits, Log& log);
  ~Loop();

  void Drain(const Deadline& deadline);

 private:
  // Loop thread.
  void Run();
  void Wait();
  int MillisecondsToWait() const;
  void Accept(int listener);
  bool MakeRoom();
  void Add(FileDescriptor socket, const sockaddr_storage& address);
  void Watch(Waiting waiting, std::uint32_t events);
  void SetEvents(Waiting& waiting, std::uint32_t events);
  void Advance(int fd);
  void Forget(int fd);
  void Linger(int fd, std::string_view answer);
  void Dispatch(int fd);
  void TakeBack();
  void Expire();
  void PauseAccepting(bool pause);
  void BeginDrain();
  bool Drained();

  // Worker threads.
  void Serve(const ConnectionPtr& connection);

  // Any thread.
  void Wake();

  const TlsSource tls_;
  const Handler handler_;
  const ServerLimits limits_;
  Log& log_;
  const FileDescriptor epoll_;
  const FileDescriptor wake_;

  // Loop thread only.
  std::vector<Listener> listeners_;
  std::map<int, Waiting> waiting_;
  std::optional<SteadyTime> accept_again_;
  bool stopped_accepting_ = false;
  SteadyTime drain_heads_until_;

  Mutex mutex_;
  std::vector<Returned> returned_ OC_GUARDED_BY(mutex_);
  std::set<ConnectionPtr> working_ OC_GUARDED_BY(mutex_);
  bool draining_ OC_GUARDED_BY(mutex_) = false;
  SteadyTime drain_until_ OC_GUARDED_BY(mutex_);

  // Ends before what its threads use.
  std::optional<WorkerPool> workers_;
  std::thread thread_;
};

Server::Loop::Loop(std::vector<Listener> listeners, TlsSource tls,
                   Handler handler, const ServerLimits& limits, Log& log)
    : tls_(std::move(tls)),
      handler_(std::move(handler)),
      limits_(limits),
      log_(log),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      listeners_(std::move(listeners)) {
  if (!epoll_.ok() || !wake_.ok()) {
    throw std::system_error(errno, std::generic_category(), "web server");
  }
  workers_.emplace(limits_.connections);
  // OpenSSL writes without MSG_NOSIGNAL.
  std::signal(SIGPIPE, SIG_IGN);
  epoll_event event = {};
  event.events = EPOLLIN;
  event.data.fd = wake_.get();
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event);
  PauseAccepting(false);
  thread_ = std::thread([this] { Run(); });
}

Server::Loop::~Loop() {
  Drain(Deadline::After(std::chrono::seconds(1)));
  workers_.reset();
}

void Server::Loop::Drain(const Deadline& deadline) {
  {
    MutexLock lock(mutex_);
    draining_ = true;
    drain_until_ = deadline.at();
  }
  Wake();
  if (thread_.joinable()) thread_.join();
}

void Server::Loop::Wake() {
  const std::uint64_t one = 1;
  // Fails only when the counter is full, and then the loop wakes anyway.
  [[maybe_unused]] const ssize_t written =
      ::write(wake_.get(), &one, sizeof one);
}

void Server::Loop::Run() {
  while (!Drained()) {
    Wait();
    TakeBack();
    Expire();
  }
  waiting_.clear();
}

void Server::Loop::Wait() {
  std::array<epoll_event, 64> events;
  const int count =
      ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                   MillisecondsToWait());
  for (int i = 0; i < count; ++i) {
    const int fd = events[static_cast<std::size_t>(i)].data.fd;
    if (fd == wake_.get()) {
      std::uint64_t ignored = 0;
      [[maybe_unused]] const ssize_t got =
          ::read(wake_.get(), &ignored, sizeof ignored);
    } else if (waiting_.count(fd) > 0) {
      Advance(fd);
    } else {
      Accept(fd);
    }
  }
}

int Server::Loop::MillisecondsToWait() const {
  SteadyTime next = SteadyTime::max();
  for (const auto& [fd, waiting] : waiting_) {
    next = std::min(next, waiting.deadline);
  }
  if (accept_again_) next = std::min(next, *accept_again_);
  if (stopped_accepting_) {
    next = std::min(next, Now() + std::chrono::milliseconds(100));
  }
  if (next == SteadyTime::max()) return -1;
  const Duration left = std::max(next - Now(), Duration::zero());
  return static_cast<int>(
      std::chrono::ceil<std::chrono::milliseconds>(left).count());
}

void Server::Loop::PauseAccepting(bool pause) {
  for (const Listener& listener : listeners_) {
    epoll_event event = {};
    event.events = EPOLLIN;
    event.data.fd = listener.socket.get();
    ::epoll_ctl(epoll_.get(), pause ? EPOLL_CTL_DEL : EPOLL_CTL_ADD,
                listener.socket.get(), &event);
  }
  accept_again_ = pause ? std::optional(Now() + kAcceptPause) : std::nullopt;
}

void Server::Loop::Accept(int listener) {
  const auto known = std::find_if(
      listeners_.begin(), listeners_.end(),
      [listener](const Listener& l) { return l.socket.get() == listener; });
  if (known == listeners_.end()) return;
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
  if (!MakeRoom()) PauseAccepting(true);
}

// Closes the connection that has waited longest for a request.
bool Server::Loop::MakeRoom() {
  const auto oldest = std::min_element(waiting_.begin(), waiting_.end(),
                                       [](const auto& a, const auto& b) {
                                         return a.second.since < b.second.since;
                                       });
  if (oldest == waiting_.end()) return false;
  Forget(oldest->first);
  return true;
}

void Server::Loop::Add(FileDescriptor socket, const sockaddr_storage& address) {
  std::size_t working = 0;
  {
    MutexLock lock(mutex_);
    working = working_.size();
  }
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (waiting_.size() + working >= limits_.connections && !MakeRoom()) {
    ::send(socket.get(), kNoRoom.data(), kNoRoom.size(), MSG_NOSIGNAL);
    return;
  }
  Waiting waiting;
  waiting.connection = std::make_shared<Connection>(
      std::move(socket), FormatAddress(address), tls_(), limits_.connection);
  waiting.since = Now();
  waiting.deadline = waiting.since + limits_.head;
  waiting.begun = true;  // the time for the head runs from the connect
  const int fd = waiting.connection->fd();
  Watch(std::move(waiting), EPOLLIN);
  // Most requests arrive with their connection.
  Advance(fd);
}

void Server::Loop::Watch(Waiting waiting, std::uint32_t events) {
  const int fd = waiting.connection->fd();
  epoll_event event = {};
  event.events = events;
  event.data.fd = fd;
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
  waiting.events = events;
  waiting_.insert_or_assign(fd, std::move(waiting));
}

void Server::Loop::SetEvents(Waiting& waiting, std::uint32_t events) {
  if (waiting.events == events) return;
  waiting.events = events;
  epoll_event event = {};
  event.events = events;
  event.data.fd = waiting.connection->fd();
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, event.data.fd, &event);
}

void Server::Loop::Forget(int fd) {
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
  waiting_.erase(fd);
}

void Server::Loop::Advance(int fd) {
  Waiting& waiting = waiting_.at(fd);
  if (waiting.lingers) {
    if (!waiting.connection->Discard()) Forget(fd);
    return;
  }
  switch (waiting.connection->Advance()) {
    case Connection::Progress::kNeedsRead:
      SetEvents(waiting, EPOLLIN);
      break;
    case Connection::Progress::kNeedsWrite:
      SetEvents(waiting, EPOLLOUT);
      break;
    case Connection::Progress::kHead:
      Dispatch(fd);
      return;
    case Connection::Progress::kTooLarge:
      Linger(fd, kTooLarge);
      return;
    case Connection::Progress::kEnded:
      Forget(fd);
      return;
  }
  if (!waiting.begun && waiting.connection->begun()) {
    waiting.begun = true;
    waiting.deadline = Now() + limits_.head;
  }
}

void Server::Loop::Linger(int fd, std::string_view answer) {
  Waiting& waiting = waiting_.at(fd);
  if (!answer.empty()) waiting.connection->WriteOnce(answer);
  waiting.connection->Finish();
  waiting.lingers = true;
  waiting.deadline = Now() + kLinger;
  SetEvents(waiting, EPOLLIN);
  if (!waiting.connection->Discard()) Forget(fd);
}

void Server::Loop::Dispatch(int fd) {
  const ConnectionPtr connection = waiting_.at(fd).connection;
  Forget(fd);
  {
    MutexLock lock(mutex_);
    working_.insert(connection);
  }
  if (workers_->Run([this, connection] { Serve(connection); })) return;
  log_.Error("web", "no thread for a request");
  MutexLock lock(mutex_);
  working_.erase(connection);
}

void Server::Loop::Serve(const ConnectionPtr& connection) {
  Exchange exchange;
  {
    MutexLock lock(mutex_);
    exchange.may_keep = !draining_;
  }
  bool keep = false;
  try {
    exchange.head = connection->TakeHead();
    exchange.peer = connection->peer();
    exchange.encrypted = connection->encrypted();
    exchange.received = Now();
    connection->BeginAnswer();
    keep = Converse(exchange, handler_, *connection);
    keep = connection->Flush() && keep;
  } catch (const std::exception&) {
    keep = false;  // no memory: this client loses its connection
  }
  {
    MutexLock lock(mutex_);
    working_.erase(connection);
    returned_.push_back({connection, keep});
  }
  Wake();
}

void Server::Loop::TakeBack() {
  std::vector<Returned> returned;
  {
    MutexLock lock(mutex_);
    returned.swap(returned_);
  }
  for (Returned& one : returned) {
    const int fd = one.connection->fd();
    Waiting waiting;
    waiting.connection = std::move(one.connection);
    waiting.since = Now();
    waiting.deadline = waiting.since + limits_.idle;
    Watch(std::move(waiting), EPOLLIN);
    if (one.keep) {
      Advance(fd);
    } else {
      Linger(fd, {});
    }
  }
}

void Server::Loop::Expire() {
  const SteadyTime now = Now();
  std::vector<int> expired;
  for (const auto& [fd, waiting] : waiting_) {
    if (waiting.deadline <= now) expired.push_back(fd);
  }
  for (const int fd : expired) {
    const Waiting& waiting = waiting_.at(fd);
    if (!waiting.lingers && waiting.connection->begun()) {
      Linger(fd, kTimedOut);
    } else {
      Forget(fd);
    }
  }
  if (accept_again_ && *accept_again_ <= now) PauseAccepting(false);
}

void Server::Loop::BeginDrain() {
  if (accept_again_) {
    accept_again_.reset();
  } else {
    PauseAccepting(true);
    accept_again_.reset();
  }
  listeners_.clear();
  stopped_accepting_ = true;
  drain_heads_until_ = Now() + kDrainHead;
}

// True: the loop has nothing left to do.
bool Server::Loop::Drained() {
  SteadyTime until;
  bool busy = false;
  {
    MutexLock lock(mutex_);
    if (!draining_) return false;
    until = drain_until_;
    busy = !working_.empty() || !returned_.empty();
  }
  if (!stopped_accepting_) BeginDrain();
  const SteadyTime now = Now();
  if (now >= until) {
    MutexLock lock(mutex_);
    for (const ConnectionPtr& connection : working_) connection->Abort();
    return true;
  }
  if (busy) return false;
  return std::none_of(waiting_.begin(), waiting_.end(), [&](const auto& one) {
    const Waiting& waiting = one.second;
    return waiting.lingers ||
           (waiting.connection->begun() && now < drain_heads_until_);
  });
}

Server::Server(std::vector<Listener> listeners, TlsSource tls, Handler handler,
               const ServerLimits& limits, Log& log)
    : loop_(std::make_unique<Loop>(std::move(listeners), std::move(tls),
                                   std::move(handler), limits, log)) {}

Server::~Server() = default;

void Server::Drain(const Deadline& deadline) { loop_->Drain(deadline); }

}  // namespace operator_connect::web
