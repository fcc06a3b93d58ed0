#include "tests/integration/http.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace operator_connect::integration {

namespace {

int Connect(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{60, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address));
  return fd;
}

}  // namespace

Serving::Serving(const StackOptions& options) : stack(options) {}

void Serving::Start(const std::string& collection, const std::string& account) {
  const simulator::PlatformOptions options = stack.platform().options();
  config_.Write(
      collection + "accounts:\n  - name: default\n    base_url: " +
      stack.platform().BaseUrl() +
      "\n    requests_per_second: 0\n    numbers: "
      "{removed_tenants_interval: 0s}\n    oauth2:\n      client_id: " +
      options.client_id + "\n      client_secret: " + options.client_secret +
      "\n      token_url: " + stack.platform().TokenUrl() +
      "\n      scopes: [\"" + options.scope + "\"]\n" + account);
  Flags flags;
  flags.config_file = config_.path();
  flags.listen_addresses = {{"127.0.0.1", 0}};
  auto started = App::Start(flags, stack.clock, stack.outlet.log());
  REQUIRE(started.ok());
  app = *std::move(started);
  const std::string& address = app->addresses().front();
  port_ = std::stoi(address.substr(address.rfind(':') + 1));
}

HttpAnswer Serving::Get(const std::string& path,
                        const std::string& timeout) const {
  const SteadyTime begin = std::chrono::steady_clock::now();
  const int fd = Connect(port_);
  // HTTP/1.0, so that there are no chunks to decode.
  std::string request = "GET " + path + " HTTP/1.0\r\nHost: exporter\r\n";
  if (!timeout.empty()) {
    request += "X-Prometheus-Scrape-Timeout-Seconds: " + timeout + "\r\n";
  }
  request += "\r\n";
  ::send(fd, request.data(), request.size(), MSG_NOSIGNAL);
  std::string text;
  char piece[65536];
  while (true) {
    const ssize_t count = ::recv(fd, piece, sizeof(piece), 0);
    if (count <= 0) break;
    text.append(piece, static_cast<std::size_t>(count));
  }
  ::close(fd);
  HttpAnswer answer;
  answer.took = std::chrono::steady_clock::now() - begin;
  const std::size_t end = text.find("\r\n\r\n");
  if (end == std::string::npos) return answer;
  answer.status = std::stoi(text.substr(9, 3));
  answer.body = text.substr(end + 4);
  return answer;
}

}  // namespace operator_connect::integration
