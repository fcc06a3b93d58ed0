#include "exporter/web/server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <optional>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include "exporter/base/mutex.h"
#include "exporter/web/watch_list.h"
#include "exporter/web/worker_pool.h"

namespace operator_connect::web {
namespace {

constexpr auto kLinger = std::chrono::seconds(1);
constexpr auto kDrainStep = std::chrono::milliseconds(100);
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
  void Accept(int listener);
  bool MakeRoom();
  void Add(FileDescriptor socket, const sockaddr_storage& address);
  void Advance(int fd, Waiting& waiting);
  void Linger(int fd, Waiting& waiting, std::string_view answer);
  void Dispatch(int fd, const Waiting& waiting);
  void TakeBack();
  void Expire();
  void PauseAccepting();
  void ResumeAccepting();
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
  const FileDescriptor wake_;

  // Loop thread only.
  std::vector<Listener> listeners_;
  WatchList watch_list_;
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
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      listeners_(std::move(listeners)) {
  if (!wake_.ok()) {
    throw std::system_error(errno, std::generic_category(), "eventfd");
  }
  // OpenSSL writes without MSG_NOSIGNAL.
  std::signal(SIGPIPE, SIG_IGN);
  workers_.emplace(limits_.connections);
  watch_list_.AddOther(wake_.get());
  ResumeAccepting();
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
  watch_list_.Clear();
}

void Server::Loop::Wait() {
  SteadyTime until = watch_list_.NextDeadline();
  if (accept_again_) until = std::min(until, *accept_again_);
  if (stopped_accepting_) until = std::min(until, Now() + kDrainStep);
  for (const int fd : watch_list_.Wait(until)) {
    if (fd == wake_.get()) {
      std::uint64_t ignored = 0;
      [[maybe_unused]] const ssize_t got =
          ::read(wake_.get(), &ignored, sizeof ignored);
    } else if (Waiting* waiting = watch_list_.Find(fd)) {
      Advance(fd, *waiting);
    } else {
      Accept(fd);
    }
  }
}

void Server::Loop::PauseAccepting() {
  for (const Listener& listener : listeners_) {
    watch_list_.RemoveOther(listener.socket.get());
  }
  accept_again_ = Now() + kAcceptPause;
}

void Server::Loop::ResumeAccepting() {
  for (const Listener& listener : listeners_) {
    watch_list_.AddOther(listener.socket.get());
  }
  accept_again_.reset();
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
  if (!MakeRoom()) PauseAccepting();
}

// Closes the connection that has waited longest for a request.
bool Server::Loop::MakeRoom() {
  const std::optional<int> longest = watch_list_.LongestWaiting();
  if (longest) watch_list_.Remove(*longest);
  return longest.has_value();
}

void Server::Loop::Add(FileDescriptor socket, const sockaddr_storage& address) {
  std::size_t working = 0;
  {
    MutexLock lock(mutex_);
    working = working_.size();
  }
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (watch_list_.size() + working >= limits_.connections && !MakeRoom()) {
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
  watch_list_.Add(std::move(waiting));
  // Most requests arrive with their connection.
  Advance(fd, *watch_list_.Find(fd));
}

void Server::Loop::Advance(int fd, Waiting& waiting) {
  if (waiting.lingers) {
    if (!waiting.connection->Discard()) watch_list_.Remove(fd);
    return;
  }
  switch (waiting.connection->Advance()) {
    case Connection::Progress::kNeedsRead:
      watch_list_.WatchFor(waiting, false);
      break;
    case Connection::Progress::kNeedsWrite:
      watch_list_.WatchFor(waiting, true);
      break;
    case Connection::Progress::kHead:
      return Dispatch(fd, waiting);
    case Connection::Progress::kTooLarge:
      return Linger(fd, waiting, kTooLarge);
    case Connection::Progress::kEnded:
      return watch_list_.Remove(fd);
  }
  if (!waiting.begun && waiting.connection->begun()) {
    waiting.begun = true;
    waiting.deadline = Now() + limits_.head;
  }
}

void Server::Loop::Linger(int fd, Waiting& waiting, std::string_view answer) {
  if (!answer.empty()) waiting.connection->WriteOnce(answer);
  waiting.connection->Finish();
  waiting.lingers = true;
  waiting.deadline = Now() + kLinger;
  watch_list_.WatchFor(waiting, false);
  if (!waiting.connection->Discard()) watch_list_.Remove(fd);
}

void Server::Loop::Dispatch(int fd, const Waiting& waiting) {
  const ConnectionPtr connection = waiting.connection;
  watch_list_.Remove(fd);
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
    watch_list_.Add(std::move(waiting));
    if (one.keep) {
      Advance(fd, *watch_list_.Find(fd));
    } else {
      Linger(fd, *watch_list_.Find(fd), {});
    }
  }
}

void Server::Loop::Expire() {
  const SteadyTime now = Now();
  for (const int fd : watch_list_.Expired(now)) {
    Waiting& waiting = *watch_list_.Find(fd);
    if (!waiting.lingers && waiting.connection->begun()) {
      Linger(fd, waiting, kTimedOut);
    } else {
      watch_list_.Remove(fd);
    }
  }
  if (accept_again_ && *accept_again_ <= now) ResumeAccepting();
}

void Server::Loop::BeginDrain() {
  if (!accept_again_) PauseAccepting();
  accept_again_.reset();
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
  const auto& all = watch_list_.all();
  return std::none_of(all.begin(), all.end(), [&](const auto& one) {
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
