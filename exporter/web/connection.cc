#include "exporter/web/connection.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace operator_connect::web {
namespace {

constexpr std::size_t kReadBytes = 4 << 10;
// Small writes are collected up to this size, so that a response's head and its
// first bytes leave in one packet.
constexpr std::size_t kKeptBack = 16 << 10;
constexpr std::size_t kMostDiscarded = 1 << 20;
// The first byte of a TLS handshake: no request line begins with it.
constexpr char kTlsRecord = 0x16;
constexpr auto kLinger = std::chrono::seconds(1);
// After the server has stopped, for clients that have sent a part of a request.
constexpr auto kStopHead = std::chrono::seconds(1);

SteadyTime Now() { return std::chrono::steady_clock::now(); }

ssl_st* NewSsl(const TlsContext& tls, int fd) {
  if (!tls) return nullptr;
  SSL* ssl = SSL_new(tls.get());
  if (ssl == nullptr) return nullptr;
  SSL_set_fd(ssl, fd);
  SSL_set_accept_state(ssl);
  return ssl;
}

bool WouldBlock() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

// The event that OpenSSL waits for; 0: there is none.
short Awaited(int ssl_error) {
  if (ssl_error == SSL_ERROR_WANT_READ) return POLLIN;
  return ssl_error == SSL_ERROR_WANT_WRITE ? POLLOUT : 0;
}

}  // namespace

void Connection::FreeSsl::operator()(ssl_st* ssl) const { SSL_free(ssl); }

Connection::Connection(FileDescriptor socket, std::string peer,
                       const TlsContext& tls, const ConnectionLimits& limits,
                       const FileDescriptor& stop)
    : socket_(std::move(socket)),
      peer_(std::move(peer)),
      limits_(limits),
      stop_(stop),
      ssl_(NewSsl(tls, socket_.get())),
      handshaken_(tls == nullptr),
      broken_(tls != nullptr && ssl_ == nullptr) {}

Connection::~Connection() = default;

Connection::Head Connection::ReadHead(bool first) {
  bool begun = first || !in_.empty();
  bool stopping = false;
  SteadyTime until = Now() + (begun ? limits_.head : limits_.idle);
  if (!handshaken_) {
    if (SpeaksHttp(until)) {
      ssl_.reset();
      return Head::kHttpOnTls;
    }
    if (!Handshake(until)) return Head::kEnded;
  }
  std::array<char, kReadBytes> buffer;
  while (!FindHead()) {
    if (!ssl_ && !in_.empty() && in_[0] == kTlsRecord) {
      return Head::kHttpsOnPlain;
    }
    if (in_.size() >= limits_.head_bytes) return Head::kTooLarge;
    const std::size_t most =
        std::min(buffer.size(), limits_.head_bytes - in_.size());
    short wait_for = 0;
    const long count = ReadSome(buffer.data(), most, wait_for);
    if (count > 0) {
      in_.append(buffer.data(), static_cast<std::size_t>(count));
      if (!begun) until = Now() + limits_.head;
      begun = true;
      continue;
    }
    if (count == 0 || wait_for == 0) return Head::kEnded;
    if (!stopping && this->stopping()) {
      if (in_.empty()) return Head::kEnded;
      stopping = true;
      until = std::min(until, Now() + kStopHead);
    }
    if (!WaitFor(wait_for, until, !stopping)) {
      return in_.empty() ? Head::kEnded : Head::kTimedOut;
    }
  }
  return Head::kWhole;
}

bool Connection::SpeaksHttp(SteadyTime until) const {
  for (;;) {
    char first = 0;
    const ssize_t count = ::recv(socket_.get(), &first, 1, MSG_PEEK);
    if (count == 1) return first >= 'A' && first <= 'Z';
    if (count == 0 || !WouldBlock() || stopping() ||
        !WaitFor(POLLIN, until, true)) {
      return false;  // the handshake finds the same
    }
  }
}

bool Connection::Handshake(SteadyTime until) {
  while (!broken_) {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    handshaken_ = result == 1;
    if (handshaken_) return true;
    const short wait_for = Awaited(SSL_get_error(ssl_.get(), result));
    broken_ = wait_for == 0 || stopping() || !WaitFor(wait_for, until, true);
  }
  return false;
}

long Connection::ReadSome(char* buffer, std::size_t size, short& wait_for) {
  if (!ssl_) {
    const ssize_t count = ::recv(socket_.get(), buffer, size, 0);
    if (count < 0 && WouldBlock()) wait_for = POLLIN;
    return count;
  }
  ERR_clear_error();
  std::size_t count = 0;
  if (SSL_read_ex(ssl_.get(), buffer, size, &count) == 1) {
    return static_cast<long>(count);
  }
  const int error = SSL_get_error(ssl_.get(), 0);
  if (error == SSL_ERROR_ZERO_RETURN) return 0;
  wait_for = Awaited(error);
  broken_ = wait_for == 0;
  return -1;
}

