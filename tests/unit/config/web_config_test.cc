#include "exporter/config/web_config.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "tests/support/config_text.h"
#include "tests/support/temp_dir.h"

namespace operator_connect::config {
namespace {

const char kHash[] =
    "$2y$10$qRTBuFoULoYNA7AQ/F3ck.trZBPyjV64.oA4ZsSBCIWvXuvQlQTuu";

Result<WebConfig, Problems> Load(const std::string& path) {
  WebConfigReading reading = ReadWebConfig(path);
  if (!reading.problems.empty()) return std::move(reading.problems);
  return std::move(reading.config);
}

// A folder with certificate and key, and the problems of a web configuration in
// it, without the folder's name.
class WebFiles {
 public:
  WebFiles() {
    dir_.Write("cert.pem", "x");
    dir_.Write("key.pem", "x");
  }
  Result<WebConfig, Problems> Load(const std::string& yaml) const {
    return config::Load(dir_.Write("web.yml", yaml));
  }
  std::string SaidOf(const std::string& yaml) const {
    std::string said = Said(Load(yaml));
    const std::string folder = dir_.path() + "/";
    for (std::size_t at; (at = said.find(folder)) != said.npos;) {
      said.erase(at, folder.size());
    }
    return said;
  }
  std::string SaidOfTls(const std::string& more) const {
    return SaidOf(
        "tls_server_config: {cert_file: cert.pem, key_file: key.pem, " + more +
        "}\n");
  }
  const TempDir& dir() const { return dir_; }

