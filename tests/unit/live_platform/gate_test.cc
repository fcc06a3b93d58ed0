#include "exporter/live_platform/gate.h"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

namespace operator_connect::live_platform {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Kind = Gate::Kind;
using Entered = Result<Gate::Slot, std::string>;

// For calls that must fail: a busy machine may take as long.
Deadline Soon() { return Deadline::After(milliseconds(30)); }
Deadline Later() { return Deadline::After(seconds(20)); }

std::future<void> EnterAndNote(Gate& gate, Kind kind, std::vector<Kind>& order,
                               std::mutex& mutex) {
  return std::async(std::launch::async, [&gate, kind, &order, &mutex] {
    const Entered slot = gate.Enter(kind, Later());
    const std::lock_guard<std::mutex> lock(mutex);
    if (slot.ok()) order.push_back(kind);
  });
}

TEST_CASE("no more slots than allowed are given") {
  Gate gate(3, 0);
  std::vector<Entered> slots;
  for (int i = 0; i < 3; ++i)
    slots.push_back(gate.Enter(Kind::kLeads, Later()));
  for (const Entered& slot : slots) CHECK(slot.ok());
  CHECK_FALSE(gate.Enter(Kind::kLeads, Soon()).ok());
  slots.pop_back();
  CHECK(gate.Enter(Kind::kLeads, Later()).ok());
}

TEST_CASE("numbers leave one slot for leads") {
  Gate gate(2, 0);
  const Entered numbers = gate.Enter(Kind::kNumbers, Later());
  CHECK(numbers.ok());
  CHECK_FALSE(gate.Enter(Kind::kNumbers, Soon()).ok());
  CHECK(gate.Enter(Kind::kLeads, Later()).ok());
}

TEST_CASE("numbers can take a single slot") {
  Gate gate(1, 0);
  const Entered numbers = gate.Enter(Kind::kNumbers, Later());
  CHECK(numbers.ok());
  CHECK_FALSE(gate.Enter(Kind::kLeads, Soon()).ok());
}

TEST_CASE("a free slot is not waited for") {
  Gate gate(1, 0);
  const Entered slot = gate.Enter(Kind::kNumbers, Later());
  REQUIRE(slot.ok());
  CHECK_FALSE(slot->waited());
}

void AwaitWaiting(Gate& gate, int count) {
  const Deadline deadline = Later();
  while (gate.waiting() < count && !deadline.expired()) {
    std::this_thread::yield();
  }
}

TEST_CASE("waiting leads have the next turn") {
  Gate gate(1, 0);
  std::mutex mutex;
  std::vector<Kind> order;
  std::optional<Entered> taken(gate.Enter(Kind::kNumbers, Later()));
  std::vector<std::future<void>> waiting;
  waiting.push_back(EnterAndNote(gate, Kind::kNumbers, order, mutex));
  waiting.push_back(EnterAndNote(gate, Kind::kNumbers, order, mutex));
  AwaitWaiting(gate, 2);
  waiting.push_back(EnterAndNote(gate, Kind::kLeads, order, mutex));
  AwaitWaiting(gate, 3);
  taken.reset();
  for (std::future<void>& done : waiting) done.wait();
  REQUIRE(order.size() == 3);
  CHECK(order[0] == Kind::kLeads);
}

TEST_CASE("starts are spaced, even after an idle time") {
  Gate gate(8, 20);
  const SteadyTime begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 4; ++i) {
    CHECK(gate.Enter(Kind::kNumbers, Later()).ok());
    // Measured from the beginning: a start can be noticed late, but never
    // early.
    CHECK(std::chrono::steady_clock::now() - begin >= milliseconds(50) * i);
  }
}

TEST_CASE("a start that is due after the deadline is refused at once") {
  Gate gate(8, 0.1);
  CHECK(gate.Enter(Kind::kLeads, Later()).ok());
  const SteadyTime begin = std::chrono::steady_clock::now();
  CHECK_FALSE(gate.Enter(Kind::kLeads, Deadline::After(seconds(5))).ok());
  CHECK(std::chrono::steady_clock::now() - begin < seconds(2));
}

