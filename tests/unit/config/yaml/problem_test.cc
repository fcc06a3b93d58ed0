// Messages about invalid configurations.

#include "exporter/config/yaml/problem.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "exporter/base/file.h"
#include "exporter/config/load.h"
#include "tests/support/config_text.h"
#include "tests/support/temp_dir.h"

namespace operator_connect::config {
namespace {

struct Row {
  const char* lines;  // added to a valid account, from line 5 on
  const char* want;   // the beginning of the only problem
};

void CheckRow(const char* account, const Row& row) {
  const std::string said = SaidOf(With(account, row.lines));
  CAPTURE(std::string(row.lines));
  CAPTURE(said);
  CHECK(said.substr(0, std::string(row.want).size()) == row.want);
  CHECK(std::count(said.begin(), said.end(), '\n') == 1);
  CHECK(said.find("hunter2") == std::string::npos);
}

TEST_CASE("a wrong key of an account is reported with line and remedy") {
  const Row rows[] = {
      {"colour: red", "exporter.yml:5: accounts[0].colour: unknown key; write"},
      {"concurency: 3",
       "exporter.yml:5: accounts[0].concurency: unknown key; did you mean "
       "concurrency?"},
      {"\nconcurrency: 0",
       "exporter.yml:6: accounts[0].concurrency: must be a whole number from 1 "
       "to 1000, not \"0\""},
      {"concurrency: 1001", "exporter.yml:5: accounts[0].concurrency: must"},
      {"concurrency: many", "exporter.yml:5: accounts[0].concurrency: must"},
      {"concurrency: [1]",
       "exporter.yml:5: accounts[0].concurrency: must be a whole number from 1 "
       "to 1000, not a list"},
      {"concurrency: 1.5", "exporter.yml:5: accounts[0].concurrency: must"},
      {"concurrency: 99999999999999999999",
       "exporter.yml:5: accounts[0].concurrency: must"},
      {"channel_id: \"1574\"",
       "exporter.yml:5: accounts[0].channel_id: must be a whole number from 0 "
       "to 9223372036854775807, not \"1574\"; remove the quotes"},
      {"channel_id: -1", "exporter.yml:5: accounts[0].channel_id: must"},
      {"requests_per_second: -0.1",
       "exporter.yml:5: accounts[0].requests_per_second: must be a number"},
      {"requests_per_second: .inf",
       "exporter.yml:5: accounts[0].requests_per_second: must be a number"},
      {"request_timeout: 30",
       "exporter.yml:5: accounts[0].request_timeout: must be a duration such "
       "as 90s, 5m or 1h30m, not \"30\"; add the unit, as in 30s"},
      {"request_timeout: 0s",
       "exporter.yml:5: accounts[0].request_timeout: must be longer than 0"},
      {"request_timeout: {}",
       "exporter.yml:5: accounts[0].request_timeout: must be a duration"},
      {"max_response_bytes: 256 megs",
       "exporter.yml:5: accounts[0].max_response_bytes: must be a size"},
      {"max_response_bytes: 0",
       "exporter.yml:5: accounts[0].max_response_bytes: must be a size"},
      {"exclude_tenants: contoso.com",
       "exporter.yml:5: accounts[0].exclude_tenants: must be a list"},
      {"exclude_tenants:\n  - aaaa\n  - contoso.com",
       "exporter.yml:7: accounts[0].exclude_tenants[1]: \"contoso.com\" is no "
       "tenant id"},
      {"exclude_tenants: [1]",
       "exporter.yml:5: accounts[0].exclude_tenants[0]: must be a string, not "
       "a number; put it into quotes"},
      {"tls_config: {insecure_skip_verify: yes}",
       "exporter.yml:5: accounts[0].tls_config.insecure_skip_verify: must be "
       "true or false, not \"yes\""},
      {"tls_config: {insecure_skip_verify: \"true\"}",
       "exporter.yml:5: accounts[0].tls_config.insecure_skip_verify: must be "
       "true or false, not \"true\"; remove the quotes"},
      {"tls_config: []",
       "exporter.yml:5: accounts[0].tls_config: must be a map"},
      {"tls_config: {ca_file: /none/ca.pem}",
       "exporter.yml:5: accounts[0].tls_config.ca_file: cannot read "
       "\"/none/ca.pem\": no such file"},
      {"tls_config: {ca_file: /}",
       "exporter.yml:5: accounts[0].tls_config.ca_file: cannot read \"/\": is "
       "a directory"},
      {"tls_config: {cert_file: /etc/passwd}",
       "exporter.yml:5: accounts[0].tls_config.key_file: is missing beside "
       "cert_file"},
      {"tls_config: {server_name: \"https://x\"}",
       "exporter.yml:5: accounts[0].tls_config.server_name: is no host name"},
      {"proxy_url: proxy:3128", "exporter.yml:5: accounts[0].proxy_url: is no"},
      {"proxy_url: http://u:hunter2@proxy:99999",
       "exporter.yml:5: accounts[0].proxy_url: is no proxy's URL"},
      {"proxy_url: http://u:hun%ter2@proxy:3128",
       "exporter.yml:5: accounts[0].proxy_url: is no proxy's URL; write "
       "http://, https:// or socks5:// with host and port, such as "
       "http://proxy.example.com:3128; in a user name or password write what "
       "is no letter or digit as %XX, such as %40 for @"},
      {"proxy_url: \"http://u:hunter2#x@proxy:3128\"",
       "exporter.yml:5: accounts[0].proxy_url: is no proxy's URL; write "
       "http://, https:// or socks5:// with host and port, such as "
       "http://proxy.example.com:3128; in a user name or password write"},
      {"proxy_url: \"http://proxy\\r\\nX-Evil: 1\"",
       "exporter.yml:5: accounts[0].proxy_url: must not hold a line break"},
      {"leads: {page_size: 20001}",
       "exporter.yml:5: accounts[0].leads.page_size: must be a whole number "
       "from 1 to 20000, not \"20001\""},
      {"leads: {first_page: -1}",
       "exporter.yml:5: accounts[0].leads.first_page: must"},
      {"leads: {details: some}",
       "exporter.yml:5: accounts[0].leads.details: must be one of none, "
       "attention, all, not \"some\""},
      {"numbers: {api: v4}",
       "exporter.yml:5: accounts[0].numbers.api: must be one of v2, v3, not"},
      {"numbers: {exclude_statuses: Removed}",
       "exporter.yml:5: accounts[0].numbers.exclude_statuses: must be a list "
       "such as [a, b], not a string"},
      {"numbers: {removed_tenants_interval: -1h}",
       "exporter.yml:5: accounts[0].numbers.removed_tenants_interval: must be "
       "a duration"},
      {"numbers: {tenant_series: 1}",
       "exporter.yml:5: accounts[0].numbers.tenant_series: must be true or"},
      {"channel_id: 1\nchannel_id: 2",
       "exporter.yml:6: accounts[0].channel_id: is a duplicate, the key is "
       "also on line 5"},
      {"<<: 5", "exporter.yml:5: accounts[0].<<: must be an alias"},
      {"<<: {concurrency: 1, concurrency: 2}",
       "exporter.yml:5: accounts[0].concurrency: is a duplicate"},
      {"<<: {concurrency: 1}\n<<: {channel_id: 2}",
       "exporter.yml:6: accounts[0]: is a duplicate, the key is also on line "
       "5"},
      {"? [a]\n: b", "exporter.yml:5: accounts[0]: a key must be a word"},
      {"oauth2: {client_id: i, client_secret: hunter2, token_url: https://x/t}",
       "exporter.yml:4: accounts[0].authorization: is there beside oauth2"},
      {"client_secret:hunter2:",
       "exporter.yml:5: accounts[0]: unknown key, not shown here; write key: "
       "value, with a space after the colon, and as key one of: name"},
  };
  for (const Row& row : rows) CheckRow(kAccount, row);
}

TEST_CASE("wrong credentials are reported, and never shown") {
  const Row rows[] = {
      {"", "exporter.yml:2: accounts[0].oauth2: is missing"},
      {"oauth2: hunter2", "exporter.yml:4: accounts[0].oauth2: must be a map"},
      {"authorization: {credentials: }",
       "exporter.yml:4: accounts[0].authorization.credentials_file: is "
       "missing"},
      {"authorization: {credentials: x, credentials_file: /proc/version}",
       "exporter.yml:4: accounts[0].authorization.credentials_file: is there "
       "beside credentials"},
      {"authorization: {credentials: \"\"}",
       "exporter.yml:4: accounts[0].authorization.credentials: must not be "
       "empty"},
      {"authorization: {credentials: [hunter2]}",
       "exporter.yml:4: accounts[0].authorization.credentials: must be a "
       "string, not a list"},
      {"authorization: {credentials: \"hunter2\\nX-Evil: 1\"}",
       "exporter.yml:4: accounts[0].authorization.credentials: must not hold "
       "a line break"},
      {"authorization: {credentials_file: /none/token}",
       "exporter.yml:4: accounts[0].authorization.credentials_file: cannot "
       "read the secret file \"/none/token\": no such file"},
      {"authorization: {credentials_file: /dev/null}",
       "exporter.yml:4: accounts[0].authorization.credentials_file: cannot "
       "read the secret file \"/dev/null\": is not a regular file"},
      {"authorization: {credentials_file: hunter2}",
       "exporter.yml:4: accounts[0].authorization.credentials_file: cannot "
       "read the secret file that is named here, seen from the folder \""},
      {"authorization: {type: Basic, credentials: hunter2}",
       "exporter.yml:4: accounts[0].authorization.type: must not be Basic, the "
       "platform takes no user name and password; write Bearer"},
      {"authorization: {type: \" bASIC\", credentials: hunter2}",
       "exporter.yml:4: accounts[0].authorization.type: must not be Basic"},
      {"authorization: {type: Bearer x, credentials: hunter2}",
       "exporter.yml:4: accounts[0].authorization.type: must be one word"},
      {"oauth2: {client_secret: hunter2, token_url: https://x/t}",
       "exporter.yml:4: accounts[0].oauth2.client_id: is missing"},
      {"oauth2: {client_id: 5, client_secret: hunter2, token_url: https://x/t}",
       "exporter.yml:4: accounts[0].oauth2.client_id: must be a string, not a "
       "number; put it into quotes"},
      {"oauth2: {client_id: i, client_secret: hunter2}",
       "exporter.yml:4: accounts[0].oauth2.token_url: is missing"},
      {"oauth2: {client_id: i, token_url: https://x/t}",
       "exporter.yml:4: accounts[0].oauth2.client_secret_file: is missing"},
      {"oauth2: {client_id: i, client_secret: {hunter2: }, token_url: "
       "https://x/t}",
       "exporter.yml:4: accounts[0].oauth2.client_secret: must be a string, "
       "not a map"},
      {"oauth2: {client_id: i, client_secret: 0x12, token_url: https://x/t}",
       "exporter.yml:4: accounts[0].oauth2.client_secret: must be a string, "
       "not a number"},
      {"oauth2: {client_id: i, client_secret: hunter2, client_secret_file: "
       "/proc/version, token_url: https://x/t}",
       "exporter.yml:4: accounts[0].oauth2.client_secret_file: is there "
       "beside client_secret"},
      {"oauth2: {client_id: i, client_secret: hunter2, "
       "client_certificate_file: /proc/version, client_certificate_key_file: "
       "/proc/version, token_url: https://x/t}",
       "exporter.yml:4: accounts[0].oauth2.client_certificate_file: is there "
       "beside a client secret"},
      {"oauth2: {client_id: i, client_certificate_file: /proc/version, "
       "token_url: https://x/t}",
       "exporter.yml:4: accounts[0].oauth2.client_certificate_key_file: is "
       "missing beside client_certificate_file"},
      {"oauth2: {client_id: i, client_assertion_file: /none/token, token_url: "
       "https://x/t}",
       "exporter.yml:4: accounts[0].oauth2.client_assertion_file: cannot read "
       "the secret file \"/none/token\": no such file"},
      {"oauth2: {client_id: i, client_secret: hunter2, client_assertion_file: "
       "/proc/version, token_url: https://x/t}",
       "exporter.yml:4: accounts[0].oauth2.client_assertion_file: is there "
       "beside a client secret"},
      {"oauth2: {client_id: i, client_certificate_file: /proc/version, "
       "client_certificate_key_file: /proc/version, client_assertion_file: "
       "/proc/version, token_url: https://x/t}",
       "exporter.yml:4: accounts[0].oauth2.client_assertion_file: is there "
       "beside a certificate"},
      {"oauth2: {client_id: i, client_secret: hunter2, "
       "client_assertion_algorithm: PS256, token_url: https://x/t}",
       "exporter.yml:4: accounts[0].oauth2.client_assertion_algorithm: says "
       "how a certificate signs, and there is none; remove it"},
      {"oauth2: {client_id: i, client_secret: s, token_url: https://x/t, "
       "scopes: [a b]}",
       "exporter.yml:4: accounts[0].oauth2.scopes[0]: is no scope"},
      {"oauth2: {client_id: i, client_secret: s, token_url: https://x/t, "
       "endpoint_params: {a: [hunter2]}}",
       "exporter.yml:4: accounts[0].oauth2.endpoint_params.a: must be a "
       "string, not a list"},
      {"oauth2: {client_id: i, client_secret: s, token_url: https://x/t, "
       "scopes: [a], endpoint_params: {scope: b}}",
       "exporter.yml:4: accounts[0].oauth2.endpoint_params.scope: is what "
       "oauth2.scopes gives"},
      {"oauth2: {client_id: i, client_secret: s, token_url: https://x/t, "
       "endpoint_params: {client_id: b}}",
       "exporter.yml:4: accounts[0].oauth2.endpoint_params.client_id: has a "
       "key of its own; write it as oauth2.client_id"},
      {"oauth2: {client_id: i, client_secret: s, token_url: https://x/t, "
       "endpoint_params: {client_assertion: b}}",
       "exporter.yml:4: accounts[0].oauth2.endpoint_params.client_assertion: "
       "is made by the exporter"},
      {"oauth2: {client_id: i, client_secret: s, token_url: http://x/t}",
       "exporter.yml:4: accounts[0].oauth2.token_url: must not be plain http"},
  };
  for (const Row& row : rows) CheckRow(kNoCredentials, row);
}

TEST_CASE("a wrong address is reported, and never shown") {
  const Row rows[] = {
      {"base_url: ", "exporter.yml:4: accounts[0].base_url: is missing"},
      {"base_url: live.example.com",
       "exporter.yml:4: accounts[0].base_url: is "
       "no URL; write one such as https://"},
      {"base_url: ftp://x",
       "exporter.yml:4: accounts[0].base_url: must begin "
       "with https://"},
      {"base_url: http://x/y",
       "exporter.yml:4: accounts[0].base_url: must not be plain http"},
      {"base_url: http://localhost.evil.com/",
       "exporter.yml:4: accounts[0].base_url: must not be plain http"},
      {"base_url: https://u:hunter2@x/y",
       "exporter.yml:4: accounts[0].base_url: must not hold a user name"},
      {"base_url: https://x/y?token=hunter2",
       "exporter.yml:4: accounts[0].base_url: must not hold ? or #"},
      {"base_url: https://x/y#z",
       "exporter.yml:4: accounts[0].base_url: must not hold ? or #"},
      {"base_url: https:///y", "exporter.yml:4: accounts[0].base_url: is no"},
      {"base_url: https://x:0/y",
       "exporter.yml:4: accounts[0].base_url: is no"},
      {"base_url: \"https://x/\\r\\nEvil: 1\"",
       "exporter.yml:4: accounts[0].base_url: must not hold a line break"},
      {"base_url: \"https://x/a b\"",
       "exporter.yml:4: accounts[0].base_url: is no URL"},
  };
  for (const Row& row : rows) {
    CheckRow(
        "accounts:\n  - authorization: {credentials: hunter2}\n"
        "    name: emea\n",
        row);
  }
}

TEST_CASE("a missing, invalid or repeated name is a problem") {
  const std::string rest =
      ", base_url: https://x/y, authorization: "
      "{credentials: x}}\n";
  const auto said = [&](const std::string& name) {
    return SaidOf("accounts:\n- {" + name + rest);
  };
  CHECK(said("name: A-z_0.9") == "ok");
  CHECK(said("name: " + std::string(64, 'a')) == "ok");
  for (const std::string name :
       {"name: ", "name: \"\"", "name: a/b", "name: a b", "name: 5",
        "name: \"a\\nb\"", "name: \xC3\xA9"}) {
    CAPTURE(name);
    CHECK(said(name).find("exporter.yml:2: accounts[0].name: ") == 0);
  }
  CHECK(said("name: " + std::string(65, 'a')) != "ok");
  CHECK(SaidOf("accounts:\n- {name: a" + rest + "- {name: a" + rest) ==
        "exporter.yml:3: accounts[1].name: \"a\" is a duplicate, the account "
        "on line 2 has that name; write another\n");
}

TEST_CASE("collection times must leave room for a collection") {
  const auto said = [](const std::string& times) {
    return SaidOf("collection:\n  leads: {" + times + "}\n" + kAccount);
  };
  CHECK(said("min_interval: 1m, max_age: 6m, timeout: 5m") == "ok");
  CHECK(said("min_interval: 0") == "ok");
  CHECK(said("min_interval: 1m, max_age: 5m59s, timeout: 5m") ==
        "exporter.yml:2: collection.leads.max_age: is 5m59s, shorter than "
        "timeout + min_interval; write at least 6m\n");
  CHECK(said("timeout: 20m").find("write at least 20m50s") !=
        std::string::npos);
  CHECK(said("timeout: 0").find("timeout: must be longer than 0") !=
        std::string::npos);
  CHECK(said("max_age: 1000y").find("max_age: must be a duration") !=
        std::string::npos);
  CHECK(said("max_age: never").find("not \"never\"") != std::string::npos);
}

TEST_CASE("all problems are reported at once in the order of the file") {
  const std::string said = SaidOf(
      "collection: {leads: {timeout: 5}}\n"
      "acounts: []\n"
      "accounts:\n"
      "  - name: a b\n"
      "    base_url: ftp://x\n"
      "    concurrency: x\n"
      "    oauth2: {client_secret: 5}\n");
  std::string lines;
  for (std::size_t at = 0; (at = said.find("exporter.yml:", at)) != said.npos;
       ++at) {
    lines += said[at + 13];
  }
  CHECK(lines == "12456777");
}

TEST_CASE("a file with faults everywhere gets a hundred lines and a count") {
  std::string yaml = "accounts:\n";
  for (int i = 0; i < 1000; ++i) yaml += "- 5\n";
  const auto config = ParseConfig(yaml, "exporter.yml");
  REQUIRE_FALSE(config.ok());
  REQUIRE(config.error().size() == kMaxProblems + 1);
  CHECK(config.error().front().line == 2);
  CHECK(config.error().back().ToString() == "exporter.yml: and 900 more");
}

TEST_CASE("a problem is one line for any names of file and key") {
  const Problem problem = {"a\nb.yml", 3, "k\rey", "bad\tthing \xFF\x01"};
  CHECK(problem.ToString() == "a b.yml:3: k ey: bad thing \xEF\xBF\xBD?");
}

TEST_CASE("a file that cannot be read or is too large is one problem") {
  const TempDir dir;
  const auto none = LoadConfig(dir / "none.yml");
  CHECK(Said(none) == (dir / "none.yml") +
                          ":1: cannot read the file: no such file; name a YAML "
                          "file of at most 8MiB\n");
  const auto large =
      LoadConfig(dir.Write("large.yml", std::string(10'000'000, '#')));
  CHECK(Said(large) == (dir / "large.yml") +
                           ":1: cannot read the file: is larger than 8MiB; "
                           "name a YAML file of at most 8MiB\n");
}

}  // namespace
}  // namespace operator_connect::config
