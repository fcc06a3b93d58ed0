#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_SOCKET_SERVER_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_SOCKET_SERVER_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace operator_connect {

// One accepted connection, on which a test can send anything.
class Peer {
 public:
  Peer(int fd, std::atomic<bool>* stopping) : fd_(fd), stopping_(stopping) {}
  ~Peer() {
    if (ssl_ != nullptr) SSL_free(ssl_);
    close(fd_);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  // The server's end of a TLS handshake. False: it failed.
  bool StartTls(SSL_CTX* context) {
    ssl_ = SSL_new(context);
    SSL_set_fd(ssl_, fd_);
    return SSL_accept(ssl_) == 1;
  }
  // The head and body of the next request; empty if the peer is gone.
  std::string ReadRequest() {
    std::string text;
    while (text.find("\r\n\r\n") == std::string::npos) {
      if (!ReadSome(&text)) return {};
    }
    const std::size_t body = text.find("\r\n\r\n") + 4;
    const std::size_t length = text.find("Content-Length: ");
    if (length != std::string::npos) {
      const auto bytes =
          static_cast<std::size_t>(std::atoi(text.c_str() + length + 16));
      while (text.size() < body + bytes) {
        if (!ReadSome(&text)) return {};
      }
    }
    return text;
  }
  // False: the peer is gone.
  bool Write(const std::string& text) {
    if (ssl_ != nullptr) {
      return SSL_write(ssl_, text.data(), static_cast<int>(text.size())) > 0;
    }
    std::size_t done = 0;
    while (done < text.size()) {
      const ssize_t written =
          send(fd_, text.data() + done, text.size() - done, MSG_NOSIGNAL);
      if (written <= 0) return false;
      done += static_cast<std::size_t>(written);
    }
    return true;
  }
  // Writes `text` again every `pause` until the peer is gone.
  void Drip(const std::string& text, std::chrono::milliseconds pause) {
    while (!*stopping_ && Write(text)) {
      pollfd poll_fd = {fd_, POLLRDHUP, 0};
      if (poll(&poll_fd, 1, static_cast<int>(pause.count())) != 0) return;
    }
  }
  // Waits until the other side closes, or the server is stopped.
  void WaitForEnd() {
    std::string ignored;
    while (ReadSome(&ignored)) ignored.clear();
  }
  void Reset() {
    const linger hard = {1, 0};
    setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  }
  int fd() const { return fd_; }
  SSL* ssl() const { return ssl_; }

 private:
  bool ReadSome(std::string* text) {
    char piece[4096];
    const ssize_t read = ssl_ != nullptr ? SSL_read(ssl_, piece, sizeof piece)
                                         : recv(fd_, piece, sizeof piece, 0);
    if (read <= 0) return false;
    text->append(piece, static_cast<std::size_t>(read));
    return true;
  }

  const int fd_;
  std::atomic<bool>* const stopping_;
  SSL* ssl_ = nullptr;
};

// A server on a loopback port of its own. Runs `serve` on a thread for each
// connection, and closes the connection when it returns.
class SocketServer {
 public:
  using Serve = std::function<void(Peer&)>;

  explicit SocketServer(Serve serve, SSL_CTX* tls = nullptr)
      : serve_(std::move(serve)), tls_(tls) {
    fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(fd_, reinterpret_cast<sockaddr*>(&address), size) != 0) abort();
    if (listen(fd_, 64) != 0) abort();
    getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { Accept(); });
  }
  ~SocketServer() {
    stopping_ = true;
    shutdown(fd_, SHUT_RDWR);
    acceptor_.join();
    close(fd_);
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      for (const int fd : open_) shutdown(fd, SHUT_RDWR);
    }
    for (std::thread& thread : threads_) thread.join();
  }
  SocketServer(const SocketServer&) = delete;
  SocketServer& operator=(const SocketServer&) = delete;

  int port() const { return port_; }
  std::string Url(const std::string& target = "/") const {
    return std::string(tls_ == nullptr ? "http" : "https") +
           "://127.0.0.1:" + std::to_string(port_) + target;
  }
  std::string HostPort() const { return "127.0.0.1:" + std::to_string(port_); }
  int connections() const { return connections_; }

 private:
  void Accept() {
    while (true) {
      const int fd = accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) {
        if (stopping_) return;
        continue;
      }
      ++connections_;
      const std::lock_guard<std::mutex> lock(mutex_);
      open_.push_back(fd);
      threads_.emplace_back([this, fd] { Run(fd); });
    }
  }
  void Run(int fd) {
    // OpenSSL writes without MSG_NOSIGNAL. Blocked for the server's threads
    // alone, as a signal of the client's side must be seen.
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    {
      Peer peer(fd, &stopping_);
      if (tls_ == nullptr || peer.StartTls(tls_)) {
        serve_(peer);
      } else {
        // Closing at once could reset the connection before the peer reads its
        // alert.
        shutdown(fd, SHUT_WR);
        char ignored[4096];
        while (recv(fd, ignored, sizeof ignored, 0) > 0) continue;
      }
      // Removed from the list before the descriptor's number is used again.
      const std::lock_guard<std::mutex> lock(mutex_);
      std::erase(open_, fd);
    }
  }

  const Serve serve_;
  SSL_CTX* const tls_;
  int fd_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<int> connections_{0};
  std::mutex mutex_;
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

// A loopback port without a listener.
inline int UnusedPort() {
  const SocketServer server([](Peer&) {});
  return server.port();
}

inline std::string Ok(const std::string& body,
                      const std::string& headers = "") {
  return "HTTP/1.1 200 OK\r\nContent-Type: "
         "application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body;
}

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_SOCKET_SERVER_H_
