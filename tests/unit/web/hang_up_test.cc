#include <doctest/doctest.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/web_fixture.h"

namespace operator_connect::web {
namespace {

using namespace std::chrono_literals;

constexpr int kPlaces = 40;

// Waits like a scrape for a collection that does not end.
void WaitLong(const Deadline& deadline) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock<std::mutex> lock(mutex);
  changed.wait_until(lock, deadline.stop(), deadline.at(),
                     [] { return false; });
}

std::ptrdiff_t Count(const char* folder) {
  return std::distance(std::filesystem::directory_iterator(folder), {});
}

bool Eventually(const std::function<bool()>& condition) {
  const auto until = std::chrono::steady_clock::now() + 20s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

// A server whose scrapes wait for a minute.
class Slow {
 public:
  Slow() : web(Options()) {
    web.source.on_scrape = WaitLong;
    web.Start();
  }
  static EndpointOptions Options() {
    EndpointOptions options;
    options.max_requests = kPlaces;
    options.default_timeout = 60s;
    return options;
  }
  // Clients whose scrapes wait, one for each slot.
  std::vector<RawClient> Fill() {
    std::vector<RawClient> clients;
    for (int i = 0; i < kPlaces; ++i) {
      clients.emplace_back(web.port());
      clients.back().Send(
          "GET " +
          std::string(i % 2 == 0 ? "/metrics" : "/probe?account=emea") +
          " HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    filled_ += kPlaces;
    CHECK(Eventually([&] { return web.source.scrapes == filled_; }));
    return clients;
  }

  WebFixture web;

 private:
  int filled_ = 0;
};

TEST_CASE("40 clients that give up leave no slot, thread or descriptor") {
  Slow slow;
  const std::ptrdiff_t threads = Count("/proc/self/task");
  const std::ptrdiff_t descriptors = Count("/proc/self/fd");
  std::vector<RawClient> clients = slow.Fill();
  CHECK(slow.web.Get("/metrics").status == 503);
  CHECK(slow.web.Get("/probe?account=emea").status == 503);
  clients.clear();
  CHECK(Eventually([&] {
    return Count("/proc/self/task") <= threads &&
           Count("/proc/self/fd") <= descriptors;
  }));
  // All slots are free again.
  clients = slow.Fill();
}

TEST_CASE("the exporter's own metrics need no slot") {
  Slow slow;
  const std::vector<RawClient> clients = slow.Fill();
  CHECK(slow.web.Get("/metrics/exporter").status == 200);
}

TEST_CASE("a client that ends its half gets the present results") {
  Slow slow;
  RawClient client(slow.web.port());
  client.Send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(Eventually([&] { return slow.web.source.scrapes == 1; }));
  client.FinishSending();
  CHECK(client.Read().body == "metrics\n");
  CHECK(client.ServerHasEnded());
}

TEST_CASE("a client that hangs up with unread responses leaves nothing") {
  Slow slow;
  const std::ptrdiff_t threads = Count("/proc/self/task");
  {
    RawClient client(slow.web.port());
    std::string requests;
    for (int i = 0; i < 20; ++i) {
      requests += "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n";
    }
    client.Send(requests);
    CHECK(Eventually([&] { return slow.web.source.scrapes == 1; }));
  }
  CHECK(Eventually([&] { return Count("/proc/self/task") <= threads; }));
}

}  // namespace
}  // namespace operator_connect::web
