#include "exporter/web/live_web_config.h"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "tests/support/fake_clock.h"
#include "tests/support/web_certificates.h"
#include "tests/support/web_fixture.h"

namespace operator_connect::web {
namespace {

// The password is "secret".
constexpr char kAlice[] =
    "basic_auth_users:\n  alice: "
    "$2b$04$qUr9Q9HSJJpuELBXkW93KOZW7hI5rMI63cxzDopDZ7BJk4GthNYpu\n";
constexpr char kRight[] = "Authorization: Basic YWxpY2U6c2VjcmV0\r\n";
constexpr char kWrong[] = "Authorization: Basic YWxpY2U6d3Jvbmc=\r\n";

TEST_CASE("with users every request needs the right password") {
  const TempDir folder;
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
  const TempDir folder;
  WebFixture web({}, folder.Write("web.yml", kAlice));
  web.Start();
  CHECK(web.Get("/metrics").Header("WWW-Authenticate").rfind("Basic", 0) == 0);
}

TEST_CASE("health needs no password if configured so") {
  const TempDir folder;
  EndpointOptions options;
  options.health_without_auth = true;
  WebFixture web(options, folder.Write("web.yml", kAlice));
  web.Start();
  CHECK(web.Get("/-/healthy").status == 200);
  CHECK(web.Get("/-/ready").status == 200);
  CHECK(web.Get("/metrics").status == 401);
}

TEST_CASE("a changed password counts for the next request") {
  const TempDir folder;
  WebFixture web({}, folder.Write("web.yml", kAlice));
  web.Start();
  REQUIRE(web.Get("/metrics", kRight).status == 200);
  std::string other = kAlice;
  other.replace(other.find("OZW7"), 4, "OZW8");
  folder.Write("web.yml", other);
  CHECK(web.Get("/metrics", kRight).status == 401);
}

TEST_CASE("a bad new file keeps the passwords of the old one") {
  const TempDir folder;
  WebFixture web({}, folder.Write("web.yml", kAlice));
  web.Start();
  folder.Write("web.yml", "basic_auth_users: nonsense\n");
  CHECK(web.Get("/metrics").status == 401);
  CHECK(web.Get("/metrics", kRight).status == 200);
  CHECK(web.log().find("refused") != std::string::npos);
}

TEST_CASE("a file that disappears keeps its passwords in force") {
  const TempDir folder;
  const std::string path = folder.Write("web.yml", kAlice);
  WebFixture web({}, path);
  web.Start();
  ::remove(path.c_str());
  CHECK(web.Get("/metrics").status == 401);
}

constexpr char kTls[] =
    "tls_server_config:\n  cert_file: new.pem\n  key_file: new.key\n";

// A web configuration that changes; it begins with a password.
struct Changing {
  Changing() {
    auto loaded = LiveWebConfig::Load(path, clock, *log);
    REQUIRE(loaded.ok());
    live = *std::move(loaded);
  }
  // Whether the first configuration is in force.
  bool IsOld() const {
    const std::shared_ptr<const WebState> state = live->Current();
    return !state->config.basic_auth_users.empty() && state->tls == nullptr;
  }
  bool IsTls() const { return live->Current()->tls != nullptr; }
  auto Refusals() const {
    return std::count_if(lines.begin(), lines.end(), [](const auto& line) {
      return line.find("refused") != std::string::npos;
    });
  }
  const TestCertificate certificate{"new"};
  const TempDir folder;
  const std::string path = folder.Write("web.yml", kAlice);
  // Stands still, so that nothing is read again because of the time.
  FakeClock clock{std::chrono::system_clock::now()};
  std::vector<std::string> lines;
  const std::unique_ptr<Log> log = MakeCallbackLog(
      LogLevel::kInfo, LogFormat::kLogfmt,
      [this](std::string_view line) { lines.emplace_back(line); });
  std::unique_ptr<LiveWebConfig> live;
};

TEST_CASE("files of a refused configuration count once they appear") {
  const Changing files;
  files.folder.Write("web.yml", std::string(kTls) + kAlice);
  CHECK(files.IsOld());
  files.folder.Write("new.pem", files.certificate.CertificatePem());
  CHECK(files.IsOld());
  files.folder.Write("new.key", files.certificate.KeyPem());
  CHECK(files.IsTls());
}

TEST_CASE("a key that is repaired after a refusal counts") {
  const Changing files;
  files.folder.Write("new.pem", files.certificate.CertificatePem());
  files.folder.Write("new.key", TestCertificate("other").KeyPem());
  files.folder.Write("web.yml", std::string(kTls) + kAlice);
  CHECK(files.IsOld());
  files.folder.Write("new.key", files.certificate.KeyPem());
  CHECK(files.IsTls());
}

TEST_CASE("a truncated file removes neither passwords nor TLS") {
  const Changing files;
  files.folder.Write("new.pem", files.certificate.CertificatePem());
  files.folder.Write("new.key", files.certificate.KeyPem());
  for (const char* text : {"", "# being written\n", kTls}) {
    CAPTURE(text);
    files.folder.Write("web.yml", text);
    CHECK(files.IsOld());
  }
  CHECK(files.Refusals() == 1);
  files.folder.Write("web.yml", std::string(kTls) + kAlice);
  CHECK(files.IsTls());
  files.folder.Write("web.yml", kAlice);
  CHECK(files.IsTls());
  CHECK(files.Refusals() == 2);
}

TEST_CASE("each refusal is logged once") {
  Changing files;
  files.folder.Write("web.yml", "basic_auth_users: nonsense\n");
  for (int i = 0; i < 3; ++i) {
    CHECK(files.IsOld());
    files.clock.Pass(std::chrono::seconds(2));
  }
  CHECK(files.Refusals() == 1);
  files.folder.Write("web.yml", "nonsense: 1\n");
  CHECK(files.IsOld());
  CHECK(files.Refusals() == 2);
  // A valid file in between makes the same refusal news again.
  files.folder.Write("web.yml", kAlice);
  CHECK(files.IsOld());
  files.folder.Write("web.yml", "nonsense: 1\n");
  CHECK(files.IsOld());
  CHECK(files.Refusals() == 3);
}

TEST_CASE("a refusal that no file shows is tried again a second later") {
  Changing files;
  files.folder.Write("new.pem", files.certificate.CertificatePem());
  files.folder.Write("new.key", files.certificate.KeyPem());
  files.folder.Write("web.yml", std::string(kTls) + kAlice);
  rlimit before = {};
  ::getrlimit(RLIMIT_NOFILE, &before);
  rlimit none = before;
  none.rlim_cur = 0;
  ::setrlimit(RLIMIT_NOFILE, &none);
  const bool old = files.IsOld();
  ::setrlimit(RLIMIT_NOFILE, &before);
  CHECK(old);
  files.clock.Pass(std::chrono::milliseconds(900));
  CHECK(files.IsOld());
  files.clock.Pass(std::chrono::milliseconds(100));
  CHECK(files.IsTls());
}

TEST_CASE("configured headers are in every response") {
  const TempDir folder;
  WebFixture web({}, folder.Write("web.yml",
                                  "http_server_config:\n  headers:\n    "
                                  "X-Frame-Options: sameorigin\n"));
  web.Start();
  CHECK(web.Get("/metrics").Header("X-Frame-Options") == "sameorigin");
  CHECK(web.Get("/nothing").Header("X-Frame-Options") == "sameorigin");
}

TEST_CASE("a configured header replaces the default") {
  const TempDir folder;
  WebFixture web({}, folder.Write("web.yml",
                                  "http_server_config:\n  headers:\n    "
                                  "X-Frame-Options: sameorigin\n"));
  web.Start();
  const Answer answer = web.Get("/");
  CHECK(answer.Header("X-Frame-Options") == "sameorigin");
  CHECK(answer.head.find("DENY") == std::string::npos);
}

TEST_CASE("requests beyond the rate limit are told to retry") {
  const TempDir folder;
  WebFixture web(
      {}, folder.Write("web.yml", "rate_limit:\n  interval: 1h\n  burst: 2\n"));
  web.Start();
  CHECK(web.Get("/metrics").status == 200);
  CHECK(web.Get("/metrics").status == 200);
  CHECK(web.Get("/metrics").status == 429);
}

}  // namespace
}  // namespace operator_connect::web
