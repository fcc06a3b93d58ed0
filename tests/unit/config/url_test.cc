#include "exporter/config/url.h"

#include <doctest/doctest.h>

#include <string>

namespace operator_connect::config {
namespace {

TEST_CASE("a URL is parsed into its parts") {
  const auto url =
      ParseUrl("HTTPS://us%20er:p@Live.Example.com:8443/a/b?c=d#e");
  REQUIRE(url);
  CHECK(url->scheme == "https");
  CHECK(url->user_info == "us%20er:p");
  CHECK(url->host == "live.example.com");
  CHECK(url->port == 8443);
  CHECK(url->path == "/a/b");
  CHECK(url->query == "c=d");
  CHECK(url->fragment == "e");
}

TEST_CASE("a URL can be just scheme and host") {
  const auto url = ParseUrl("https://[2001:db8::1]");
  REQUIRE(url);
  CHECK(url->host == "[2001:db8::1]");
  CHECK(url->port == 0);
  CHECK(url->path.empty());
  CHECK_FALSE(url->user_info);
  CHECK_FALSE(url->query);
  CHECK_FALSE(url->fragment);
}

TEST_CASE("a text that is no URL is refused") {
  for (const char* text : {"",
                           "x",
                           "https:",
                           "https://",
                           "https:///x",
                           "://x",
                           "https://x y",
                           "https://x/a b",
                           "https://x/\n",
                           "https://x:0",
                           "https://x:65536",
                           "https://x:",
                           "https://x:8a",
                           "https://[::1",
                           "https://[1.2.3.4]",
                           "https://-x",
                           "https://a..b",
                           "https://\xC3\xA9.example.com",
                           "https://x/\xC3\xA9",
                           "ht tp://x",
                           "https://x/\"",
                           "https://x/<a>",
                           "https://x\\y"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(ParseUrl(text));
  }
}

TEST_CASE("only this machine is loopback") {
  for (const char* host : {"localhost", "LOCALHOST", "127.0.0.1",
                           "127.255.255.254", "[::1]", "[0:0:0:0:0:0:0:1]"}) {
    CAPTURE(std::string(host));
    CHECK(IsLoopback(host));
  }
  for (const char* host :
       {"", "localhost.example.com", "127.0.0.1.example.com", "128.0.0.1",
        "127.1", "0.0.0.0", "[::]", "[::2]", "10.0.0.1", "example.com"}) {
    CAPTURE(std::string(host));
    CHECK_FALSE(IsLoopback(host));
  }
}

TEST_CASE("only user info is hidden") {
  CHECK(HideUserInfo("http://u:p@proxy:3128/") ==
        "http://<secret>@proxy:3128/");
  CHECK(HideUserInfo("http://u:p@q@proxy") == "http://<secret>@proxy");
  CHECK(HideUserInfo("http://proxy/a@b") == "http://proxy/a@b");
  CHECK(HideUserInfo("no url u:p@x") == "no url u:p@x");
  CHECK(HideUserInfo("").empty());
}

TEST_CASE("host and port are shown with the scheme's default port") {
  CHECK(ParseUrl("HTTPS://live.example.com/a")->HostPort() ==
        "live.example.com:443");
  CHECK(ParseUrl("http://u:p@[::1]:8080/x")->HostPort() == "[::1]:8080");
  CHECK(ParseUrl("http://[::1]")->HostPort() == "[::1]:80");
  CHECK(ParseUrl("socks5://proxy")->HostPort() == "proxy:1080");
}

TEST_CASE("values are percent-encoded") {
  CHECK(PercentEncode("aZ09-._~") == "aZ09-._~");
  CHECK(PercentEncode(" +&=%/\xc3\xa9") == "%20%2B%26%3D%25%2F%C3%A9");
}

}  // namespace
}  // namespace operator_connect::config
