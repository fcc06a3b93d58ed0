#include "exporter/web/listener.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "tests/support/web_fixture.h"

namespace operator_connect::web {
namespace {

TEST_CASE("port 0 picks a port and names it") {
  auto listeners = OpenListeners({{"127.0.0.1", 0}});
  REQUIRE(listeners.ok());
  CHECK(listeners->front().address.rfind("127.0.0.1:", 0) == 0);
  CHECK(PortOf(listeners->front().address) > 0);
}

TEST_CASE("without a host IPv4 clients are served, too") {
  auto listeners = OpenListeners({{"", 0}});
  REQUIRE(listeners.ok());
  CHECK_NOTHROW(RawClient(PortOf(listeners->front().address)));
}

TEST_CASE("a port in use is an error that names it and a remedy") {
  auto first = OpenListeners({{"127.0.0.1", 0}});
  REQUIRE(first.ok());
  const int port = PortOf(first->front().address);
  const auto second = OpenListeners({{"127.0.0.1", port}});
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().find("127.0.0.1:" + std::to_string(port)) !=
        std::string::npos);
  CHECK(second.error().find("--web.listen-address") != std::string::npos);
}

TEST_CASE("a port that the exporter uses itself is reported as such") {
  auto other = OpenListeners({{"127.0.0.1", 0}});
  REQUIRE(other.ok());
  const int port = PortOf(other->front().address);
  const auto taken = OpenListeners({{"127.0.0.1", port}});
  REQUIRE_FALSE(taken.ok());
  CHECK(taken.error().find("another process has this port") !=
        std::string::npos);
  other->clear();
  for (const auto& [first, second] :
       std::vector<std::pair<const char*, const char*>>{
           {"127.0.0.1", "127.0.0.1"}, {"", "127.0.0.1"}, {"", ""}}) {
    const auto listeners = OpenListeners({{first, port}, {second, port}});
    REQUIRE_FALSE(listeners.ok());
    CHECK(listeners.error().find("another process") == std::string::npos);
    CHECK(listeners.error().find("of this exporter has this port") !=
          std::string::npos);
  }
}

TEST_CASE("a machine without IPv6 is advised to let the exporter choose") {
  for (const int error : {EAFNOSUPPORT, EADDRNOTAVAIL}) {
    CHECK(ListenRemedy(error, {"::", 10390}, false)
              .find("no IPv6: write --web.listen-address=:10390") !=
          std::string::npos);
  }
  CHECK(ListenRemedy(EAFNOSUPPORT, {"::1", 80}, false).find("no IPv6") !=
        std::string::npos);
  CHECK(ListenRemedy(EADDRNOTAVAIL, {"2001:db8::1", 80}, false)
            .find("no such address") != std::string::npos);
}

TEST_CASE("an address of another machine is an error") {
  const auto listeners = OpenListeners({{"192.0.2.1", 0}});
  REQUIRE_FALSE(listeners.ok());
  CHECK(listeners.error().find("192.0.2.1:0") != std::string::npos);
}

TEST_CASE("without systemd's sockets none is taken") {
  CHECK(TakeActivatedListeners().empty());
}

}  // namespace
}  // namespace operator_connect::web
