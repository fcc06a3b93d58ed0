#include "exporter/http_client/connection_pool.h"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <vector>

#include "tests/support/fakes.h"

namespace operator_connect::http_client {
namespace {

using std::chrono::seconds;

// A pool with a clock that the test moves; opened() counts its connections.
struct Scene {
  FakeNetwork network{
      [](const HttpRequest&, const Deadline&) { return Status(200); }};
  FakeClock clock;
  ConnectionPool pool{network.Maker()({}, {}), clock};
  int opened() const { return network.connections(); }
};

TEST_CASE("a returned connection is used again") {
  Scene scene;
  scene.pool.Give(scene.pool.Take());
  scene.clock.Pass(seconds(89));
  scene.pool.Give(scene.pool.Take());
  scene.clock.Pass(seconds(89));
  scene.pool.Give(scene.pool.Take());
  CHECK(scene.opened() == 1);
}

TEST_CASE("a connection that was idle for 90 seconds is not used again") {
  Scene scene;
  scene.pool.Give(scene.pool.Take());
  scene.clock.Pass(seconds(90));
  scene.pool.Take();
  CHECK(scene.opened() == 2);
}

TEST_CASE("the most recently used connection is used next") {
  Scene scene;
  auto first = scene.pool.Take();
  auto second = scene.pool.Take();
  const HttpConnection* const last = second.get();
  scene.pool.Give(std::move(first));
  scene.pool.Give(std::move(second));
  CHECK(scene.pool.Take().get() == last);
}

TEST_CASE("an old connection is closed, a younger one stays") {
  Scene scene;
  auto old = scene.pool.Take();
  auto young = scene.pool.Take();
  const HttpConnection* const kept = young.get();
  scene.pool.Give(std::move(old));
  scene.clock.Pass(seconds(60));
  scene.pool.Give(std::move(young));
  scene.clock.Pass(seconds(60));
  auto taken = scene.pool.Take();
  CHECK(taken.get() == kept);
  scene.pool.Take();
  CHECK(scene.opened() == 3);
}

TEST_CASE("no connection is kept while descriptors are scarce") {
  rlimit before = {};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  rlimit few = before;
  few.rlim_cur = 64;
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
  std::vector<int> open;
  while (open.size() < 48) {
    const int copy = ::dup(STDERR_FILENO);
    if (copy < 0) break;
    open.push_back(copy);
  }
  Scene scene;
  scene.pool.Give(scene.pool.Take());
  scene.pool.Give(scene.pool.Take());
  for (const int copy : open) ::close(copy);
  ::setrlimit(RLIMIT_NOFILE, &before);
  CHECK(scene.opened() == 2);
}

}  // namespace
}  // namespace operator_connect::http_client
