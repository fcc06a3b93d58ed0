#include "exporter/config/show.h"

#include <doctest/doctest.h>

#include <string>

#include "exporter/config/load.h"
#include "tests/support/certificates.h"
#include "tests/support/config_text.h"
#include "tests/support/temp_dir.h"

namespace operator_connect::config {
namespace {

std::string YamlOf(const std::string& yaml) {
  const auto config = ParseConfig(yaml, "exporter.yml");
  CAPTURE(Said(config));
  REQUIRE(config.ok());
  return ToYaml(*config);
}

bool Holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("the shown configuration has no secret") {
  const std::string yaml = YamlOf(With(
      "accounts:\n  - name: a\n    base_url: https://x/y\n",
      "oauth2: {client_id: i, client_secret: hunter2, token_url: https://x/t, "
      "endpoint_params: {resource: hunter3, \"a: b\": hunter4}, proxy_url: "
      "\"http://u:hunter5@proxy\"}\n"
      "proxy_url: http://u:hunter6@proxy:3128"));
  CAPTURE(yaml);
  CHECK_FALSE(Holds(yaml, "hunter"));
  CHECK(Holds(yaml, "client_secret: <secret>\n"));
  CHECK(Holds(yaml, "resource: <secret>\n"));
  CHECK(Holds(yaml, "<secret>@proxy:3128"));
  CHECK_FALSE(Holds(YamlOf(kAccount), "hunter2"));
}

TEST_CASE("the shown configuration has no header value and no key") {
  const Identity identity = MakeIdentity({});
  const auto block = [](const std::string& key, const std::string& pem) {
    std::string text = "  " + key + ": |\n    ";
    for (const char c : pem) {
      text += c;
      if (c == '\n') text += "    ";
    }
    return text + "\n";
  };
  const std::string yaml = YamlOf(With(
      kAccount,
      "proxy_url: http://proxy\n"
      "no_proxy: 10.0.0.0/8\n"
      "proxy_connect_header: {Proxy-Authorization: [hunter3]}\n"
      "http_headers: {X-Key: {values: [hunter4], secrets: [hunter5, hunter6], "
      "files: [/proc/version]}}\n"
      "tls_config:\n" +
          block("ca", identity.CertificatePem()) +
          block("cert", identity.CertificatePem()) +
          block("key", identity.KeyPem()) + "  min_version: TLS13"));
  CAPTURE(yaml);
  CHECK_FALSE(Holds(yaml, "hunter"));
  CHECK_FALSE(Holds(yaml, "PRIVATE KEY"));
  CHECK(Holds(yaml, "    key: <secret>\n"));
  CHECK(Holds(yaml, "    cert: \"-----BEGIN CERTIFICATE-----\\n"));
  CHECK(Holds(yaml, "min_version: TLS13\n"));
  CHECK(Holds(yaml, "no_proxy: \"10.0.0.0/8\"\n"));
  CHECK(Holds(yaml, "Proxy-Authorization:\n      secrets: [<secret>]\n"));
  CHECK(Holds(yaml,
              "X-Key:\n      values: [<secret>]\n      secrets: [<secret>, "
              "<secret>]\n      files: [/proc/version]\n"));
}

TEST_CASE("the shown configuration has every default") {
  const std::string yaml = YamlOf(kAccount);
  for (const char* key : {"min_interval: 50s",
                          "max_age: 15m",
                          "timeout: 5m",
                          "max_age: 1h",
                          "allow_http: false",
                          "type: Bearer",
                          "insecure_skip_verify: false",
                          "min_version: TLS12",
                          "max_version: TLS13",
                          "concurrency: 8",
                          "requests_per_second: 4\n",
                          "request_timeout: 30s",
                          "max_response_bytes: 268435456",
                          "exclude_tenants: []",
                          "page_size: 1000",
                          "first_page: 1",
                          "check_online: false",
                          "details: all",
                          "details_limit: 10000",
                          "removed_for: 30d",
                          "company: true",
                          "enabled: true",
                          "api: v2",
                          "page_size: 5000",
                          "exclude_statuses: [Removed]",
                          "removed_tenants_interval: 1d",
                          "tenant_series: true",
                          "tenant_series_limit: 10000"}) {
    CAPTURE(std::string(key));
    CHECK(Holds(yaml, key));
  }
}

TEST_CASE("the shown configuration loads back unchanged") {
  const TempDir dir;
  dir.Write("s e:c", "x");
  // One file can hold both.
  const Identity identity = MakeIdentity({});
  dir.Write("p e:m", identity.KeyPem() + identity.CertificatePem());
  const std::string yaml = With(
      "history: {path: 'h i: s'}\n"
      "accounts:\n"
      "- {name: \"5\", base_url: https://x/y, authorization: {type: \"yes\", "
      "credentials_file: \"s e:c\"}}\n"
      "- {name: \"null\", base_url: \"https://[::1]:1/y\", "
      "requests_per_second: 0.1, authorization: {credentials_file: 's e:c'}}\n"
      "- name: far\n"
      "  base_url: http://far/y\n"
      "  allow_http: true\n"
      "  oauth2:\n"
      "    client_id: \"quote \\\" back \\\\ \\u00e9 # : \"\n"
      "    client_secret_file: \"s e:c\"\n"
      "    token_url: http://far/t?a=b&c\n"
      "    scopes: [\"*a\", \"&b\", \"1\", \"true\", \"a:\", \"a,b]\"]\n"
      "    tls_config: {cert_file: 'p e:m', key_file: 'p e:m', ca_file: 'p "
      "e:m', server_name: \"1.2.3.4\", min_version: TLS10, max_version: "
      "TLS12}\n"
      "    proxy_from_environment: true\n"
      "  proxy_url: socks5://proxy:1\n"
      "  no_proxy: \"*.x, [::1]:5\"\n"
      "  proxy_connect_header: {A: {files: ['s e:c']}}\n"
      "  http_headers: {X-A: {files: ['s e:c', 's e:c']}}\n"
      "  channel_id: 0\n"
      "  exclude_tenants: [AB-C]\n"
      "  numbers: {exclude_statuses: [\"a \\\\ b\", \"\", \"- x\"], api: v3, "
      "removed_tenants_interval: 0s}\n"
      "  leads: {details: none, removed_for: 1h30m, company: false}\n",
      "");
  const std::string path = dir.Write("exporter.yml", yaml);
  const auto first = LoadConfig(path);
  CAPTURE(Said(first));
  REQUIRE(first.ok());
  const std::string shown = ToYaml(*first);
  CAPTURE(shown);
  const auto second = LoadConfig(dir.Write("again/exporter.yml", shown));
  CAPTURE(Said(second));
  REQUIRE(second.ok());
  CHECK(*second == *first);
  CHECK(ToYaml(*second) == shown);
}

}  // namespace
}  // namespace operator_connect::config
