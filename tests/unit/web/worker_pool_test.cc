#include "exporter/web/worker_pool.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace operator_connect::web {
namespace {

using namespace std::chrono_literals;

TEST_CASE("work that blocks does not hold up other work") {
  std::mutex mutex;
  std::condition_variable changed;
  int inside = 0;
  WorkerPool pool(64);
  // Each waits for all the others: only with a thread each they get through.
  for (int i = 0; i < 64; ++i) {
    REQUIRE(pool.Run([&] {
      std::unique_lock<std::mutex> lock(mutex);
      ++inside;
      changed.notify_all();
      changed.wait_for(lock, 20s, [&] { return inside == 64; });
    }));
  }
  std::unique_lock<std::mutex> lock(mutex);
  CHECK(changed.wait_for(lock, 20s, [&] { return inside == 64; }));
}

TEST_CASE("a pool that ends has done all its work") {
  std::atomic<int> done = 0;
  {
    WorkerPool pool(2);
    for (int i = 0; i < 100; ++i) pool.Run([&] { ++done; });
  }
  CHECK(done == 100);
}

TEST_CASE("no more threads work than are allowed") {
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  {
    WorkerPool pool(3);
    for (int i = 0; i < 200; ++i) {
      pool.Run([&] {
        const int now = ++inside;
        int seen = most;
        while (now > seen && !most.compare_exchange_weak(seen, now)) {
        }
        --inside;
      });
    }
  }
  CHECK(most >= 1);
  CHECK(most <= 3);
}

}  // namespace
}  // namespace operator_connect::web
