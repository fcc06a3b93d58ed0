#include "exporter/base/listen_address.h"

#include <doctest/doctest.h>

#include <string>

namespace operator_connect {
namespace {

TEST_CASE("listen addresses are parsed") {
  struct Row {
    const char* text;
    ListenAddress want;
  };
  const Row rows[] = {{":0", {"", 0}},
                      {":65535", {"", 65535}},
                      {"0.0.0.0:1", {"0.0.0.0", 1}},
                      {"example-1.com:1", {"example-1.com", 1}},
                      {"[::]:1", {"::", 1}},
                      {"[fe80::1%eth0]:1", {"fe80::1%eth0", 1}}};
  for (const Row& row : rows) {
    CAPTURE(std::string(row.text));
    const auto address = ParseListenAddress(row.text);
    REQUIRE(address.ok());
    CHECK(*address == row.want);
  }
}

TEST_CASE("a text that is no listen address is refused") {
  for (const char* text :
       {"", ":", "x", "x:", ":65536", ":-1", ":+1", ":1x", "::1:80", "[::1]",
        "[]:1", "[x]:1", "[::1:80", "a b:1", "http://x:1", "x/y:1", ": 1"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(ParseListenAddress(text).ok());
  }
}

}  // namespace
}  // namespace operator_connect
