#include "exporter/base/work_together.h"

#include <doctest/doctest.h>

#include <atomic>
#include <latch>
#include <mutex>
#include <stop_token>
#include <vector>

namespace operator_connect {
namespace {

using Turn = std::function<void(std::size_t)>;

TEST_CASE("every turn is taken exactly once") {
  ThreadPool pool;
  std::vector<std::atomic<int>> taken(500);
  WorkTogether(pool, 8, taken.size(), Deadline::Never(), [&]() -> Turn {
    return [&](std::size_t turn) { ++taken[turn]; };
  });
  for (const auto& times : taken) CHECK(times == 1);
}

TEST_CASE("one worker takes the turns in order") {
  ThreadPool pool;
  std::vector<std::size_t> turns;
  WorkTogether(pool, 1, 4, Deadline::Never(), [&]() -> Turn {
    return [&](std::size_t turn) { turns.push_back(turn); };
  });
  CHECK(turns == std::vector<std::size_t>{0, 1, 2, 3});
}

TEST_CASE("the requested number of workers work at the same time") {
  ThreadPool pool;
  constexpr std::size_t kWorkers = 4;
  std::latch all(kWorkers);
  std::atomic<int> done{0};
  // Each turn waits until all others have begun.
  WorkTogether(pool, kWorkers, kWorkers, Deadline::Never(), [&]() -> Turn {
    return [&](std::size_t) {
      all.arrive_and_wait();
      ++done;
    };
  });
  CHECK(done == kWorkers);
}

TEST_CASE("no more than the requested number of workers work at once") {
  ThreadPool pool;
  std::atomic<int> working{0};
  std::atomic<int> most{0};
  std::atomic<int> started{0};
  WorkTogether(pool, 3, 300, Deadline::Never(), [&]() -> Turn {
    ++started;
    return [&](std::size_t) {
      int now = ++working;
      int before = most;
      while (now > before && !most.compare_exchange_weak(before, now)) {
      }
      --working;
    };
  });
  CHECK(most <= 3);
  CHECK(started <= 3);
}

TEST_CASE("no turn begins after the deadline") {
  ThreadPool pool;
  int taken = 0;
  std::stop_source stop;
  const Deadline deadline(SteadyTime::max(), stop.get_token());
  WorkTogether(pool, 1, 10, deadline, [&]() -> Turn {
    return [&](std::size_t turn) {
      ++taken;
      if (turn == 2) stop.request_stop();
    };
  });
  CHECK(taken == 3);
}

TEST_CASE("no worker starts after the deadline") {
  ThreadPool pool;
  std::stop_source stop;
  stop.request_stop();
  bool started = false;
  WorkTogether(pool, 4, 10, Deadline(SteadyTime::max(), stop.get_token()),
               [&]() -> Turn {
                 started = true;
                 return [](std::size_t) {};
               });
  CHECK_FALSE(started);
}

TEST_CASE("without turns nothing is done") {
  ThreadPool pool;
  bool started = false;
  WorkTogether(pool, 4, 0, Deadline::Never(), [&]() -> Turn {
    started = true;
    return [](std::size_t) {};
  });
  CHECK_FALSE(started);
}

TEST_CASE("a worker whose thread starts too late does no harm") {
  // One turn for eight workers: seven find nothing to do, some of them only
  // after the call has returned.
  std::atomic<int> taken{0};
  {
    ThreadPool pool;
    for (int i = 0; i < 200; ++i) {
      WorkTogether(pool, 8, 1, Deadline::Never(),
                   [&]() -> Turn { return [&](std::size_t) { ++taken; }; });
    }
  }
  CHECK(taken == 200);
}

}  // namespace
}  // namespace operator_connect
