#include "exporter/web/endpoints.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/web_fixture.h"

namespace operator_connect::web {
namespace {

using namespace std::chrono_literals;

TEST_CASE("the telemetry path returns the text format") {
  WebFixture web;
  web.Start();
  const Answer answer = web.Get("/metrics");
  CHECK(answer.status == 200);
  CHECK(answer.body == "metrics\n");
  CHECK(answer.Header("Content-Type") ==
        "text/plain; version=0.0.4; charset=utf-8");
  CHECK(answer.Header("Content-Length") == "8");
}

TEST_CASE("the telemetry path returns OpenMetrics on request") {
  WebFixture web;
  web.Start();
  const Answer answer =
      web.Get("/metrics", "Accept: application/openmetrics-text\r\n");
  CHECK(answer.body == "openmetrics\n");
  CHECK(answer.Header("Content-Type") ==
        "application/openmetrics-text; version=1.0.0; charset=utf-8");
}

TEST_CASE("another telemetry path moves the exporter's own path, too") {
  EndpointOptions options;
  options.telemetry_path = "/live/metrics";
  WebFixture web(options);
  web.Start();
  CHECK(web.Get("/live/metrics").body == "metrics\n");
  CHECK(web.Get("/live/metrics/exporter").body == "exporter\n");
  CHECK(web.Get("/metrics").status == 404);
}

TEST_CASE("the telemetry path can be the root") {
  EndpointOptions options;
  options.telemetry_path = "/";
  WebFixture web(options);
  web.Start();
  CHECK(web.Get("/").body == "metrics\n");
  CHECK(web.Get("/exporter").body == "exporter\n");
}

TEST_CASE("a probe returns one account") {
  WebFixture web;
  web.Start();
  const Answer answer = web.Get("/probe?account=apac");
  CHECK(answer.status == 200);
  CHECK(answer.body == "account apac\n");
}

TEST_CASE("a probe without an account is a bad request") {
  WebFixture web;
  web.Start();
  CHECK(web.Get("/probe").status == 400);
  CHECK(web.Get("/probe?account=").status == 400);
  CHECK(web.Get("/probe?target=emea").status == 400);
}

TEST_CASE("a probe of an unknown account is not found, and not repeated") {
  WebFixture web;
  web.Start();
  for (const char* name : {"nobody", "http%3A%2F%2F10.0.0.1%2F", "%3Cb%3E",
                           "..%2F..%2Fetc%2Fpasswd", "emea%00", "EMEA"}) {
    CAPTURE(name);
    const Answer answer = web.Get(std::string("/probe?account=") + name);
    CHECK(answer.status == 404);
    CHECK(answer.body == "no account of that name is configured\n");
  }
}

TEST_CASE("service discovery returns the address of the request") {
  WebFixture web;
  web.Start();
  const Answer answer = web.Get("/sd", "Host: exporter.example:10390\r\n");
  CHECK(answer.status == 200);
  CHECK(answer.Header("Content-Type") == "application/json; charset=utf-8");
  CHECK(answer.body.find("\"instance\": \"exporter.example:10390/emea\"") !=
        std::string::npos);
  CHECK(answer.body.find("\"__scheme__\": \"http\"") != std::string::npos);
}

TEST_CASE("service discovery refuses a Host that is not an address") {
  WebFixture web;
  web.Start();
  for (const char* host :
       {"a\"b", "a%0d%0aX-Injected: yes", "a, b", "<script>", "a/b", ""}) {
    CAPTURE(host);
    const Answer answer = web.Get("/sd", "Host: " + std::string(host) + "\r\n");
    CHECK(answer.status == 400);
    CHECK(answer.head.find("Injected") == std::string::npos);
  }
}

TEST_CASE("service discovery refuses two Host headers") {
  WebFixture web;
  web.Start();
  CHECK(web.Get("/sd", "Host: a\r\nHost: b\r\n").status == 400);
}

TEST_CASE("health, readiness and configuration have responses") {
  WebFixture web;
  web.Start();
  CHECK(web.Get("/-/healthy").status == 200);
  CHECK(web.Get("/-/ready").status == 200);
  CHECK(web.Get("/config").body == "accounts: []\n");
}

TEST_CASE("readiness is 503 while draining, health stays") {
  WebFixture web;
  web.Start();
  web.endpoints->BeginDraining();
  CHECK(web.Get("/-/ready").status == 503);
  CHECK(web.Get("/-/healthy").status == 200);
}

TEST_CASE("reload without lifecycle is forbidden and does nothing") {
  WebFixture web;
  bool reloaded = false;
  web.source.on_reload = [&]() -> Result<Done, std::string> {
    reloaded = true;
    return Done{};
  };
  web.Start();
  CHECK(web.Ask("POST", "/-/reload", "Content-Length: 0\r\n").status == 403);
  CHECK_FALSE(reloaded);
}

TEST_CASE("reload with lifecycle reloads") {
  EndpointOptions options;
  options.enable_lifecycle = true;
  WebFixture web(options);
  web.Start();
  CHECK(web.Ask("POST", "/-/reload").status == 200);
}

TEST_CASE("a refused reload says why") {
  EndpointOptions options;
  options.enable_lifecycle = true;
  WebFixture web(options);
  web.source.on_reload = []() -> Result<Done, std::string> {
    return std::string("exporter.yml:3: accounts: must be a list");
  };
  web.Start();
  const Answer answer = web.Ask("POST", "/-/reload");
  CHECK(answer.status == 500);
  CHECK(answer.body.find("exporter.yml:3") != std::string::npos);
}

TEST_CASE("unknown paths are not found") {
  WebFixture web;
  web.Start();
  for (const char* path :
       {"/nothing", "/metrics/", "/metrics/other", "//", "/../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd", "/probe/../metrics", "/-/", "/METRICS",
        "/metrics%00", "http://localhost/nothing"}) {
    CAPTURE(path);
    CHECK(web.Get(path).status == 404);
  }
}

TEST_CASE("wrong methods get the allowed ones") {
  WebFixture web;
  web.Start();
  for (const char* method :
       {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"}) {
    CAPTURE(method);
    const Answer answer = web.Ask(method, "/metrics");
    CHECK(answer.status == 405);
    CHECK(answer.Header("Allow") == "GET, HEAD");
  }
  const Answer answer = web.Get("/-/reload");
  CHECK(answer.status == 405);
  CHECK(answer.Header("Allow") == "POST");
}

TEST_CASE("HEAD returns the head of every page") {
  WebFixture web;
  web.Start();
  for (const char* path :
       {"/", "/metrics", "/metrics/exporter", "/sd", "/config", "/-/healthy",
        "/-/ready", "/probe?account=emea"}) {
    CAPTURE(path);
    const Answer get = web.Get(path);
    const Answer head = web.Ask("HEAD", path);
    CHECK(head.status == get.status);
    CHECK(head.Header("Content-Type") == get.Header("Content-Type"));
  }
}

TEST_CASE("HEAD starts no collection") {
  WebFixture web;
  web.Start();
  web.Ask("HEAD", "/metrics");
  CHECK(web.source.scrapes == 0);
}

TEST_CASE("HEAD of an unknown account is not found") {
  WebFixture web;
  web.Start();
  CHECK(web.Ask("HEAD", "/probe?account=nobody").status == 404);
}

TEST_CASE("a large exposition is compressed if the client accepts it") {
  WebFixture web;
  for (int i = 0; i < 100000; ++i) {
    web.source.text +=
        "operator_connect_leads{n=\"" + std::to_string(i) + "\"} 1\n";
  }
  web.Start();
  const Answer answer = web.Get("/metrics", "Accept-Encoding: gzip\r\n");
  CHECK(answer.Header("Content-Encoding") == "gzip");
  CHECK(answer.Header("Vary") == "Accept-Encoding");
  const auto packed = Unchunk(answer.body);
  REQUIRE(packed.has_value());
  CHECK(packed->size() < web.source.text.size() / 4);
  CHECK(Gunzip(*packed) == web.source.text);
}

TEST_CASE("nothing is compressed unless the client accepts it") {
  WebFixture web;
  web.source.text = std::string(5000, 'x');
  web.Start();
  for (const char* header :
       {"", "Accept-Encoding: gzip;q=0, br\r\n", "Accept-Encoding: br\r\n"}) {
    CAPTURE(header);
    const Answer answer = web.Get("/metrics", header);
    CHECK(answer.Header("Content-Encoding").empty());
    CHECK(answer.body == web.source.text);
  }
}

TEST_CASE("a client of HTTP/1.0 gets no chunks") {
  WebFixture web;
  web.source.text = std::string(5000, 'x');
  web.Start();
  RawClient client(web.port());
  client.Send("GET /metrics HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n");
  const Answer answer = client.Read();
  CHECK(answer.body == web.source.text);
  CHECK(client.ServerHasEnded());
}

TEST_CASE("a scrape gets the deadline that its header allows") {
  WebFixture web;
  SteadyTime deadline;
  web.source.on_scrape = [&](const Deadline& given) { deadline = given.at(); };
  web.Start();
  const SteadyTime before = std::chrono::steady_clock::now();
  web.Get("/metrics", "X-Prometheus-Scrape-Timeout-Seconds: 30\r\n");
  CHECK(deadline >= before + 29500ms);
  CHECK(deadline <= std::chrono::steady_clock::now() + 29500ms);
}

TEST_CASE("a scrape without a timeout gets the default one") {
  EndpointOptions options;
  options.default_timeout = 7s;
  WebFixture web(options);
  SteadyTime deadline;
  web.source.on_scrape = [&](const Deadline& given) { deadline = given.at(); };
  web.Start();
  const SteadyTime before = std::chrono::steady_clock::now();
  web.Get("/metrics");
  CHECK(deadline >= before + 7s);
  CHECK(deadline <= std::chrono::steady_clock::now() + 7s);
}

TEST_CASE("one scrape too many gets 503 at once, later ones succeed") {
  EndpointOptions options;
  options.max_requests = 2;
  WebFixture web(options);
  std::mutex mutex;
  std::condition_variable changed;
  int inside = 0;
  bool release = false;
  web.source.on_scrape = [&](const Deadline&) {
    std::unique_lock<std::mutex> lock(mutex);
    ++inside;
    changed.notify_all();
    changed.wait_for(lock, 20s, [&] { return release; });
  };
  web.Start();
  std::atomic<int> good = 0;
  std::vector<std::thread> scrapes;
  for (int i = 0; i < 2; ++i) {
    scrapes.emplace_back([&] { good += web.Get("/metrics").status == 200; });
  }
  {
    std::unique_lock<std::mutex> lock(mutex);
    REQUIRE(changed.wait_for(lock, 20s, [&] { return inside == 2; }));
  }
  const Answer refused = web.Get("/metrics");
  CHECK(refused.status == 503);
  CHECK(refused.Header("Retry-After") == "1");
  CHECK(web.Get("/probe?account=emea").status == 503);
  CHECK(web.Get("/-/healthy").status == 200);
  {
    const std::lock_guard<std::mutex> lock(mutex);
    release = true;
    changed.notify_all();
  }
  for (std::thread& scrape : scrapes) scrape.join();
  CHECK(good == 2);
  CHECK(web.Get("/metrics").status == 200);
}

TEST_CASE("the text of an exception does not leave the process") {
  WebFixture web;
  web.source.on_scrape = [](const Deadline&) {
    throw std::runtime_error("secret text");
  };
  web.Start();
  const Answer answer = web.Get("/metrics");
  CHECK(answer.status == 500);
  CHECK(answer.body == "internal error\n");
  CHECK(answer.head.find("secret") == std::string::npos);
}

TEST_CASE("the landing page shows accounts and forbids everything else") {
  WebFixture web;
  web.source.accounts[0].leads.problem = "<script>alert(1)</script>";
  web.Start();
  const Answer answer = web.Get("/");
  CHECK(answer.Header("Content-Type") == "text/html; charset=utf-8");
  CHECK(answer.Header("Content-Security-Policy").find("default-src 'none'") ==
        0);
  CHECK(answer.body.find("/probe?account=emea") != std::string::npos);
  CHECK(answer.body.find("<script") == std::string::npos);
}

}  // namespace
}  // namespace operator_connect::web
