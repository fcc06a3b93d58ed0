#include "tests/integration/http.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <string>
#include <thread>

// The whole exporter through its port, whatever upstream does.
namespace operator_connect::integration {

using namespace std::chrono_literals;
using simulator::Action;
using simulator::Difference;
using Accepting = simulator::Simulator::Accepting;

namespace {

// Between the scrape's deadline and the answer's last byte, on a machine that
// has other things to do. What would be waited for otherwise takes far longer.
constexpr Duration kSpare = 2s * kSlowness;

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

// A scrape with a timeout of 2 s ends half a second earlier.
void CheckAnsweredInTime(const Serving& serving) {
  const HttpAnswer answer = serving.Get("/metrics", "2");
  CHECK(answer.status == 200);
  CHECK(answer.took < 1500ms + kSpare);
  CHECK(answer.took > 1200ms);
}

}  // namespace

Serving::Serving(const StackOptions& options) : stack(options) {}

void Serving::Start(const std::string& collection, const std::string& account) {
  const simulator::PlatformOptions options = stack.platform().options();
  config_.Write(collection + "accounts:\n  - name: default\n    base_url: " +
                stack.platform().BaseUrl() +
                "\n    requests_per_second: 0\n    oauth2:\n      client_id: " +
                options.client_id +
                "\n      client_secret: " + options.client_secret +
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
  // No chunks for an HTTP/1.0 client to put together.
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

TEST_CASE("a scrape through the port says exactly what is there") {
  Serving serving;
  serving.Start();
  const HttpAnswer answer = serving.Get("/metrics", "60");
  CHECK(answer.status == 200);
  CHECK(Difference(serving.stack.Truth(), EstateOf(answer.body)) == "");
}

TEST_CASE("a scrape is answered in time when connecting hangs") {
  Serving serving;
  serving.Start();
  serving.stack.simulator.SetAccepting(Accepting::kNever);
  CheckAnsweredInTime(serving);
}

TEST_CASE("a scrape is answered in time when no connection is taken") {
  Serving serving;
  serving.Start();
  serving.stack.simulator.SetAccepting(Accepting::kQueue);
  CheckAnsweredInTime(serving);
}

TEST_CASE("a scrape is answered in time when the TLS handshake hangs") {
  Serving serving({.tls = true});
  const std::string tls = "{ca_file: " + CertificateFolder() + "/ca.pem}\n";
  serving.Start("", "      tls_config: " + tls + "    tls_config: " + tls);
  serving.stack.simulator.SetAccepting(Accepting::kNoHandshake);
  CheckAnsweredInTime(serving);
}

TEST_CASE("a scrape is answered in time when nothing comes, or drop by drop") {
  const std::pair<Match, Action> faults[] = {
      {Match::Token(), Action::kNeverAnswer},
      {Match::Token(), Action::kDripBody},
      {Match::Leads(), Action::kNeverAnswer},
      {Match::Leads(), Action::kDripHeaders},
      {Match::Leads(), Action::kDripBody},
      {Match::Leads(), Action::kEndlessBody},
      {Match::Numbers(), Action::kNeverAnswer},
      {Match::Numbers(), Action::kDripHeaders}};
  for (const auto& fault : faults) {
    const std::string name(simulator::ToString(fault.second));
    CAPTURE(name);
    Serving serving;
    serving.Start();
    serving.stack.simulator.AddFault(Fault::Do(fault.first, fault.second));
    const HttpAnswer answer = serving.Get("/metrics", "1");
    CHECK(answer.status == 200);
    CHECK(answer.took < 500ms + kSpare);
  }
}

TEST_CASE("a scrape is answered in time with 1,000 slow tenants") {
  Serving serving({.tenants = 1000, .numbers_per_tenant = 1, .uniform = true});
  serving.Start();
  serving.stack.simulator.AddFault(Fault::Delay(Match::Numbers(), 10s));
  CheckAnsweredInTime(serving);
}

TEST_CASE("a collection is bounded by its own timeout without any header") {
  Serving serving;
  serving.Start(
      "collection:\n"
      "  leads: {min_interval: 1s, timeout: 1s, max_age: 15m}\n"
      "  numbers: {min_interval: 1s, timeout: 1s, max_age: 15m}\n");
  serving.stack.simulator.AddFault(
      Fault::Do(Match::Leads(), Action::kDripBody));
  const HttpAnswer answer = serving.Get("/metrics");
  CHECK(answer.status == 200);
  CHECK(Value(answer.body, "operator_connect_up") == 0);
  CHECK(answer.took < 1s + kSpare);
}

TEST_CASE("a timeout that is no finite number above 0 is ignored") {
  for (const char* const timeout : {"NaN", "inf", "-1", "0", "soon", "1e999"}) {
    CAPTURE(timeout);
    Serving serving;
    serving.Start();
    serving.stack.simulator.AddFault(Fault::Delay(Match::LeadsPage(1), 300ms));
    const HttpAnswer answer = serving.Get("/metrics", timeout);
    CHECK(Difference(serving.stack.Truth(), EstateOf(answer.body)) == "");
  }
}

TEST_CASE("pages that need no collection are answered while one hangs") {
  Serving serving;
  serving.Start();
  simulator::Hold hold = serving.stack.simulator.HoldRequests(Match{});
  std::thread scrape([&] { serving.Get("/metrics", "60"); });
  CHECK(hold.WaitForHeld(1, Deadline::After(kLong)));
  for (const char* const path :
       {"/", "/-/healthy", "/-/ready", "/metrics/exporter", "/sd", "/config"}) {
    CAPTURE(path);
    const HttpAnswer answer = serving.Get(path);
    CHECK(answer.status == 200);
    CHECK(answer.took < kSpare);
    serving.stack.outlet.Add(answer.body);
  }
  hold.Release();
  scrape.join();
}

TEST_CASE("draining answers the scrapes under way, and soon") {
  Serving serving;
  serving.Start();
  simulator::Hold hold = serving.stack.simulator.HoldRequests(Match{});
  HttpAnswer answer;
  std::thread scrape([&] { answer = serving.Get("/metrics", "60"); });
  CHECK(hold.WaitForHeld(1, Deadline::After(kLong)));
  const SteadyTime begin = std::chrono::steady_clock::now();
  serving.app->Drain();
  serving.app.reset();
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
  scrape.join();
  CHECK(answer.status == 200);
  CHECK(answer.body.find("operator_connect_exporter_build_info") !=
        std::string::npos);
}

TEST_CASE("one account's series can be asked for, and only those") {
  Serving serving;
  serving.Start();
  CHECK(Difference(
            serving.stack.Truth(),
            EstateOf(serving.Get("/probe?account=default", "60").body)) == "");
  CHECK(serving.Get("/probe?account=nobody", "60").status == 404);
}

}  // namespace operator_connect::integration
