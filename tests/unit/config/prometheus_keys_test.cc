#include "exporter/config/prometheus_keys.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "tests/support/config_text.h"

namespace operator_connect::config {
namespace {

const char kOAuth2[] =
    "oauth2:\n  client_id: i\n  client_secret: hunter2\n"
    "  token_url: https://x/t\n  ";

void CheckRefused(const std::string& said, const std::string& want) {
  CAPTURE(said);
  CHECK(said.substr(0, want.size()) == want);
  CHECK(std::count(said.begin(), said.end(), '\n') == 1);
  CHECK(said.find("hunter2") == std::string::npos);
}

TEST_CASE("a key of Prometheus' client is refused with an alternative") {
  struct Row {
    const char* line;
    const char* want;
  };
  const Row rows[] = {
      {"basic_auth: {username: u, password: hunter2}",
       "basic_auth: is not taken by the platform; write oauth2"},
      {"bearer_token: hunter2",
       "bearer_token: is an old name; write authorization: {credentials: …}"},
      {"bearer_token_file: /none",
       "bearer_token_file: is an old name; write authorization: "
       "{credentials_file: …}"},
      {"azuread: {sdk: {}}", "azuread: is for another service; write oauth2"},
      {"follow_redirects: true",
       "follow_redirects: must be false, since a redirect could take the token "
       "to another server; remove it, and write"},
      {"follow_redirects: [false]", "follow_redirects: must be false"},
      {"enable_http2: true",
       "enable_http2: must be false, since only HTTP/1.1 is spoken; write"},
      {"enable_http2:\nfollow_redirects: yes",
       "follow_redirects: must be false"},
      {"tls_config: {ca_ref: hunter2}",
       "tls_config.ca_ref: names a secret in a store, and there is none here; "
       "write ca_file"},
  };
  for (const Row& row : rows) {
    const std::string lines = row.line;
    const std::string line = lines.find('\n') == lines.npos ? "5" : "6";
    CheckRefused(SaidOf(With(kAccount, lines)),
                 "exporter.yml:" + line + ": accounts[0]." + row.want);
  }
}

TEST_CASE("a key of Prometheus' oauth2 is refused with an alternative") {
  struct Row {
    const char* line;
    const char* want;
  };
  const Row rows[] = {
      {"client_certificate_key_file: /none",
       "client_certificate_key_file: belongs to Prometheus' JWT bearer grant"},
      {"client_certificate_key: hunter2",
       "client_certificate_key: is not taken; write client_certificate_file"},
      {"client_certificate_key_id: hunter2", "client_certificate_key_id: is"},
      {"client_secret_ref: hunter2",
       "client_secret_ref: names a secret in a store, and there is none here; "
       "write client_secret_file"},
      {"grant_type: urn:ietf:params:oauth:grant-type:jwt-bearer",
       "grant_type: must be client_credentials; remove it, or write another"},
      {"signature_algorithm: RS256",
       "signature_algorithm: is not taken; write client_assertion_algorithm"},
      {"iss: x", "iss: is not taken"},
      {"audience: x", "audience: is not taken"},
      {"claims: {a: b}", "claims: is not taken"},
  };
  for (const Row& row : rows) {
    CheckRefused(SaidOf(With(kNoCredentials, std::string(kOAuth2) + row.line)),
                 "exporter.yml:8: accounts[0].oauth2." + std::string(row.want));
  }
  CheckRefused(
      SaidOf(With(kNoCredentials,
                  "authorization: {credentials: x, "
                  "credentials_ref: hunter2}")),
      "exporter.yml:4: accounts[0].authorization.credentials_ref: names");
}

TEST_CASE("a key of Prometheus that changes nothing is accepted") {
  CHECK(SaidOf(With(kAccount,
                    "follow_redirects: false\nenable_http2: false")) == "ok");
  CHECK(SaidOf(With(kNoCredentials,
                    kOAuth2 + std::string("grant_type: client_credentials"))) ==
        "ok");
}

TEST_CASE("a refused key is never suggested") {
  CHECK(SaidOf(With(kAccount, "basic_aut: x")).find("did you mean") ==
        std::string::npos);
}

}  // namespace
}  // namespace operator_connect::config
