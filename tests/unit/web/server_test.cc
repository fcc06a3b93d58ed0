#include "exporter/web/server.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/web_fixture.h"

namespace operator_connect::web {
namespace {

using namespace std::chrono_literals;

constexpr char kGet[] = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";

// Resident memory of this process, in KiB.
long ResidentKib() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    long kib = 0;
    if (word == "VmRSS:" && status >> kib) return kib;
  }
  return 0;
}

std::vector<RawClient> Connect(int port, int count, const std::string& say) {
  std::vector<RawClient> clients;
  for (int i = 0; i < count; ++i) {
    clients.emplace_back(port);
    clients.back().Send(say);
  }
  return clients;
}

TEST_CASE("one connection serves many requests") {
  WebFixture web;
  web.Start();
  RawClient client(web.port());
  for (int i = 0; i < 20; ++i) {
    client.Send(kGet);
    CHECK(client.Read().body == "metrics\n");
  }
}

TEST_CASE("requests that arrive together are answered in order") {
  WebFixture web;
  web.Start();
  RawClient client(web.port());
  client.Send(
      "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\nGET /metrics/exporter "
      "HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(client.Read().body == "metrics\n");
  CHECK(client.Read().body == "exporter\n");
}

TEST_CASE("a connection is closed at its client's request") {
  WebFixture web;
  web.Start();
  RawClient client(web.port());
  client.Send("GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n");
  const Answer answer = client.Read();
  CHECK(answer.Header("Connection") == "close");
  CHECK(client.ServerHasEnded());
}

TEST_CASE("64 silent and 64 dripping clients do not delay a scrape") {
  WebFixture web;
  web.Start();
  const auto silent = Connect(web.port(), 64, "");
  const auto dripping = Connect(web.port(), 64, "GET /metrics HTTP/1.1\r\nX");
  const auto begin = std::chrono::steady_clock::now();
  CHECK(web.Get("/metrics").status == 200);
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
}

TEST_CASE("beyond the limit the longest idle connection is closed") {
  ServerLimits limits;
  limits.connections = 8;
  WebFixture web({}, "", limits);
  web.Start();
  RawClient first(web.port());
  const auto others = Connect(web.port(), 8, "");
  CHECK(first.ServerHasEnded());
  CHECK(web.Get("/metrics").status == 200);
}

TEST_CASE("a client that drips its request gets a timeout response") {
  ServerLimits limits;
  limits.connection.head = 1s;
  WebFixture web({}, "", limits);
  web.Start();
  RawClient client(web.port());
  client.Send("GET /metrics HTTP/1.1\r\n");
  CHECK(client.Read().status == 408);
  CHECK(client.ServerHasEnded());
}

TEST_CASE("dripping does not lengthen the time for a request") {
  ServerLimits limits;
  limits.connection.head = 300ms;
  WebFixture web({}, "", limits);
  web.Start();
  RawClient client(web.port());
  const auto begin = std::chrono::steady_clock::now();
  const std::string request = std::string(kGet, 20) + std::string(100000, 'x');
  for (const char byte : request) {
    if (!client.Send(std::string_view(&byte, 1))) break;
    std::this_thread::yield();
    if (std::chrono::steady_clock::now() - begin > 10s) break;
  }
  CHECK(std::chrono::steady_clock::now() - begin < 10s);
}

TEST_CASE("a silent client is closed after its time") {
  ServerLimits limits;
  limits.connection.head = 50ms;
  WebFixture web({}, "", limits);
  web.Start();
  RawClient client(web.port());
  CHECK(client.ReadToEnd().empty());
}

TEST_CASE("a connection that idles after a response is closed") {
  ServerLimits limits;
  limits.connection.idle = 50ms;
  WebFixture web({}, "", limits);
  web.Start();
  RawClient client(web.port());
  client.Send(kGet);
  CHECK(client.Read().status == 200);
  CHECK(client.ServerHasEnded());
}

TEST_CASE("a request line of 100 KB is refused") {
  WebFixture web;
  web.Start();
  RawClient client(web.port());
  client.Send("GET /" + std::string(100 << 10, 'a') + " HTTP/1.1\r\n\r\n");
  CHECK(client.Read().status == 431);
  CHECK(web.Get("/metrics").status == 200);
}

TEST_CASE("a path of 10 KB is refused") {
  WebFixture web;
  web.Start();
  CHECK(web.Get("/" + std::string(10 << 10, 'a')).status == 414);
}

TEST_CASE("an endless header is refused within bounded memory") {
  WebFixture web;
  web.Start();
  RawClient client(web.port());
  const long before = ResidentKib();
  client.Send("GET /metrics HTTP/1.1\r\nX: ");
  const std::string piece(1 << 20, 'x');
  for (int i = 0; i < 200 && client.Send(piece); ++i) {
  }
  CHECK(ResidentKib() - before < 8 << 10);
  CHECK(web.Get("/metrics").status == 200);
}

TEST_CASE("ten thousand short headers are refused") {
  WebFixture web;
  web.Start();
  std::string headers;
  for (int i = 0; i < 10000; ++i) headers += "A: b\r\n";
  CHECK(web.Get("/metrics", headers).status == 431);
}

TEST_CASE("a body that is announced as large is refused unread") {
  WebFixture web;
  web.Start();
  RawClient client(web.port());
  const long before = ResidentKib();
  client.Send(
      "POST /-/reload HTTP/1.1\r\nHost: a\r\nExpect: "
      "100-continue\r\nContent-Length: 209715200\r\n\r\n");
  CHECK(client.Read().status == 413);
  const std::string piece(1 << 20, 'x');
  for (int i = 0; i < 200 && client.Send(piece); ++i) {
  }
  CHECK(ResidentKib() - before < 8 << 10);
}

TEST_CASE("a chunked body is left unread and its connection closed") {
  WebFixture web;
  web.Start();
  RawClient client(web.port());
  client.Send(
      "POST /-/reload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
      "chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n");
  CHECK(client.Read().status == 403);
  CHECK(client.ReadToEnd().empty());
}

TEST_CASE("an encoded body is refused") {
  WebFixture web;
  web.Start();
  CHECK(web.Ask("POST", "/-/reload",
                "Content-Encoding: gzip\r\nContent-Length: 5\r\n")
            .status == 415);
}

TEST_CASE("a Content-Length that is not a number is a bad request") {
  WebFixture web;
  web.Start();
  for (const char* length : {"-1", "x", "1, 2", "0x10"}) {
    CAPTURE(length);
    CHECK(web.Get("/metrics", "Content-Length: " + std::string(length) + "\r\n")
              .status == 400);
  }
}

TEST_CASE("800 ranges are ignored") {
  WebFixture web;
  web.source.text = std::string(100000, 'x');
  web.Start();
  std::string range = "Range: bytes=0-";
  for (int i = 0; i < 800; ++i) range += ",0-";
  const Answer answer = web.Get("/metrics", range + "\r\n");
  CHECK(answer.status == 200);
  CHECK(answer.body.size() == 100000);
}

TEST_CASE("a nonsense Range is ignored") {
  WebFixture web;
  web.Start();
  CHECK(web.Get("/metrics", "rAnGe: bytes=-\r\n").status == 200);
  CHECK(web.Get("/metrics", "Range: lines=1-2\r\n").status == 200);
}

TEST_CASE("an invalid request gets 400 and its connection is closed") {
  WebFixture web;
  web.Start();
  for (const char* text :
       {"nonsense\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1\n\n", "GET / HTTP/1.1\r\nHost: a\n\n"}) {
    CAPTURE(std::string(text));
    RawClient client(web.port());
    client.Send(text);
    CHECK(client.Read().status == 400);
    CHECK(client.ServerHasEnded());
  }
}

TEST_CASE("scheme and host are accepted before the path") {
  WebFixture web;
  web.Start();
  for (const char* target :
       {"http://localhost:10390/metrics", "HTTPS://a/metrics",
        "http://[::1]:10390/metrics?x=http://b/"}) {
    CAPTURE(target);
    CHECK(web.Get(target).body == "metrics\n");
  }
  CHECK(web.Get("http://localhost").status == 200);
  CHECK(web.Get("http://localhost").body == web.Get("/").body);
  CHECK(web.Get("http://localhost?a=b").status == 200);
  CHECK(web.Get("http://localhost/nothing").status == 404);
  CHECK(web.Get("ftp://localhost/metrics").status == 404);
}

TEST_CASE("a query can contain question marks") {
  WebFixture web;
  web.Start();
  CHECK(web.Get("/metrics?a=b?c").status == 200);
  CHECK(web.Get("/probe?a=?&account=emea").body == "account emea\n");
}

TEST_CASE("a request with an ambiguous body ends its connection") {
  WebFixture web;
  web.Start();
  for (const char* headers :
       {"Content-Length: 5\r\nContent-Length: 5\r\n", "Content-Length:\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n", "Transfer-Encoding:\r\n",
        "Host: b\r\n", "A : 1\r\n"}) {
    CAPTURE(headers);
    RawClient client(web.port());
    client.Send("POST /-/reload HTTP/1.1\r\nHost: a\r\n" +
                std::string(headers) +
                "\r\nhelloGET /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
    const Answer answer = client.Read();
    CHECK(answer.status == 400);
    CHECK(answer.Header("Connection") == "close");
    CHECK(client.ReadToEnd().empty());
  }
}

TEST_CASE("headers are passed on unchanged") {
  WebFixture web;
  web.Start();
  // No version of the HTTP library decodes or checks them.
  CHECK(web.Get("/sd", "Host: a%2eb\r\n").status == 400);
  CHECK(web.Get("/metrics", "Accept: ;;q=x,\r\n").status == 200);
}

TEST_CASE("empty lines before a request are ignored") {
  WebFixture web;
  web.Start();
  RawClient client(web.port());
  client.Send(std::string("\r\n\r\n") + kGet);
  CHECK(client.Read().status == 200);
}

TEST_CASE("a client that does not read its response loses it in time") {
  ServerLimits limits;
  limits.connection.stall = 100ms;
  WebFixture web({}, "", limits);
  web.source.text = std::string(64 << 20, 'x');
  web.Start();
  RawClient client(web.port());
  client.Send(kGet);
  client.Read(true);
  // Other clients are served meanwhile, and draining need not break off the
  // response.
  CHECK(web.Get("/-/healthy").status == 200);
  const auto begin = std::chrono::steady_clock::now();
  web.server->Drain(Deadline::After(20s));
  CHECK(std::chrono::steady_clock::now() - begin < 10s);
}

TEST_CASE("draining finishes the response under way") {
  WebFixture web;
  std::mutex mutex;
  std::condition_variable changed;
  bool inside = false;
  bool release = false;
  web.source.on_scrape = [&](const Deadline&) {
    std::unique_lock<std::mutex> lock(mutex);
    inside = true;
    changed.notify_all();
    changed.wait_for(lock, 20s, [&] { return release; });
  };
  web.Start();
  RawClient scrape(web.port());
  scrape.Send(kGet);
  RawClient idle(web.port());
  idle.Send("GET ");
  {
    std::unique_lock<std::mutex> lock(mutex);
    REQUIRE(changed.wait_for(lock, 20s, [&] { return inside; }));
  }
  std::thread drain([&] { web.server->Drain(Deadline::After(20s)); });
  {
    const std::lock_guard<std::mutex> lock(mutex);
    release = true;
    changed.notify_all();
  }
  CHECK(scrape.Read().body == "metrics\n");
  CHECK(scrape.ServerHasEnded());
  drain.join();
}

TEST_CASE("a request begun before draining ends, with readiness 503") {
  WebFixture web;
  web.Start();
  RawClient client(web.port());
  client.Send(kGet);
  REQUIRE(client.Read().status == 200);
  client.Send("GET /-/ready HTTP/1.1\r\n");
  // A response shows that the loop has seen the first half: it takes turns.
  REQUIRE(web.Get("/-/healthy").status == 200);
  web.endpoints->BeginDraining();
  std::thread drain([&] { web.server->Drain(Deadline::After(20s)); });
  client.Send("Host: a\r\n\r\n");
  const Answer answer = client.Read();
  CHECK(answer.status == 503);
  CHECK(answer.body == "draining\n");
  drain.join();
}

TEST_CASE("an idle connection does not delay draining") {
  WebFixture web;
  web.Start();
  RawClient client(web.port());
  client.Send(kGet);
  REQUIRE(client.Read().status == 200);
  const auto begin = std::chrono::steady_clock::now();
  web.server->Drain(Deadline::After(20s));
  CHECK(std::chrono::steady_clock::now() - begin < 10s);
  CHECK(client.ServerHasEnded());
}

TEST_CASE("draining ends at its deadline, whatever clients do") {
  WebFixture web;
  web.source.text = std::string(64 << 20, 'x');
  web.Start();
  RawClient client(web.port());
  client.Send(kGet);
  client.Read(true);
  const auto begin = std::chrono::steady_clock::now();
  web.server->Drain(Deadline::After(200ms));
  web.server.reset();
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
}

TEST_CASE("many clients at once all get responses") {
  WebFixture web;
  web.Start();
  std::atomic<int> good = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 32; ++i) {
    clients.emplace_back([&] {
      for (int j = 0; j < 20; ++j) {
        if (web.Get("/-/healthy").status == 200) ++good;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  CHECK(good == 32 * 20);
}

}  // namespace
}  // namespace operator_connect::web
