#include <doctest/doctest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "exporter/web/live_web_config.h"
#include "tests/support/web_certificates.h"
#include "tests/support/web_fixture.h"

namespace operator_connect::web {
namespace {

using namespace std::chrono_literals;

const WallTime kNow = std::chrono::system_clock::now();

// The result of one GET /metrics for a TLS client.
struct TlsAnswer {
  bool spoken = false;  // there was a response
  std::string server_name;
  int version = 0;
};

struct ClientOptions {
  const TestCertificate* certificate = nullptr;
  int most = TLS1_3_VERSION;
  const char* ciphers = "ALL";
  bool hang_up = false;  // once the request is sent
};

// Accepts any server certificate and returns its common name.
TlsAnswer AskByTls(int port, const ClientOptions& options = {}) {
  TlsAnswer answer;
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(
      SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  SSL_CTX_set_max_proto_version(context.get(), options.most);
  SSL_CTX_set_cipher_list(context.get(), options.ciphers);
  if (options.certificate != nullptr) {
    options.certificate->Use(context.get());
  }
  RawClient client(port);
  const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context.get()),
                                                      SSL_free);
  SSL_set_fd(ssl.get(), client.fd());
  if (SSL_connect(ssl.get()) == 1) {
    answer.version = SSL_version(ssl.get());
    const std::unique_ptr<X509, decltype(&X509_free)> shown(
        SSL_get1_peer_certificate(ssl.get()), X509_free);
    char name[64] = {};
    X509_NAME_get_text_by_NID(X509_get_subject_name(shown.get()),
                              NID_commonName, name, sizeof name);
    answer.server_name = name;
    const std::string get = "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n";
    SSL_write(ssl.get(), get.data(), static_cast<int>(get.size()));
    if (options.hang_up) return answer;
    char buffer[4096] = {};
    answer.spoken = SSL_read(ssl.get(), buffer, sizeof buffer) > 0 &&
                    std::string(buffer).rfind("HTTP/1.1 200", 0) == 0;
  }
  ERR_clear_error();
  return answer;
}

// A folder with a server's certificate and a web configuration.
struct Files {
  explicit Files(const std::string& more = "") {
    Renew(TestCertificate("first"));
    web = folder.Write("web.yml",
                       "tls_server_config:\n  cert_file: cert.pem\n"
                       "  key_file: key.pem\n" +
                           more);
  }
  void Renew(const TestCertificate& certificate) const {
    folder.Write("cert.pem", certificate.CertificatePem());
    folder.Write("key.pem", certificate.KeyPem());
  }
  std::vector<std::string> ErrorsNow() const {
    std::vector<std::string> warnings;
    auto state = LoadWebState(web, kNow, warnings);
    return state.ok() ? std::vector<std::string>() : state.error();
  }
  TempDir folder;
  std::string web;
};

TEST_CASE("metrics are served by TLS") {
  const Files files;
  WebFixture web({}, files.web);
  web.Start();
  const TlsAnswer answer = AskByTls(web.port());
  CHECK(answer.spoken);
  CHECK(answer.server_name == "first");
  CHECK(answer.version == TLS1_3_VERSION);
}

TEST_CASE("a TLS client that hangs up ends its scrape's wait") {
  const Files files;
  WebFixture web({}, files.web);
  std::atomic<bool> ended = false;
  std::atomic<bool> stopped = false;
  web.source.on_scrape = [&](const Deadline& deadline) {
    while (!deadline.stopped() && !deadline.expired()) {
      std::this_thread::yield();
    }
    stopped = deadline.stopped();
    ended = true;
  };
  web.Start();
  ClientOptions options;
  options.hang_up = true;
  AskByTls(web.port(), options);
  while (!ended) std::this_thread::yield();
  CHECK(stopped);
}

int CountOf(const std::string& text, const std::string& part) {
  int count = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

TEST_CASE("plain HTTP to a TLS port gets a response, and is logged once") {
  const Files files;
  WebFixture web({}, files.web);
  web.Start();
  for (const char* method : {"GET", "OPTIONS", "BREW"}) {
    RawClient client(web.port());
    client.Send(std::string(method) + " / HTTP/1.1\r\nHost: a\r\n\r\n");
    const Answer answer = client.Read();
    CHECK(answer.status == 400);
    CHECK(answer.body == "Client sent an HTTP request to an HTTPS server.\n");
    CHECK(client.ServerHasEnded());
  }
  CHECK(AskByTls(web.port()).spoken);
  CHECK(CountOf(web.log(), "scheme to https") == 1);
  CHECK(CountOf(web.log(), "peer=127.0.0.1:") == 1);
}

TEST_CASE("TLS to a plain port gets a response, and is logged once") {
  WebFixture web;
  web.Start();
  for (int i = 0; i < 2; ++i) {
    RawClient client(web.port());
    client.Send(std::string("\x16\x03\x01\x02\x00\x01", 6));
    const Answer answer = client.Read();
    CHECK(answer.status == 400);
    CHECK(answer.body == "client sent an HTTPS request to an HTTP server\n");
    CHECK(client.ServerHasEnded());
  }
  CHECK_FALSE(AskByTls(web.port()).spoken);
  CHECK(CountOf(web.log(), "scheme to http,") == 1);
  CHECK(CountOf(web.log(), "peer=127.0.0.1:") == 1);
}

TEST_CASE("a handshake that hangs does not delay a scrape") {
  const Files files;
  WebFixture web({}, files.web);
  web.Start();
  std::vector<RawClient> hanging;
  for (int i = 0; i < 64; ++i) {
    hanging.emplace_back(web.port());
    hanging.back().Send(std::string("\x16\x03\x01\x02\x00\x01", 6));
  }
  const auto begin = std::chrono::steady_clock::now();
  CHECK(AskByTls(web.port()).spoken);
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
}

TEST_CASE("a handshake that hangs is ended") {
  const Files files;
  ServerLimits limits;
  limits.connection.head = 50ms;
  WebFixture web({}, files.web, limits);
  web.Start();
  RawClient client(web.port());
  client.Send(std::string("\x16\x03\x01\x02\x00\x01", 6));
  CHECK(client.ServerHasEnded());
}

TEST_CASE("a renewed certificate counts for new connections") {
  const Files files;
  WebFixture web({}, files.web);
  web.Start();
  REQUIRE(AskByTls(web.port()).server_name == "first");
  files.Renew(TestCertificate("second"));
  CHECK(AskByTls(web.port()).server_name == "second");
}

TEST_CASE("a bad new certificate keeps the old one and is logged once") {
  const Files files;
  WebFixture web({}, files.web);
  web.Start();
  REQUIRE(AskByTls(web.port()).server_name == "first");
  files.folder.Write("cert.pem", "nonsense");
  CHECK(AskByTls(web.port()).server_name == "first");
  CHECK(AskByTls(web.port()).server_name == "first");
  const std::string log = web.log();
  const auto line = log.find("refused");
  REQUIRE(line != std::string::npos);
  CHECK(log.find("refused", line + 10) == std::string::npos);
}

TEST_CASE("a minimum version is enforced") {
  const Files files("  min_version: TLS13\n");
  WebFixture web({}, files.web);
  web.Start();
  ClientOptions old;
  old.most = TLS1_2_VERSION;
  CHECK_FALSE(AskByTls(web.port(), old).spoken);
  CHECK(AskByTls(web.port()).spoken);
}

TEST_CASE("a maximum version is enforced") {
  const Files files("  max_version: TLS12\n");
  WebFixture web({}, files.web);
  web.Start();
  CHECK(AskByTls(web.port()).version == TLS1_2_VERSION);
}

TEST_CASE("cipher suites and curves with Go's names are accepted") {
  const Files files(
      "  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]\n"
      "  curve_preferences: [CurveP256]\n  max_version: TLS12\n");
  WebFixture web({}, files.web);
  web.Start();
  CHECK(AskByTls(web.port()).spoken);
}

TEST_CASE("without cipher suites those of Go are offered, and no others") {
  const Files files;
  files.Renew(TestCertificate("rsa", "", 1, true));
  WebFixture web({}, files.web);
  web.Start();
  ClientOptions client;
  client.most = TLS1_2_VERSION;
  for (const char* good :
       {"ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384",
        "ECDHE-RSA-CHACHA20-POLY1305", "ECDHE-RSA-AES128-SHA"}) {
    CAPTURE(good);
    client.ciphers = good;
    CHECK(AskByTls(web.port(), client).spoken);
  }
  // Suites without forward secrecy, and weak or unusual ones.
  for (const char* bad :
       {"AES128-SHA", "AES256-GCM-SHA384", "AES128-CCM", "DHE-RSA-AES128-SHA",
        "ECDHE-RSA-AES128-SHA256", "ECDHE-RSA-CAMELLIA128-SHA256"}) {
    CAPTURE(bad);
    client.ciphers = bad;
    CHECK_FALSE(AskByTls(web.port(), client).spoken);
  }
}

TEST_CASE("without a client CA the system's authorities verify") {
  const TestCertificate client("client");
  const TestCertificate stranger("stranger");
  const Files files("  client_auth_type: RequireAndVerifyClientCert\n");
  ::setenv("SSL_CERT_FILE",
           files.folder.Write("system.pem", client.CertificatePem()).c_str(),
           1);
  WebFixture web({}, files.web);
  web.Start();
  ClientOptions with;
  CHECK_FALSE(AskByTls(web.port()).spoken);
  with.certificate = &stranger;
  CHECK_FALSE(AskByTls(web.port(), with).spoken);
  with.certificate = &client;
  CHECK(AskByTls(web.port(), with).spoken);
  ::unsetenv("SSL_CERT_FILE");
}

TEST_CASE("cipher suites of TLS 1.3 alone disable TLS 1.2") {
  ClientOptions old;
  old.most = TLS1_2_VERSION;
  for (const std::string more :
       {"", ", TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"}) {
    CAPTURE(more);
    const Files files(
        "  min_version: TLS10\n  cipher_suites: "
        "[TLS_AES_128_GCM_SHA256" +
        more + "]\n");
    WebFixture web({}, files.web);
    web.Start();
    CHECK(AskByTls(web.port()).spoken);
    CHECK(AskByTls(web.port(), old).spoken == !more.empty());
  }
}

TEST_CASE("a client certificate is required and verified") {
  const TestCertificate client("client");
  const TestCertificate stranger("stranger");
  const Files files(
      "  client_auth_type: RequireAndVerifyClientCert\n"
      "  client_ca_file: client.pem\n");
  files.folder.Write("client.pem", client.CertificatePem());
  WebFixture web({}, files.web);
  web.Start();
  ClientOptions with;
  CHECK_FALSE(AskByTls(web.port()).spoken);
  with.certificate = &stranger;
  CHECK_FALSE(AskByTls(web.port(), with).spoken);
  with.certificate = &client;
  CHECK(AskByTls(web.port(), with).spoken);
}

TEST_CASE("a client certificate that is not verified is still required") {
  const TestCertificate stranger("stranger");
  const Files files("  client_auth_type: RequireAnyClientCert\n");
  WebFixture web({}, files.web);
  web.Start();
  ClientOptions with;
  with.certificate = &stranger;
  CHECK_FALSE(AskByTls(web.port()).spoken);
  CHECK(AskByTls(web.port(), with).spoken);
}

// Whether a server that demands certificates of `type`, with one of these names
// in them, serves a client with four names.
bool ServesNamed(const std::string& type, const std::string& allowed) {
  const TestCertificate client(
      "client",
      "DNS:prometheus.example,IP:10.0.0.1,email:me@b.example,URI:spiffe://c/d");
  const Files files("  client_auth_type: " + type +
                    "\n  client_ca_file: client.pem\n"
                    "  client_allowed_sans: " +
                    allowed + "\n");
  files.folder.Write("client.pem", client.CertificatePem());
  WebFixture web({}, files.web);
  web.Start();
  for (const int most : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    ClientOptions with;
    with.certificate = &client;
    with.most = most;
    if (!AskByTls(web.port(), with).spoken) return false;
  }
  return true;
}

TEST_CASE("only client certificates with an allowed name are served") {
  for (const std::string type :
       {"RequireAndVerifyClientCert", "RequireAnyClientCert"}) {
    CAPTURE(type);
    CHECK(ServesNamed(type, "[prometheus.example]"));
    CHECK(ServesNamed(type, "[other.example, 10.0.0.1]"));
    CHECK(ServesNamed(type, "[me@b.example]"));
    CHECK(ServesNamed(type, "[\"spiffe://c/d\"]"));
    CHECK_FALSE(ServesNamed(type, "[other.example, client]"));
  }
}

TEST_CASE("an allowed name from another authority is not enough") {
  const TestCertificate stranger("stranger", "DNS:prometheus.example");
  const Files files(
      "  client_auth_type: RequireAndVerifyClientCert\n"
      "  client_ca_file: cert.pem\n"
      "  client_allowed_sans: [prometheus.example]\n");
  WebFixture web({}, files.web);
  web.Start();
  ClientOptions with;
  with.certificate = &stranger;
  CHECK_FALSE(AskByTls(web.port(), with).spoken);
}

TEST_CASE("a client without any name is refused") {
  const TestCertificate nameless("client");
  const Files files(
      "  client_auth_type: RequireAnyClientCert\n"
      "  client_allowed_sans: [client]\n");
  WebFixture web({}, files.web);
  web.Start();
  ClientOptions with;
  CHECK_FALSE(AskByTls(web.port()).spoken);
  with.certificate = &nameless;
  CHECK_FALSE(AskByTls(web.port(), with).spoken);
}

TEST_CASE("a client certificate that is only requested is not verified") {
  const TestCertificate stranger("stranger", "", -1);
  const Files files("  client_auth_type: RequestClientCert\n");
  WebFixture web({}, files.web);
  web.Start();
  ClientOptions with;
  CHECK(AskByTls(web.port()).spoken);
  with.certificate = &stranger;
  CHECK(AskByTls(web.port(), with).spoken);
}

TEST_CASE("a key that does not belong to the certificate is an error") {
  const Files files;
  files.folder.Write("key.pem", TestCertificate("other").KeyPem());
  CHECK(files.ErrorsNow() ==
        std::vector<std::string>{
            files.web +
            ":3: tls_server_config.key_file: " + (files.folder / "key.pem") +
            ": the key does not belong to the "
            "certificate"});
}

TEST_CASE("all files without PEM are named, with the line that names them") {
  const Files files(
      "  client_ca_file: ca.pem\n  client_auth_type: "
      "RequireAndVerifyClientCert\n");
  for (const char* name : {"cert.pem", "key.pem", "ca.pem"}) {
    files.folder.Write(name, "nonsense");
  }
  const std::string at = ": tls_server_config.";
  CHECK(files.ErrorsNow() ==
        std::vector<std::string>{
            files.web + ":2" + at + "cert_file: " +
                (files.folder / "cert.pem") + ": holds no PEM certificate",
            files.web + ":3" + at + "key_file: " + (files.folder / "key.pem") +
                ": holds no PEM private key without a passphrase",
            files.web + ":4" + at + "client_ca_file: " +
                (files.folder / "ca.pem") + ": holds no PEM certificate"});
}

TEST_CASE("invalid PEM in the web configuration is reported by its key") {
  const Files files;
  files.folder.Write("web.yml",
                     "tls_server_config:\n  cert_file: cert.pem\n  key: |\n"
                     "    -----BEGIN PRIVATE KEY-----\n    hunter2\n");
  CHECK(files.ErrorsNow() ==
        std::vector<std::string>{files.web +
                                 ":3: tls_server_config.key: holds no PEM "
                                 "private key without a passphrase"});
}

TEST_CASE("an expired certificate is a warning") {
  const Files files;
  files.Renew(TestCertificate("old", "", -1));
  std::vector<std::string> warnings;
  CHECK(LoadWebState(files.web, kNow, warnings).ok());
  REQUIRE(warnings.size() == 1);
  CHECK(warnings.front() == files.web + ":2: tls_server_config.cert_file: " +
                                (files.folder / "cert.pem") +
                                ": the certificate has expired");
}

}  // namespace
}  // namespace operator_connect::web