 private:
  TempDir dir_;
};

TEST_CASE("an empty web configuration is plain HTTP without passwords") {
  const WebFiles files;
  for (const std::string yaml :
       {"", "# nothing\n", "{}", "tls_server_config:\n",
        "tls_server_config: {}", "tls_server_config: {min_version: TLS13}",
        "tls_server_config: {cert_file: \"\", key: \"\", client_ca: \"\"}",
        "tls_server_config: {client_auth_type: \"\"}"}) {
    CAPTURE(yaml);
    const auto config = files.Load(yaml);
    REQUIRE(config.ok());
    CHECK(*config == WebConfig{});
  }
}

TEST_CASE("every key of the web configuration is read") {
  const WebFiles files;
  const auto config = files.Load(
      "tls_server_config:\n"
      "  cert_file: cert.pem\n"
      "  key_file: key.pem\n"
      "  client_ca_file: cert.pem\n"
      "  client_auth_type: RequireAndVerifyClientCert\n"
      "  client_allowed_sans: [one, two]\n"
      "  min_version: TLS11\n"
      "  max_version: TLS12\n"
      "  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]\n"
      "  prefer_server_cipher_suites: false\n"
      "  curve_preferences: [X25519, CurveP256]\n"
      "http_server_config:\n"
      "  http2: false\n"
      "  headers:\n"
      "    X-Frame-Options: deny\n"
      "    X-XSS-Protection: 1\n"
      "    X-Content-Type-Options: nosniff\n"
      "    Content-Security-Policy:\n"
      "    Strict-Transport-Security: max-age=31536000; includeSubDomains\n"
      "basic_auth_users:\n"
      "  alice: " +
      std::string(kHash) +
      "\n"
      "rate_limit: {interval: 1s, burst: 5}\n");
  CAPTURE(Said(config));
  REQUIRE(config.ok());
  REQUIRE(config->tls_server_config);
  const TlsServerConfig& tls = *config->tls_server_config;
  CHECK(tls.cert.file == files.dir() / "cert.pem");
  CHECK(tls.key.file == files.dir() / "key.pem");
  CHECK(tls.client_ca.file == files.dir() / "cert.pem");
  CHECK(tls.client_auth_type == ClientAuth::kRequireAndVerifyClientCert);
  CHECK(tls.client_allowed_sans == std::vector<std::string>{"one", "two"});
  CHECK(tls.min_version == TlsVersion::kTls11);
  CHECK(tls.max_version == TlsVersion::kTls12);
  CHECK(tls.cipher_suites ==
        std::vector<std::string>{"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"});
  CHECK_FALSE(tls.prefer_server_cipher_suites);
  CHECK(tls.curve_preferences ==
        std::vector<std::string>{"X25519", "CurveP256"});
  CHECK_FALSE(config->http2);
  CHECK(config->headers.size() == 4);
  CHECK(config->headers.at("X-XSS-Protection") == "1");
  CHECK(config->basic_auth_users.at("alice") == kHash);
  CHECK(config->rate_limit == RateLimit{std::chrono::seconds(1), 5});
}

TEST_CASE("certificate and key can be in the web configuration itself") {
  const WebFiles files;
  const auto config = files.Load(
      "tls_server_config:\n"
      "  cert: |\n    -----BEGIN CERTIFICATE-----\n    abc\n"
      "  key: |\n    -----BEGIN PRIVATE KEY-----\n    def\n");
  CAPTURE(Said(config));
  REQUIRE(config.ok());
  CHECK(config->tls_server_config->cert.text ==
        "-----BEGIN CERTIFICATE-----\nabc\n");
  CHECK(config->tls_server_config->key.text ==
        "-----BEGIN PRIVATE KEY-----\ndef\n");
}

TEST_CASE("the rate limit's interval is Go's duration or Prometheus'") {
  using namespace std::chrono_literals;
  const std::pair<std::string, Duration> rows[] = {
      {"1.5s", 1500ms}, {"100us", 100us}, {"1m0.5s", 60500ms},
      {"0", 0s},        {"1d", 24h},      {"1h30m", 90min}};
  const WebFiles files;
  for (const auto& [text, want] : rows) {
    CAPTURE(text);
    const auto config =
        files.Load("rate_limit: {interval: " + text + ", burst: 1}");
    REQUIRE(config.ok());
    CHECK(config->rate_limit.interval == want);
  }
}

TEST_CASE("an empty text of the TLS settings counts as unset") {
  const WebFiles files;
  const auto config = files.Load(
      "tls_server_config: {cert_file: cert.pem, cert: \"\", key_file: key.pem, "
      "client_auth_type: \"\", client_ca_file: \"\"}");
  CAPTURE(Said(config));
  REQUIRE(config.ok());
  REQUIRE(config->tls_server_config);
  CHECK(config->tls_server_config->client_auth_type ==
        ClientAuth::kNoClientCert);
}

struct Row {
  std::string yaml;
  std::string want;  // the beginning of the only problem
};

TEST_CASE("a wrong key of the web configuration is reported with a remedy") {
  const WebFiles files;
  const Row rows[] = {
      {"tls_config: {}", "web.yml:1: tls_config: unknown key; write one of"},
      {"http_server_config: {http3: true}",
       "web.yml:1: http_server_config.http3: unknown key; did you mean http2?"},
      {"http_server_config: {headers: {Server: x}}",
       "web.yml:1: http_server_config.headers.Server: unknown key; write one "
       "of: Content-Security-Policy"},
      {"http_server_config: {headers: {X-Frame-Options: allow}}",
       "web.yml:1: http_server_config.headers.X-Frame-Options: must be deny "
       "or sameorigin, not \"allow\""},
      {"http_server_config: {headers: {X-XSS-Protection: \"1\\r\\nEvil: 1\"}}",
       "web.yml:1: http_server_config.headers.X-XSS-Protection: must not hold "
       "a line break"},
      {"rate_limit: {interval: 1s}", "web.yml:1: rate_limit.burst: is missing"},
      {"rate_limit: {interval: 1, burst: 1}",
       "web.yml:1: rate_limit.interval: must be a duration"},
      {"- a", "web.yml:1: must be a map"},
      {"a: [", "web.yml:1: not valid YAML"},
  };
  for (const Row& row : rows) {
    const std::string said = files.SaidOf(row.yaml);
    CAPTURE(said);
    CHECK(said.substr(0, row.want.size()) == row.want);
    CHECK(std::count(said.begin(), said.end(), '\n') == 1);
  }
}

TEST_CASE("booleans are accepted in all forms of Go's YAML") {
  const WebFiles files;
  for (const char* yes : {"true", "True", "y", "Y", "yes", "YES", "on", "ON"}) {
    CAPTURE(yes);
    const auto config =
        files.Load("http_server_config: {http2: " + std::string(yes) + "}");
    REQUIRE(config.ok());
    CHECK(config->http2);
  }
  for (const char* no :
       {"false", "FALSE", "n", "N", "no", "No", "off", "Off"}) {
    CAPTURE(no);
    const auto config =
        files.Load("http_server_config: {http2: " + std::string(no) + "}");
    REQUIRE(config.ok());
    CHECK_FALSE(config->http2);
  }
}

TEST_CASE("certificates can be verified without a client CA") {
  const WebFiles files;
  for (const char* type :
       {"VerifyClientCertIfGiven", "RequireAndVerifyClientCert"}) {
    CHECK(files.SaidOfTls("client_auth_type: " + std::string(type)) == "ok");
  }
}

TEST_CASE("a bcrypt cost that takes more than seconds is refused") {
  const WebFiles files;
  const auto said = [&](const std::string& cost) {
    std::string hash = kHash;
    hash.replace(4, 2, cost);
    return files.SaidOf("basic_auth_users: {bob: " + hash + "}");
  };
  CHECK(said("04") == "ok");
  CHECK(said("14") == "ok");
  for (const std::string cost : {"15", "18", "31"}) {
    const std::string want =
        "web.yml:1: basic_auth_users.bob: has a bcrypt "
        "cost of " +
        cost;
    CHECK(said(cost).substr(0, want.size()) == want);
    CHECK(said(cost).find("qRTBuFoULoYNA7AQ") == std::string::npos);
  }
}

TEST_CASE("wrong TLS settings of the server are reported with a remedy") {
  const WebFiles files;
  const std::string at = "web.yml:1: tls_server_config.";
  const Row rows[] = {
      {"client_auth_type: Maybe",
       at + "client_auth_type: must be one of NoClientCert, "},
      {"prefer_server_cipher_suites: \"yes\"",
       at + "prefer_server_cipher_suites: must be true or false"},
      {"client_ca_file: cert.pem",
       at + "client_auth_type: is missing or NoClientCert"},
      {"client_allowed_sans: [a]", at + "client_allowed_sans: needs a client"},
      {"client_auth_type: RequestClientCert, client_allowed_sans: [a]",
       at + "client_allowed_sans: needs a client_auth_type that requires"},
      {"client_auth_type: VerifyClientCertIfGiven, client_ca_file: cert.pem, "
       "client_allowed_sans: [a]",
       at + "client_allowed_sans: needs a client_auth_type that requires"},
      {"client_auth_type: RequireAnyClientCert, client_allowed_sans: []",
       at + "client_allowed_sans: is empty, which would refuse every client"},
      {"client_auth_type: RequestClientCert, client_allowed_sans: [\"\"]",
       at + "client_allowed_sans[0]: must not be empty"},
      {"client_ca_file: none.pem, client_auth_type: VerifyClientCertIfGiven",
       at + "client_ca_file: cannot read \"none.pem\": no such file"},
      {"min_version: TLS14",
       at + "min_version: must be one of TLS10, TLS11, TLS12, TLS13"},
      {"max_version: TLS11", at + "max_version: max_version is below"},
      {"cipher_suites: [TLS_RSA_WITH_RC4_128_SHA]",
       at + "cipher_suites[0]: \"TLS_RSA_WITH_RC4_128_SHA\" is no cipher"},
      {"cipher_suites: [TLS_AES_128_GCM_SHA256], max_version: TLS12",
       at + "cipher_suites: names suites of TLS 1.3 alone"},
      {"curve_preferences: [P256]",
       at + "curve_preferences[0]: \"P256\" is no"},
      {"cert: hunter2", at + "cert: is there beside cert_file"},
  };
  for (const Row& row : rows) {
    const std::string said = files.SaidOfTls(row.yaml);
    CAPTURE(said);
    CHECK(said.substr(0, row.want.size()) == row.want);
    CHECK(said.find("hunter2") == std::string::npos);
  }
}

TEST_CASE("certificate and key must exist and be readable") {
  const WebFiles files;
  CHECK(files.SaidOf("tls_server_config: {client_auth_type: NoClientCert}") ==
        "web.yml:1: tls_server_config.cert_file: is missing; write the "
        "server's certificate file\n"
        "web.yml:1: tls_server_config.key_file: is missing; write the "
        "server's private key file\n");
  CHECK(files.SaidOf("tls_server_config: {cert_file: cert.pem, key: \"\"}") ==
        "web.yml:1: tls_server_config.key_file: is missing; write the "
        "server's private key file\n");
  CHECK(files
            .SaidOf("tls_server_config:\n  cert_file: cert.pem\n  key_file: "
                    "none.pem\n")
            .find("web.yml:3: tls_server_config.key_file: cannot read "
                  "\"none.pem\": no such file") == 0);
}

TEST_CASE("a missing web configuration is reported without a line") {
  CHECK(Said(Load("/nowhere/web.yml"))
            .rfind("/nowhere/web.yml: cannot read the file: no such file", 0) ==
        0);
}

TEST_CASE("a password must be a bcrypt hash and is never shown") {
  const WebFiles files;
  const std::string hash = kHash;
  for (const std::string& password :
       {std::string("hunter2"), std::string("5"), std::string(""),
        std::string("[hunter2]"), hash.substr(0, 59), hash + "x",
        "$1$" + hash.substr(3), "$2y$03" + hash.substr(6),
        "$2y$32" + hash.substr(6), "$2x" + hash.substr(3)}) {
    CAPTURE(password);
    const std::string said = files.SaidOf("basic_auth_users:\n  bob: " + hash +
                                          "\n  alice: " + password + "\n");
    CAPTURE(said);
    CHECK(said.find("web.yml:3: basic_auth_users.alice: ") == 0);
    CHECK(std::count(said.begin(), said.end(), '\n') == 1);
    CHECK(said.find("hunter2") == std::string::npos);
    CHECK((said.find("htpasswd") != std::string::npos ||
           said.find("must be a string") != std::string::npos));
  }
  CHECK(files.SaidOf("basic_auth_users: {\"a:b\": \"" + hash + "\"}")
            .find("must not hold a colon") != std::string::npos);
}

}  // namespace
}  // namespace operator_connect::config
