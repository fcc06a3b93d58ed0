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
// Small writes are put together up to this, so that an answer's head and its
// first bytes leave in one packet.
constexpr std::size_t kKeptBack = 16 << 10;
constexpr std::size_t kMostDiscarded = 1 << 20;

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

}  // namespace

void Connection::FreeSsl::operator()(ssl_st* ssl) const { SSL_free(ssl); }

Connection::Connection(FileDescriptor socket, std::string peer,
                       const TlsContext& tls, const ConnectionLimits& limits)
    : socket_(std::move(socket)),
      peer_(std::move(peer)),
      limits_(limits),
      ssl_(NewSsl(tls, socket_.get())),
      handshaken_(tls == nullptr),
      broken_(tls != nullptr && ssl_ == nullptr) {}

Connection::~Connection() = default;

Connection::Progress Connection::Advance() {
  if (broken_) return Progress::kEnded;
  if (!handshaken_) {
    const Progress progress = Handshake();
    if (!handshaken_) return progress;
  }
  for (;;) {
    if (FindHead()) return Progress::kHead;
    if (in_.size() >= limits_.head_bytes) return Progress::kTooLarge;
    const Progress progress = ReadSome();
    if (progress != Progress::kHead) return progress;
  }
}

Connection::Progress Connection::Handshake() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) {
    handshaken_ = true;
    return Progress::kHead;
  }
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return Progress::kNeedsRead;
    case SSL_ERROR_WANT_WRITE:
      return Progress::kNeedsWrite;
    default:
      broken_ = true;
      return Progress::kEnded;
  }
}

// kHead: bytes have arrived.
Connection::Progress Connection::ReadSome() {
  std::array<char, kReadBytes> buffer;
  const std::size_t room =
      std::min(buffer.size(), limits_.head_bytes - in_.size());
  long count = 0;
  if (ssl_) {
    ERR_clear_error();
    count = SSL_read(ssl_.get(), buffer.data(), static_cast<int>(room));
    if (count <= 0) {
      const int error = SSL_get_error(ssl_.get(), static_cast<int>(count));
      if (error == SSL_ERROR_WANT_READ) return Progress::kNeedsRead;
      if (error == SSL_ERROR_WANT_WRITE) return Progress::kNeedsWrite;
      broken_ = error != SSL_ERROR_ZERO_RETURN;
      return Progress::kEnded;
    }
  } else {
    count = ::recv(socket_.get(), buffer.data(), room, 0);
    if (count < 0 && WouldBlock()) return Progress::kNeedsRead;
    if (count <= 0) return Progress::kEnded;
  }
  in_.append(buffer.data(), static_cast<std::size_t>(count));
  return Progress::kHead;
}

// The HTTP library ends a head at a line that is empty but for CRLF; lines
// that lack the CR end it here too, so that it can be answered with 400.
bool Connection::FindHead() {
  if (searched_ == 0) {
    // Empty lines before a request are to be ignored (RFC 9112, 2.2).
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
  // A connection that only waits should hold no buffer.
  in_ = in_.substr(head_size_);
  searched_ = 0;
  head_size_ = 0;
  return head;
}

void Connection::WriteOnce(std::string_view answer) {
  if (broken_ || !handshaken_) return;
  short wait_for = 0;
  SendSome(answer, false, wait_for);
}

void Connection::Finish() {
  if (ssl_ && handshaken_ && !broken_) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
  }
  ::shutdown(socket_.get(), SHUT_WR);
}

bool Connection::Discard() {
  std::array<char, kReadBytes> buffer;
  for (;;) {
    const ssize_t count =
        ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (count < 0 && WouldBlock()) return true;
    if (count <= 0) return false;
    discarded_ += static_cast<std::size_t>(count);
    if (discarded_ > kMostDiscarded) return false;
  }
}

void Connection::BeginAnswer() {
  answer_until_ = std::chrono::steady_clock::now() + limits_.answer;
}

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
    if (count < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
    if (wait_for != 0 && !WaitFor(wait_for)) return false;
  }
  return true;
}

// The number of bytes taken; below 0: the connection is lost. `wait_for` gets
// the event of poll() without which no more will be taken.
long Connection::SendSome(std::string_view bytes, bool more, short& wait_for) {
  if (!ssl_) {
    const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(),
                                 MSG_NOSIGNAL | (more ? MSG_MORE : 0));
    if (count >= 0) return count;
    if (!WouldBlock()) return -1;
    wait_for = POLLOUT;
    return 0;
  }
  std::size_t written = 0;
  ERR_clear_error();
  if (SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &written) == 1) {
    return static_cast<long>(written);
  }
  switch (SSL_get_error(ssl_.get(), 0)) {
    case SSL_ERROR_WANT_WRITE:
      wait_for = POLLOUT;
      return 0;
    case SSL_ERROR_WANT_READ:
      wait_for = POLLIN;
      return 0;
    default:
      broken_ = true;
      return -1;
  }
}

bool Connection::WaitFor(short events) const {
  using std::chrono::milliseconds;
  const SteadyTime now = std::chrono::steady_clock::now();
  const Duration left = std::min(limits_.stall, answer_until_ - now);
  if (left <= Duration::zero()) return false;
  pollfd poll_fd = {socket_.get(), events, 0};
  const auto wait = std::chrono::ceil<milliseconds>(left).count();
  const int ready = ::poll(&poll_fd, 1, static_cast<int>(wait));
  if (ready < 0) return errno == EINTR;
  return ready == 1 && (poll_fd.revents & (POLLERR | POLLNVAL)) == 0;
}

}  // namespace operator_connect::web
