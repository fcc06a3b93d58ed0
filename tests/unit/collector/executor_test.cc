#include "exporter/collector/executor.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <latch>
#include <memory>
#include <set>
#include <thread>

namespace operator_connect::collector {
namespace {

using std::chrono::minutes;

TEST_CASE("work is done on another thread") {
  Executor executor;
  std::promise<std::thread::id> done;
  executor.Submit([&] { done.set_value(std::this_thread::get_id()); });
  auto future = done.get_future();
  REQUIRE(future.wait_for(minutes(1)) == std::future_status::ready);
  CHECK(future.get() != std::this_thread::get_id());
}

TEST_CASE("pieces of work that wait for each other all get a thread") {
  constexpr int kPieces = 20;
  std::latch all(kPieces);
  std::atomic<int> done{0};
  {
    Executor executor;
    for (int i = 0; i < kPieces; ++i) {
      executor.Submit([&] {
        all.arrive_and_wait();
        ++done;
      });
    }
  }
  CHECK(done == kPieces);
}

TEST_CASE("work may submit work") {
  std::atomic<bool> done{false};
  {
    Executor executor;
    executor.Submit([&] { executor.Submit([&] { done = true; }); });
  }
  CHECK(done);
}

TEST_CASE("an executor that ends has done all work, also what had to wait") {
  constexpr int kPieces = 2000;
  std::atomic<int> done{0};
  {
    Executor executor;
    for (int i = 0; i < kPieces; ++i) executor.Submit([&] { ++done; });
  }
  CHECK(done == kPieces);
}

TEST_CASE("a thread that is idle is used again") {
  Executor executor;
  std::set<std::thread::id> threads;
  for (int i = 0; i < 50; ++i) {
    std::promise<std::thread::id> done;
    executor.Submit([&] { done.set_value(std::this_thread::get_id()); });
    threads.insert(done.get_future().get());
  }
  // A thread is idle a moment after its work is done: mostly there is one.
  CHECK(threads.size() < 50);
}

TEST_CASE("what work holds on to is let go of when it is done") {
  Executor executor;
  std::promise<void> released;
  // Work that is let go of tells so by the end of what it holds.
  std::shared_ptr<void> tell(nullptr, [&](void*) { released.set_value(); });
  executor.Submit([tell = std::move(tell)] {});
  REQUIRE(released.get_future().wait_for(minutes(1)) ==
          std::future_status::ready);
}

}  // namespace
}  // namespace operator_connect::collector
