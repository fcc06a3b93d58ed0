#include "exporter/config/proxy_choice.h"

#include <doctest/doctest.h>

#include <string>

namespace operator_connect::config {
namespace {

bool Listed(const std::string& no_proxy, const std::string& url) {
  return IsListed(no_proxy, *ParseUrl(url));
}

// The rows of golang.org/x/net/http/httpproxy's documentation and tests.
TEST_CASE("no_proxy follows Go's rules") {
  struct Row {
    const char* no_proxy;
    const char* url;
    bool listed;
  };
  const Row rows[] = {
      {"", "https://a.example", false},
      {"*", "https://a.example", true},
      {" , ,, *", "https://a.example", true},
      // A name covers itself and the names below it.
      {"a.example", "https://a.example/x", true},
      {"A.Example", "https://a.EXAMPLE", true},
      {"a.example", "https://b.a.example", true},
      {"a.example", "https://ba.example", false},
      {"a.example", "https://example", false},
      {"b.example, a.example", "https://a.example", true},
      {".a.example", "https://b.a.example", true},
      {".a.example", "https://a.example", false},
      {"*.a.example", "https://c.b.a.example", true},
      {"*.a.example", "https://a.example", false},
      {"a.*", "https://a.example", false},
      // Ports are compared with the URL's, or the scheme's default.
      {"a.example:443", "https://a.example", true},
      {"a.example:443", "https://a.example:8443", false},
      {"a.example:80", "http://a.example", true},
      {".a.example:8443", "https://b.a.example:8443", true},
      {":443", "https://a.example", false},
      // Addresses are compared as addresses and cover no name.
      {"192.0.2.1", "https://192.0.2.1", true},
      {"192.0.2.1", "https://192.0.2.10", false},
      {"192.0.2.1:443", "https://192.0.2.1", true},
      {"192.0.2.1:80", "https://192.0.2.1", false},
      {"2001:db8::1", "https://[2001:0db8:0::1]", true},
      {"[2001:db8::1]", "https://[2001:db8::1]", true},
      {"[2001:db8::1]:443", "https://[2001:db8::1]", true},
      {"[2001:db8::1]:80", "https://[2001:db8::1]", false},
      {"::ffff:192.0.2.1", "https://192.0.2.1", true},
      {"192.0.2.1", "https://a.example", false},
      // Networks.
      {"192.0.2.0/24", "https://192.0.2.255", true},
      {"192.0.2.0/24", "https://192.0.3.0", false},
      {"192.0.2.128/25", "https://192.0.2.127", false},
      {"0.0.0.0/0", "https://192.0.2.1", true},
      {"0.0.0.0/0", "https://[2001:db8::1]", false},
      {"::/0", "https://192.0.2.1", false},
      {"2001:db8::/32", "https://[2001:db8:ffff::1]", true},
      {"2001:db8::/33", "https://[2001:db8:ffff::1]", false},
      {"10.0.0.0/8", "https://a.example", false},
      // Nonsense covers nothing.
      {"192.0.2.0/33", "https://192.0.2.1", false},
      {"192.0.2.0/", "https://192.0.2.0", false},
      {"[]", "https://a.example", false},
      {"https://a.example", "https://a.example", false},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.no_proxy));
    CAPTURE(std::string(row.url));
    CHECK(Listed(row.no_proxy, row.url) == row.listed);
  }
}

std::string Chosen(const Proxy& proxy, const std::string& url) {
  return ChooseProxy(proxy, *ParseUrl(url));
}

TEST_CASE("with proxy_url alone every request uses the proxy") {
  Proxy proxy;
  CHECK(Chosen(proxy, "https://a.example").empty());
  proxy.url = proxy.http_url = "http://proxy";
  for (const char* url : {"https://a.example", "http://a.example",
                          "https://localhost", "http://127.0.0.1:5"}) {
    CHECK(Chosen(proxy, url) == "http://proxy");
  }
}

TEST_CASE("with no_proxy or the environment loopback is reached directly") {
  Proxy proxy;
  proxy.url = "http://proxy";
  proxy.http_url = "http://other";
  SUBCASE("no_proxy") { proxy.no_proxy = "b.example"; }
  SUBCASE("the environment") { proxy.from_environment = true; }
  for (const char* url : {"https://localhost", "http://localhost:80",
                          "http://127.1.2.3", "https://[::1]:8443"}) {
    CHECK(Chosen(proxy, url).empty());
  }
  CHECK(Chosen(proxy, "https://a.example") == "http://proxy");
  CHECK(Chosen(proxy, "http://a.example") == "http://other");
}

}  // namespace
}  // namespace operator_connect::config
