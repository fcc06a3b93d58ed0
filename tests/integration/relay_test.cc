#include "tests/integration/relay.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/integration/fixture.h"

namespace operator_connect::integration {
namespace {

bool CanConnect(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int failed = ::connect(fd, reinterpret_cast<const sockaddr*>(&address),
                               sizeof(address));
  ::close(fd);
  return failed == 0;
}

TEST_CASE("a relay that refused accepts connections again") {
  Stack stack;
  Relay relay(stack.simulator.port());
  relay.Set(Relay::Mode::kRefuse);
  CHECK_FALSE(CanConnect(relay.port()));
  relay.Set(Relay::Mode::kForward);
  CHECK(CanConnect(relay.port()));
}

}  // namespace
}  // namespace operator_connect::integration