TEST_CASE("nothing starts during a pause") {
  Gate gate(8, 0);
  const SteadyTime end = std::chrono::steady_clock::now() + milliseconds(100);
  gate.PauseUntil(end);
  const Entered slot = gate.Enter(Kind::kLeads, Later());
  CHECK(slot.ok());
  CHECK(slot->waited());
  CHECK(std::chrono::steady_clock::now() >= end);
}

TEST_CASE("a pause is not shortened by a shorter one") {
  Gate gate(8, 0);
  const SteadyTime end = std::chrono::steady_clock::now() + milliseconds(100);
  gate.PauseUntil(end);
  gate.PauseUntil(end - milliseconds(90));
  CHECK(gate.Enter(Kind::kLeads, Later()).ok());
  CHECK(std::chrono::steady_clock::now() >= end);
}

TEST_CASE("a pause beyond the deadline refuses at once") {
  Gate gate(8, 0);
  const SteadyTime begin = std::chrono::steady_clock::now();
  SUBCASE("one that begins first") {
    gate.PauseUntil(begin + seconds(60));
    CHECK_FALSE(gate.Enter(Kind::kLeads, Deadline::After(seconds(20))).ok());
  }
  SUBCASE("one that begins during a wait") {
    gate.PauseUntil(begin + seconds(10));
    auto entering = std::async(std::launch::async, [&] {
      return gate.Enter(Kind::kNumbers, Deadline::After(seconds(20))).ok();
    });
    AwaitWaiting(gate, 1);
    gate.PauseUntil(begin + seconds(60));
    CHECK_FALSE(entering.get());
  }
  CHECK(std::chrono::steady_clock::now() - begin < seconds(5));
}

TEST_CASE("a stop ends the wait at once") {
  Gate gate(1, 0);
  const Entered taken = gate.Enter(Kind::kLeads, Later());
  std::stop_source stop;
  auto entering = std::async(std::launch::async, [&] {
    return gate
        .Enter(Kind::kLeads, Deadline::After(seconds(20), stop.get_token()))
        .ok();
  });
  AwaitWaiting(gate, 1);
  const SteadyTime begin = std::chrono::steady_clock::now();
  stop.request_stop();
  CHECK_FALSE(entering.get());
  CHECK(std::chrono::steady_clock::now() - begin < seconds(5));
}

TEST_CASE("a waiter that gives up lets the next one through") {
  Gate gate(1, 0);
  std::optional<Entered> taken(gate.Enter(Kind::kLeads, Later()));
  std::stop_source stop;
  auto first = std::async(std::launch::async, [&] {
    return gate
        .Enter(Kind::kLeads, Deadline::After(seconds(20), stop.get_token()))
        .ok();
  });
  auto second = std::async(std::launch::async, [&] {
    return gate.Enter(Kind::kNumbers, Later()).ok();
  });
  AwaitWaiting(gate, 2);
  stop.request_stop();
  CHECK_FALSE(first.get());
  taken.reset();
  CHECK(second.get());
}

TEST_CASE("many threads never exceed the slots") {
  Gate gate(4, 0);
  std::atomic<int> under_way{0};
  std::atomic<int> numbers{0};
  std::atomic<bool> exceeded{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    const Kind kind = i % 4 == 0 ? Kind::kLeads : Kind::kNumbers;
    threads.emplace_back([&, kind] {
      for (int n = 0; n < 500; ++n) {
        const Entered slot = gate.Enter(kind, Later());
        if (!slot.ok()) exceeded = true;
        const bool is_number = kind == Kind::kNumbers;
        if (++under_way > 4) exceeded = true;
        if (is_number && ++numbers > 3) exceeded = true;
        if (is_number) --numbers;
        --under_way;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK_FALSE(exceeded);
}

}  // namespace
}  // namespace operator_connect::live_platform
