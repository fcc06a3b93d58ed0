#include "exporter/web/live_web_config.h"

#include <doctest/doctest.h>

#include <cstdio>
#include <string>

#include "tests/unit/web/web_fixture.h"

namespace operator_connect::web {
namespace {

// The password is "secret".
constexpr char kAlice[] =
    "basic_auth_users:\n  alice: "
    "$2b$04$qUr9Q9HSJJpuELBXkW93KOZW7hI5rMI63cxzDopDZ7BJk4GthNYpu\n";
constexpr char kRight[] = "Authorization: Basic YWxpY2U6c2VjcmV0\r\n";
constexpr char kWrong[] = "Authorization: Basic YWxpY2U6d3Jvbmc=\r\n";

TEST_CASE("with users every page but the right password's is refused") {
  const TemporaryFolder folder;
  WebFixture web({}, folder.Write("web.yml", kAlice));
  web.Start();
  for (const char* path :
       {"/", "/metrics", "/metrics/exporter", "/probe?account=emea", "/sd",
        "/config", "/-/healthy", "/-/ready", "/nothing"}) {
    CAPTURE(std::string(path));
    CHECK(web.Get(path).status == 401);
    CHECK(web.Get(path, kWrong).status == 401);
    CHECK(web.Get(path, kRight).status != 401);
  }
}

TEST_CASE("a refusal says how to authenticate") {
  const TemporaryFolder folder;
  WebFixture web({}, folder.Write("web.yml", kAlice));
  web.Start();
  CHECK(web.Get("/metrics").Header("WWW-Authenticate").rfind("Basic", 0) == 0);
}

TEST_CASE("health needs no password when it is asked for that") {
  const TemporaryFolder folder;
  EndpointOptions options;
  options.health_without_auth = true;
  WebFixture web(options, folder.Write("web.yml", kAlice));
  web.Start();
  CHECK(web.Get("/-/healthy").status == 200);
  CHECK(web.Get("/-/ready").status == 200);
  CHECK(web.Get("/metrics").status == 401);
}

TEST_CASE("a changed password counts for the next request") {
  const TemporaryFolder folder;
  WebFixture web({}, folder.Write("web.yml", kAlice));
  web.Start();
  REQUIRE(web.Get("/metrics", kRight).status == 200);
  std::string other = kAlice;
  other.replace(other.find("OZW7"), 4, "OZW8");
  folder.Write("web.yml", other);
  CHECK(web.Get("/metrics", kRight).status == 401);
}

TEST_CASE("a bad new file keeps the passwords of the old one") {
  const TemporaryFolder folder;
  WebFixture web({}, folder.Write("web.yml", kAlice));
  web.Start();
  folder.Write("web.yml", "basic_auth_users: nonsense\n");
  CHECK(web.Get("/metrics").status == 401);
  CHECK(web.Get("/metrics", kRight).status == 200);
  CHECK(web.log().find("refused") != std::string::npos);
}

TEST_CASE("a file that disappears keeps the passwords that it held") {
  const TemporaryFolder folder;
  const std::string path = folder.Write("web.yml", kAlice);
  WebFixture web({}, path);
  web.Start();
  ::remove(path.c_str());
  CHECK(web.Get("/metrics").status == 401);
}

TEST_CASE("configured headers are on every answer") {
  const TemporaryFolder folder;
  WebFixture web({}, folder.Write("web.yml",
                                  "http_server_config:\n  headers:\n    "
                                  "X-Frame-Options: sameorigin\n"));
  web.Start();
  CHECK(web.Get("/metrics").Header("X-Frame-Options") == "sameorigin");
  CHECK(web.Get("/nothing").Header("X-Frame-Options") == "sameorigin");
}

TEST_CASE("a configured header takes the place of ours") {
  const TemporaryFolder folder;
  WebFixture web({}, folder.Write("web.yml",
                                  "http_server_config:\n  headers:\n    "
                                  "X-Frame-Options: sameorigin\n"));
  web.Start();
  const Answer answer = web.Get("/");
  CHECK(answer.Header("X-Frame-Options") == "sameorigin");
  CHECK(answer.head.find("DENY") == std::string::npos);
}

TEST_CASE("past the rate limit requests are told to come later") {
  const TemporaryFolder folder;
  WebFixture web(
      {}, folder.Write("web.yml", "rate_limit:\n  interval: 1h\n  burst: 2\n"));
  web.Start();
  CHECK(web.Get("/metrics").status == 200);
  CHECK(web.Get("/metrics").status == 200);
  CHECK(web.Get("/metrics").status == 429);
}

}  // namespace
}  // namespace operator_connect::web
