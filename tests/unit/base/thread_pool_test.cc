#include "exporter/base/thread_pool.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <latch>
#include <memory>
#include <set>
#include <thread>

namespace operator_connect {
namespace {

using std::chrono::minutes;

TEST_CASE("work is done on another thread") {
  ThreadPool pool;
  std::promise<std::thread::id> done;
  pool.Submit([&] { done.set_value(std::this_thread::get_id()); });
  auto future = done.get_future();
  REQUIRE(future.wait_for(minutes(1)) == std::future_status::ready);
  CHECK(future.get() != std::this_thread::get_id());
}

TEST_CASE("pieces of work that wait for each other all get a thread") {
  constexpr int kPieces = 20;
  std::latch all(kPieces);
  std::atomic<int> done{0};
  {
    ThreadPool pool;
    for (int i = 0; i < kPieces; ++i) {
      pool.Submit([&] {
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
    ThreadPool pool;
    pool.Submit([&] { pool.Submit([&] { done = true; }); });
  }
  CHECK(done);
}

TEST_CASE("a pool that ends has done all work, also queued work") {
  constexpr int kPieces = 2000;
  std::atomic<int> done{0};
  {
    ThreadPool pool;
    for (int i = 0; i < kPieces; ++i) pool.Submit([&] { ++done; });
  }
  CHECK(done == kPieces);
}

TEST_CASE("an idle thread is used again") {
  ThreadPool pool;
  std::set<std::thread::id> threads;
  for (int i = 0; i < 50; ++i) {
    std::promise<std::thread::id> done;
    pool.Submit([&] { done.set_value(std::this_thread::get_id()); });
    threads.insert(done.get_future().get());
    // A thread becomes idle a moment after its work is done.
    while (pool.idle() == 0) std::this_thread::yield();
  }
  CHECK(threads.size() == 1);
  CHECK(pool.threads() == 1);
}

TEST_CASE("an idle thread takes one piece of work, others get new ones") {
  ThreadPool pool;
  pool.Submit([] {});
  while (pool.idle() == 0) std::this_thread::yield();
  std::latch all(3);
  for (int i = 0; i < 3; ++i) pool.Submit([&] { all.arrive_and_wait(); });
  all.wait();
  CHECK(pool.threads() == 3);
}

TEST_CASE("no more threads are started than allowed") {
  std::latch release(1);
  std::atomic<int> done{0};
  {
    ThreadPool pool(3);
    for (int i = 0; i < 10; ++i) {
      pool.Submit([&] {
        release.wait();
        ++done;
      });
    }
    CHECK(pool.threads() == 3);
    release.count_down();
  }
  CHECK(done == 10);
}

TEST_CASE("work is destroyed when it is done") {
  ThreadPool pool;
  std::promise<void> released;
  // Work that is destroyed releases what it holds.
  std::shared_ptr<void> tell(nullptr, [&](void*) { released.set_value(); });
  pool.Submit([tell = std::move(tell)] {});
  REQUIRE(released.get_future().wait_for(minutes(1)) ==
          std::future_status::ready);
}

}  // namespace
}  // namespace operator_connect
