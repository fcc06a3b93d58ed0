// The result of valid configurations.

#include "exporter/config/load.h"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <string>

#include "tests/support/certificates.h"
#include "tests/support/config_text.h"
#include "tests/support/temp_dir.h"

namespace operator_connect::config {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

Config Parsed(const std::string& yaml) {
  const auto config = ParseConfig(yaml, "exporter.yml");
  CAPTURE(Said(config));
  REQUIRE(config.ok());
  return *config;
}

Account ParsedAccount(const std::string& lines) {
  return Parsed(With(kAccount, lines)).accounts.at(0);
}

TEST_CASE("an authorization without a type is Bearer") {
  for (const char* type : {"\"\"", "\"  \"", "~", "", "\" Bearer \""}) {
    CAPTURE(std::string(type));
    const std::string yaml =
        With(kNoCredentials, std::string("authorization:\n  type: ") + type +
                                 "\n  credentials: hunter2");
    CHECK(Parsed(yaml).accounts.at(0).authorization->type == "Bearer");
  }
}

TEST_CASE("the smallest configuration has all documented defaults") {
  const Config config = Parsed(kAccount);
  CHECK(config.collection.leads ==
        CollectionTimes{seconds(50), minutes(15), minutes(5)});
  CHECK(config.collection.numbers ==
        CollectionTimes{minutes(10), hours(1), minutes(15)});
  CHECK(config.history.path.empty());
  const Account& account = config.accounts.at(0);
  CHECK(account.name == "emea");
  CHECK(account.base_url == "https://live.example.com/tenantui");
  CHECK_FALSE(account.oauth2);
  REQUIRE(account.authorization);
  CHECK(account.authorization->type == "Bearer");
  CHECK(account.authorization->credentials.value == "hunter2");
  CHECK(account.tls_config == TlsConfig{});
  CHECK_FALSE(account.channel_id);
  CHECK(account.concurrency == 8);
  CHECK(account.requests_per_second == 4);
  CHECK(account.request_timeout == seconds(30));
  CHECK(account.max_response_bytes == std::uint64_t{256} << 20);
  CHECK(account.exclude_tenants.empty());
  CHECK(account.leads.page_size == 1000);
  CHECK(account.leads.first_page == 1);
  CHECK_FALSE(account.leads.check_online);
  CHECK(account.leads.details == LeadDetails::kAll);
  CHECK(account.leads.details_limit == 10000);
  CHECK(account.leads.removed_for == hours(24 * 30));
  CHECK(account.leads.company);
  CHECK(account.numbers.enabled);
  CHECK(account.numbers.api == NumbersApi::kV2);
  CHECK(account.numbers.page_size == 5000);
  CHECK(account.numbers.exclude_statuses ==
        std::vector<std::string>{"Removed"});
  CHECK(account.numbers.removed_tenants_interval == hours(24));
  CHECK(account.numbers.tenant_series);
  CHECK(account.numbers.tenant_series_limit == 10000);
}

TEST_CASE("every key of an account is read") {
  const Account account = ParsedAccount(
      "proxy_url: http://user:pass@proxy.example.com:3128\n"
      "channel_id: 1574\n"
      "concurrency: 1\n"
      "requests_per_second: 0.5\n"
      "request_timeout: 1m30s\n"
      "max_response_bytes: 1GB\n"
      "exclude_tenants: [AAAAAAAA-1111-2222-3333-BBBBBBBBBBBB]\n"
      "tls_config: {server_name: other.example.com, insecure_skip_verify: "
      "true}\n"
      "leads: {page_size: 20000, first_page: 0, check_online: true, details: "
      "attention, details_limit: 0, removed_for: 2w, company: false}\n"
      "numbers: {enabled: false, api: v3, page_size: 1, exclude_statuses: [], "
      "removed_tenants_interval: 0s, tenant_series: false, "
      "tenant_series_limit: 5}");
  CHECK(account.proxy.url == "http://user:pass@proxy.example.com:3128");
  CHECK(account.channel_id == 1574);
  CHECK(account.concurrency == 1);
  CHECK(account.requests_per_second == 0.5);
  CHECK(account.request_timeout == seconds(90));
  CHECK(account.max_response_bytes == 1'000'000'000);
  CHECK(account.exclude_tenants ==
        std::vector<std::string>{"aaaaaaaa-1111-2222-3333-bbbbbbbbbbbb"});
  CHECK(account.tls_config.server_name == "other.example.com");
  CHECK(account.tls_config.insecure_skip_verify);
  CHECK(account.leads == Leads{20000, 0, true, LeadDetails::kAttention, 0,
                               hours(24 * 14), false});
  CHECK(account.numbers ==
        Numbers{false, NumbersApi::kV3, 1, {}, {}, false, 5});
}

TEST_CASE("oauth2 is read with its own TLS settings and proxy") {
  const Config config = Parsed(With(
      kNoCredentials,
      "oauth2:\n"
      "  client_id: id\n"
      "  client_secret: hunter2\n"
      "  token_url: https://login.example.com/t/oauth2/v2.0/token?p=policy\n"
      "  scopes: [\"api://x/.default\", openid]\n"
      "  endpoint_params: {resource: https://x, number: 5}\n"
      "  tls_config: {server_name: login}\n"
      "  proxy_url: socks5://127.0.0.1:1080"));
  REQUIRE(config.accounts.at(0).oauth2);
  const OAuth2& oauth2 = *config.accounts[0].oauth2;
  CHECK(oauth2.client_id == "id");
  REQUIRE(oauth2.client_secret);
  CHECK(*oauth2.client_secret == Secret{"hunter2", ""});
  CHECK(oauth2.token_url ==
        "https://login.example.com/t/oauth2/v2.0/token?p=policy");
  CHECK(oauth2.scopes ==
        std::vector<std::string>{"api://x/.default", "openid"});
  CHECK(oauth2.endpoint_params.at("resource") == "https://x");
  CHECK(oauth2.endpoint_params.at("number") == "5");
  CHECK(oauth2.tls_config.server_name == "login");
  CHECK(oauth2.proxy.url == "socks5://127.0.0.1:1080");
}

// Sets $STATE_DIRECTORY for its lifetime.
class StateDirectory {
 public:
  explicit StateDirectory(const char* folders) {
    ::setenv("STATE_DIRECTORY", folders, 1);
  }
  ~StateDirectory() { ::unsetenv("STATE_DIRECTORY"); }
  StateDirectory(const StateDirectory&) = delete;
  StateDirectory& operator=(const StateDirectory&) = delete;
};

std::string HistoryPath(const std::string& yaml) {
  const TempDir dir;
  const auto config = LoadConfig(dir.Write("exporter.yml", yaml));
  REQUIRE(config.ok());
  std::string path = config->history.path;
  const std::size_t folder = path.find(dir.path());
  return folder == 0 ? "." + path.substr(dir.path().size()) : path;
}

TEST_CASE("the history is at its path, or in the state directory") {
  const std::string written = std::string("history: {path: a.db}\n") + kAccount;
  CHECK(HistoryPath(written) == "./a.db");
  CHECK(HistoryPath(kAccount) == "");
  {
    const StateDirectory one("/var/lib/one");
    CHECK(HistoryPath(kAccount) == "/var/lib/one/history.db");
    CHECK(HistoryPath(written) == "./a.db");
  }
  const StateDirectory two("/var/lib/one:/var/lib/two");
  CHECK(HistoryPath(kAccount) == "/var/lib/one/history.db");
}

TEST_CASE("relative paths start at the folder of the file") {
  const TempDir dir;
  dir.Write("secrets/token", "hunter2\n");
  const Identity identity = MakeIdentity({});
  dir.Write("ca.pem", identity.CertificatePem());
  dir.Write("key.pem", identity.KeyPem());
  const std::string path = dir.Write(
      "exporter.yml", With(kNoCredentials,
                           "authorization: {credentials_file: secrets/token}\n"
                           "tls_config: {ca_file: ca.pem, cert_file: ca.pem, "
                           "key_file: key.pem}"));
  const auto config = LoadConfig(path);
  CAPTURE(Said(config));
  REQUIRE(config.ok());
  const Account& account = config->accounts.at(0);
  CHECK(account.authorization->credentials ==
        Secret{"", dir / "secrets/token"});
  CHECK(account.tls_config.ca_file == dir / "ca.pem");
  CHECK(account.tls_config.key_file == dir / "key.pem");
}

TEST_CASE("a certificate can replace the client secret") {
  const TempDir dir;
  const Identity identity = MakeIdentity({.rsa = true});
  dir.Write("cert.pem", identity.CertificatePem());
  dir.Write("key.pem", identity.KeyPem());
  const std::string path = dir.Write(
      "exporter.yml",
      With(kNoCredentials,
           "oauth2: {client_id: id, token_url: https://login/token, "
           "client_certificate_file: cert.pem, client_certificate_key_file: "
           "key.pem}"));
  const auto config = LoadConfig(path);
  CAPTURE(Said(config));
  REQUIRE(config.ok());
  const OAuth2& oauth2 = *config->accounts.at(0).oauth2;
  CHECK_FALSE(oauth2.client_secret);
  CHECK(oauth2.client_certificate_file == dir / "cert.pem");
  CHECK(oauth2.client_certificate_key_file == dir / "key.pem");
  CHECK(oauth2.client_assertion_algorithm == AssertionAlgorithm::kPs256);
}

TEST_CASE("a given assertion can replace the client secret") {
  const TempDir dir;
  dir.Write("token", "a.b.c");
  const auto config = LoadConfig(dir.Write(
      "exporter.yml", With(kNoCredentials,
                           "oauth2: {client_id: id, token_url: "
                           "https://login/token, client_assertion_file: "
                           "token}")));
  CAPTURE(Said(config));
  REQUIRE(config.ok());
  const OAuth2& oauth2 = *config->accounts.at(0).oauth2;
  CHECK_FALSE(oauth2.client_secret);
  CHECK(oauth2.client_assertion_file == dir / "token");
}

TEST_CASE("an empty value counts as unset") {
  const Config config = Parsed(
      "collection:\n"
      "accounts:\n"
      "  - name: emea\n"
      "    base_url: https://live.example.com/tenantui/\n"
      "    oauth2:\n"
      "    authorization: {credentials: x, credentials_file: }\n"
      "    tls_config: {ca_file: , cert_file: , key_file: , server_name: }\n"
      "    proxy_url:\n"
      "    channel_id: ~\n"
      "    exclude_tenants:\n"
      "    leads:\n"
      "    numbers: {exclude_statuses: }\n");
  CHECK(config.collection == Collection{});
  const Account& account = config.accounts.at(0);
  CHECK(account.base_url == "https://live.example.com/tenantui");
  CHECK(account.tls_config == TlsConfig{});
  CHECK(account.leads == Leads{});
  CHECK(account.numbers == Numbers{});
}

TEST_CASE("plain http is accepted to this machine, or if allowed") {
  for (const char* host : {"localhost", "127.0.0.1", "127.9.9.9", "[::1]"}) {
    CAPTURE(std::string(host));
    const std::string url = "http://" + std::string(host) + ":8080/tenantui";
    CHECK(SaidOf("accounts:\n- {name: a, base_url: \"" + url +
                 "\", oauth2: {client_id: i, client_secret: s, token_url: \"" +
                 url + "\"}}\n") == "ok");
  }
  const Config config = Parsed(
      "accounts:\n- {name: a, allow_http: true, base_url: \"http://far/\", "
      "oauth2: {client_id: i, client_secret: s, token_url: \"http://far/t\"}}");
  CHECK(config.accounts.at(0).allow_http);
}

TEST_CASE("anchors, aliases and merge keys are resolved, own keys win") {
  const Config config = Parsed(
      "accounts:\n"
      "  - &first\n"
      "    name: a\n"
      "    base_url: https://a/x\n"
      "    authorization: &auth {credentials: x}\n"
      "    concurrency: 3\n"
      "  - {<<: *first, name: b, base_url: https://b/x}\n"
      "  - {<<: [{concurrency: 4}, *first], name: c, authorization: *auth}\n");
  REQUIRE(config.accounts.size() == 3);
  CHECK(config.accounts[1].name == "b");
  CHECK(config.accounts[1].base_url == "https://b/x");
  CHECK(config.accounts[1].concurrency == 3);
  CHECK(config.accounts[2].concurrency == 4);
  CHECK(config.accounts[2].base_url == "https://a/x");
}

TEST_CASE("a byte order mark and Windows' line ends are accepted") {
  std::string yaml = "\xEF\xBB\xBF";
  for (const char* c = kAccount; *c != '\0'; ++c) {
    if (*c == '\n') yaml += '\r';
    yaml += *c;
  }
  const Config config = Parsed(yaml);
  CHECK(config.accounts.at(0).name == "emea");
  CHECK(config.accounts.at(0).base_url == "https://live.example.com/tenantui");
}

TEST_CASE("ten thousand accounts are read in order") {
  std::string yaml = "accounts:\n";
  for (int i = 0; i < 10000; ++i) {
    yaml += "  - {name: a" + std::to_string(i) +
            ", base_url: https://x/y, authorization: {credentials: x}}\n";
  }
  const Config config = Parsed(yaml);
  REQUIRE(config.accounts.size() == 10000);
  CHECK(config.accounts[9999].name == "a9999");
}

}  // namespace
}  // namespace operator_connect::config
