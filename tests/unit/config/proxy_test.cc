#include "exporter/config/proxy.h"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/config_text.h"

namespace operator_connect::config {
namespace {

Proxy Read(const std::string& lines) {
  const auto config = ParseConfig(With(kAccount, lines), "exporter.yml");
  CAPTURE(Said(config));
  REQUIRE(config.ok());
  return config->accounts.at(0).proxy;
}

// Sets variables for one test, and removes all others about proxies.
class Environment {
 public:
  explicit Environment(
      std::initializer_list<std::pair<const char*, const char*>> variables) {
    Clear();
    for (const auto& [name, value] : variables) setenv(name, value, 1);
  }
  ~Environment() { Clear(); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  static void Clear() {
    for (const char* name : {"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
                             "http_proxy", "https_proxy", "no_proxy"}) {
      unsetenv(name);
    }
  }
};

TEST_CASE("a proxy is used for https and for plain http") {
  const Proxy proxy = Read("proxy_url: http://proxy:3128\nno_proxy: a, b");
  CHECK(proxy.url == "http://proxy:3128");
  CHECK(proxy.http_url == "http://proxy:3128");
  CHECK(proxy.no_proxy == "a, b");
  CHECK_FALSE(proxy.from_environment);
}

TEST_CASE("the environment's proxies are used on demand") {
  const Environment environment{{"HTTPS_PROXY", "http://one:1"},
                                {"https_proxy", "http://two:2"},
                                {"http_proxy", "three:3"},
                                {"NO_PROXY", "a.example"}};
  const Proxy proxy = Read("proxy_from_environment: true");
  CHECK(proxy.url == "http://one:1");
  CHECK(proxy.http_url == "http://three:3");
  CHECK(proxy.no_proxy == "a.example");
  CHECK(Read("proxy_from_environment: false") == Proxy());
}

TEST_CASE("an environment without proxies sets none") {
  const Environment environment{{"HTTPS_PROXY", ""}};
  const Proxy proxy = Read("proxy_from_environment: true");
  CHECK(proxy.url.empty());
  CHECK(proxy.http_url.empty());
}

TEST_CASE("invalid proxy settings are reported with a remedy") {
  struct Row {
    const char* lines;
    const char* want;
  };
  const Row rows[] = {
      {"no_proxy: a", "no_proxy: needs proxy_url; write both or neither"},
      {"proxy_connect_header: {X-A: [hunter2]}",
       "proxy_connect_header: needs a proxy; write proxy_url or"},
      {"{proxy_from_environment: true, proxy_url: \"http://u:hunter2@p\"}",
       "proxy_url: is there beside proxy_from_environment"},
      {"{proxy_from_environment: true, no_proxy: a}",
       "no_proxy: is there beside proxy_from_environment"},
      {"{proxy_url: \"http://p\", no_proxy: \"https://a\"}",
       "no_proxy: holds a URL, which fits no host"},
      {"{proxy_url: \"http://p\", no_proxy: [a]}",
       "no_proxy: must be a string, not a list"},
      {"proxy_from_environment: 1",
       "proxy_from_environment: must be true or false"},
      {"{proxy_url: \"http://p\", proxy_connect_header: {Host: [x]}}",
       "proxy_connect_header.Host: belongs to the connection; remove it"},
      {"{proxy_url: \"http://p\", proxy_connect_header: {X-A: []}}",
       "proxy_connect_header.X-A: is empty; write values, secrets or files"},
      {"{proxy_url: \"http://p\", proxy_connect_header: {X-A: hunter2}}",
       "proxy_connect_header.X-A: must be a map"},
      {"{proxy_url: \"http://p\", proxy_connect_header: {X-A: {files: "
       "[/none/x]}}}",
       "proxy_connect_header.X-A.files[0]: cannot read the secret file "
       "\"/none/x\": no such file"},
  };
  for (const Row& row : rows) {
    const bool merged = row.lines[0] == '{';
    const std::string said =
        SaidOf(With(kAccount, (merged ? "<<: " : "") + std::string(row.lines)));
    CAPTURE(said);
    CHECK(said.find("exporter.yml:5: accounts[0]." + std::string(row.want)) ==
          0);
    CHECK(std::count(said.begin(), said.end(), '\n') == 1);
    CHECK(said.find("hunter2") == std::string::npos);
  }
}

TEST_CASE("an invalid proxy of the environment is reported by variable") {
  const Environment environment{{"https_proxy", "ftp://u:hunter2@p"}};
  const std::string said =
      SaidOf(With(kAccount, "proxy_from_environment: true"));
  CHECK(said.find("exporter.yml:5: accounts[0].proxy_from_environment: asks "
                  "for https_proxy, which is no proxy's URL; write http://") ==
        0);
  CHECK(said.find("hunter2") == std::string::npos);
}

TEST_CASE("headers for a proxy are a list of secrets, or like http_headers") {
  const Proxy proxy = Read(
      "proxy_url: http://proxy\n"
      "proxy_connect_header:\n"
      "  Proxy-Authorization: [one]\n"
      "  X-A: {secrets: [two], values: [three], files: [/proc/version]}");
  CHECK(proxy.connect_headers.at("Proxy-Authorization") ==
        HeaderValues{{}, {"one"}, {}});
  CHECK(proxy.connect_headers.at("X-A") ==
        HeaderValues{{"three"}, {"two"}, {"/proc/version"}});
}

}  // namespace
}  // namespace operator_connect::config
