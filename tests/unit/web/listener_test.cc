#include "exporter/web/listener.h"

#include <doctest/doctest.h>

#include "tests/support/web_fixture.h"

namespace operator_connect::web {
namespace {

TEST_CASE("port 0 picks a port and names it") {
  auto listeners = OpenListeners({{"127.0.0.1", 0}});
  REQUIRE(listeners.ok());
  CHECK(listeners->front().address.rfind("127.0.0.1:", 0) == 0);
  CHECK(PortOf(listeners->front().address) > 0);
}

TEST_CASE("without a host IPv4 clients are served too") {
  auto listeners = OpenListeners({{"", 0}});
  REQUIRE(listeners.ok());
  CHECK_NOTHROW(RawClient(PortOf(listeners->front().address)));
}

TEST_CASE("a port that is taken is an error that names it and a remedy") {
  auto first = OpenListeners({{"127.0.0.1", 0}});
  REQUIRE(first.ok());
  const int port = PortOf(first->front().address);
  const auto second = OpenListeners({{"127.0.0.1", port}});
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().find("127.0.0.1:" + std::to_string(port)) !=
        std::string::npos);
  CHECK(second.error().find("--web.listen-address") != std::string::npos);
}

TEST_CASE("an address of another machine is an error") {
  const auto listeners = OpenListeners({{"192.0.2.1", 0}});
  REQUIRE_FALSE(listeners.ok());
  CHECK(listeners.error().find("192.0.2.1:0") != std::string::npos);
}

TEST_CASE("nothing is taken over when systemd has handed over nothing") {
  CHECK(TakeActivatedListeners().empty());
}

}  // namespace
}  // namespace operator_connect::web