// The HTTP library ends a head at an empty line with CRLF. Here a bare LF ends
// it too, so that it can be refused with 400.
bool Connection::FindHead() {
  if (searched_ == 0) {
    // RFC 9112, 2.2: ignore empty lines before a request.
    const auto first = in_.find_first_not_of("\r\n");
    in_.erase(0, std::min(first, in_.size()));
  }
  for (auto end = in_.find('\n', searched_); end != std::string::npos;
       end = in_.find('\n', end + 1)) {
    const std::string_view rest = std::string_view(in_).substr(end + 1);
    if (!rest.empty() && rest[0] == '\n') {
      head_size_ = end + 2;
      return true;
    }
    if (rest.size() >= 2 && rest[0] == '\r' && rest[1] == '\n') {
      head_size_ = end + 3;
      return true;
    }
  }
  searched_ = in_.size() < 2 ? 0 : in_.size() - 2;
  return false;
}

std::string Connection::TakeHead() {
  std::string head = in_.substr(0, head_size_);
  // An idle connection should hold no buffer.
  in_ = in_.substr(head_size_);
  searched_ = 0;
  head_size_ = 0;
  return head;
}

void Connection::Linger() {
  if (ssl_ && handshaken_ && !broken_) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
  }
  ::shutdown(socket_.get(), SHUT_WR);
  const SteadyTime until = Now() + kLinger;
  std::array<char, kReadBytes> buffer;
  for (std::size_t discarded = 0; discarded <= kMostDiscarded;) {
    const ssize_t count =
        ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (count > 0) {
      discarded += static_cast<std::size_t>(count);
    } else if (count == 0 || !WouldBlock() || !WaitFor(POLLIN, until, false)) {
      return;
    }
  }
}

void Connection::BeginResponse() { response_until_ = Now() + limits_.response; }

bool Connection::Write(std::string_view bytes) {
  if (out_.size() + bytes.size() <= kKeptBack) {
    out_.append(bytes);
    return true;
  }
  if (!out_.empty()) {
    const std::string kept = std::exchange(out_, std::string());
    if (!SendAll(kept, true)) return false;
  }
  return SendAll(bytes, false);
}

bool Connection::Flush() {
  const std::string kept = std::exchange(out_, std::string());
  return kept.empty() || SendAll(kept, false);
}

void Connection::Abort() { ::shutdown(socket_.get(), SHUT_RDWR); }

bool Connection::SendAll(std::string_view bytes, bool more) {
  while (!bytes.empty()) {
    short wait_for = 0;
    const long count = SendSome(bytes, more, wait_for);
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
      continue;
    }
    const SteadyTime until = std::min(Now() + limits_.stall, response_until_);
    if (wait_for == 0 || !WaitFor(wait_for, until, false)) return false;
  }
  return true;
}

long Connection::SendSome(std::string_view bytes, bool more, short& wait_for) {
  if (!ssl_) {
    const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(),
                                 MSG_NOSIGNAL | (more ? MSG_MORE : 0));
    if (count < 0 && WouldBlock()) wait_for = POLLOUT;
    return count;
  }
  if (!handshaken_ || broken_) return -1;
  std::size_t written = 0;
  ERR_clear_error();
  if (SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &written) == 1) {
    return static_cast<long>(written);
  }
  wait_for = Awaited(SSL_get_error(ssl_.get(), 0));
  broken_ = wait_for == 0;
  return -1;
}

// Waits for `events`. False: `until` has come, or the socket has an error.
// `stoppable`: a stop ends the wait too.
bool Connection::WaitFor(short events, SteadyTime until, bool stoppable) const {
  using std::chrono::milliseconds;
  const auto left = std::chrono::ceil<milliseconds>(until - Now()).count();
  if (left <= 0) return false;
  std::array<pollfd, 2> polled = {
      {{socket_.get(), events, 0}, {stop_.get(), POLLIN, 0}}};
  const int ready =
      ::poll(polled.data(), stoppable ? 2 : 1, static_cast<int>(left));
  if (ready < 0) return errno == EINTR;
  return ready > 0 && (polled[0].revents & (POLLERR | POLLNVAL)) == 0;
}

bool Connection::stopping() const {
  pollfd polled = {stop_.get(), POLLIN, 0};
  return ::poll(&polled, 1, 0) == 1;
}

}  // namespace operator_connect::web
