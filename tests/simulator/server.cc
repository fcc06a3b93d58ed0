#include "tests/simulator/server.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>

namespace operator_connect::simulator {

namespace {

constexpr int kBacklog = 1024;

void Signal(const Descriptor& event) {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t done = ::write(event.get(), &one, sizeof(one));
}

void Drain(const Descriptor& event) {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t done =
      ::read(event.get(), &count, sizeof(count));
}

std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> MakeContext(
    const SimulatorOptions& options) {
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(nullptr,
                                                            SSL_CTX_free);
  if (options.certificate_file.empty()) return context;
  context.reset(SSL_CTX_new(TLS_server_method()));
  if (SSL_CTX_use_certificate_chain_file(
          context.get(), options.certificate_file.c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(context.get(), options.key_file.c_str(),
                                  SSL_FILETYPE_PEM) != 1) {
    throw std::runtime_error("cannot read the certificate " +
                             options.certificate_file);
  }
  if (!options.client_ca_file.empty()) {
    if (SSL_CTX_load_verify_locations(
            context.get(), options.client_ca_file.c_str(), nullptr) != 1) {
      throw std::runtime_error("cannot read " + options.client_ca_file);
    }
    SSL_CTX_set_verify(context.get(),
                       SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                       nullptr);
  }
  return context;
}

}  // namespace

Server::Server(const SimulatorOptions& options)
    : context_(MakeContext(options)),
      stop_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  Listen(options);
}

Server::~Server() { Stop(); }

void Server::Listen(const SimulatorOptions& options) {
  const auto fail = [&](const char* what) {
    throw std::runtime_error("cannot listen on " + options.address + " port " +
                             std::to_string(options.port) + ": " + what);
  };
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error =
      ::getaddrinfo(options.address.c_str(),
                    std::to_string(options.port).c_str(), &hints, &found);
  if (error != 0) fail(::gai_strerror(error));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> guard(found,
                                                                 freeaddrinfo);
  listener_ = Descriptor(::socket(
      found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (::bind(listener_.get(), found->ai_addr, found->ai_addrlen) != 0 ||
      ::listen(listener_.get(), kBacklog) != 0) {
    fail(std::strerror(errno));
  }
  sockaddr_storage bound{};
  socklen_t size = sizeof(bound);
  ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&bound), &size);
  port_ = ntohs(bound.ss_family == AF_INET6
                    ? reinterpret_cast<sockaddr_in6*>(&bound)->sin6_port
                    : reinterpret_cast<sockaddr_in*>(&bound)->sin_port);
}

void Server::Start(std::function<void(Stream&)> serve) {
  serve_ = std::move(serve);
  acceptor_ = std::thread([this] { AcceptLoop(); });
}

void Server::Stop() {
  Signal(stop_);
  if (acceptor_.joinable()) acceptor_.join();
  listener_.Close();
  const MutexLock lock(mutex_);
  while (threads_ > 0) ended_.Wait(mutex_);
}

void Server::AcceptLoop() {
  while (true) {
    bool take = false;
    {
      const MutexLock lock(mutex_);
      take = accepting_ == Simulator::Accepting::kYes ||
             accepting_ == Simulator::Accepting::kNoHandshake;
    }
    // poll() ignores a negative descriptor.
    pollfd fds[] = {{take ? listener_.get() : -1, POLLIN, 0},
                    {stop_.get(), POLLIN, 0},
                    {wake_.get(), POLLIN, 0}};
    if (::poll(fds, 3, -1) < 0) continue;
    if (fds[1].revents != 0) return;
    if (fds[2].revents != 0) {
      Drain(wake_);
      continue;
    }
    const int fd = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    {
      const MutexLock lock(mutex_);
      ++threads_;
      ++accepted_;
    }
    std::thread([this, fd] { Serve(fd); }).detach();
  }
}

void Server::Serve(int fd) {
  // OpenSSL writes with write(), which would raise SIGPIPE.
  sigset_t broken_pipe;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
  {
    Stream stream(fd, stop_.get(), context_.get());
    bool handshake = false;
    {
      const MutexLock lock(mutex_);
      streams_.insert(&stream);
      handshake = accepting_ != Simulator::Accepting::kNoHandshake;
    }
    if (!handshake) {
      stream.Wait(Stream::kForEver);
    } else if (stream.Handshake()) {
      serve_(stream);
    }
    const MutexLock lock(mutex_);
    streams_.erase(&stream);
  }
  const MutexLock lock(mutex_);
  --threads_;
  ended_.NotifyAll();
}

// With a full queue for one connection, the kernel drops all others: connect()
// hangs.
void Server::FillQueue() {
  ::listen(listener_.get(), 0);
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
  for (int i = 0; i < 4; ++i) {
    Descriptor filler(::socket(address.ss_family,
                               SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int connected =
        ::connect(filler.get(), reinterpret_cast<sockaddr*>(&address), size);
    // Queued or still connecting; neither is waited for.
    if (connected != 0 && errno != EINPROGRESS) return;
    fillers_.push_back(std::move(filler));
  }
}

void Server::SetAccepting(Simulator::Accepting accepting) {
  const MutexLock lock(mutex_);
  fillers_.clear();
  accepting_ = accepting;
  if (accepting == Simulator::Accepting::kNever) {
    FillQueue();
  } else {
    ::listen(listener_.get(), kBacklog);
  }
  Signal(wake_);
}

void Server::CloseConnections() {
  const MutexLock lock(mutex_);
  for (Stream* stream : streams_) stream->Shutdown();
}

std::size_t Server::OpenConnections() const {
  const MutexLock lock(mutex_);
  return streams_.size();
}

std::size_t Server::AcceptedConnections() const {
  const MutexLock lock(mutex_);
  return accepted_;
}

}  // namespace operator_connect::simulator
