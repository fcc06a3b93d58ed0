#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_TEST_CLIENT_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_TEST_CLIENT_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/simulator/simulator.h"

namespace operator_connect::simulator {

// A bare TCP connection that shows every byte received.
class TestClient {
 public:
  explicit TestClient(const Simulator& simulator)
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(simulator.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address),
                           sizeof(address)) == 0;
  }
  ~TestClient() { ::close(fd_); }
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  bool connected() const { return connected_; }
  bool closed() const { return closed_; }

  void Send(std::string_view bytes) {
    [[maybe_unused]] const ssize_t done =
        ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  void SendGet(const std::string& path, const std::string& token = "",
               bool close = true) {
    Send("GET " + path + " HTTP/1.1\r\nHost: simulator\r\n" +
         (token.empty() ? "" : "Authorization: Bearer " + token + "\r\n") +
         (close ? "Connection: close\r\n\r\n" : "\r\n"));
  }

  // Reads until the connection ends, `most` bytes are read, or nothing has come
  // for `patience`.
  std::string ReadAll(
      std::chrono::milliseconds patience = std::chrono::seconds(20),
      std::size_t most = std::size_t{1} << 30) {
    std::string all;
    char piece[65536];
    while (all.size() < most) {
      pollfd poll_for{fd_, POLLIN, 0};
      if (::poll(&poll_for, 1, static_cast<int>(patience.count())) <= 0) break;
      const ssize_t count = ::recv(fd_, piece, sizeof(piece), 0);
      closed_ = count <= 0;
      if (closed_) break;
      all.append(piece, static_cast<std::size_t>(count));
    }
    return all;
  }

 private:
  const int fd_;
  bool connected_ = false;
  bool closed_ = false;
};

// The whole response to one request on a new connection.
inline std::string Get(Simulator& simulator, const std::string& path,
                       const std::string& token) {
  TestClient client(simulator);
  client.SendGet(path, token);
  return client.ReadAll();
}

// The part behind the headers.
inline std::string BodyOf(const std::string& answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? "" : answer.substr(end + 4);
}

inline int StatusOf(const std::string& answer) {
  return answer.size() < 12 ? 0 : std::stoi(answer.substr(9, 3));
}

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_TEST_CLIENT_H_
