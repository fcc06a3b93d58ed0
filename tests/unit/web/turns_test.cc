#include "exporter/web/turns.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "exporter/base/mutex.h"

namespace operator_connect::web {
namespace {

using namespace std::chrono_literals;

using Names = std::vector<std::string>;

// Callers, each on a thread of its own, that note in which order they had
// their turn. The one turn there is, is the test's until Run() ends it.
class Queue {
 public:
  explicit Queue(std::size_t waiting) : turns_(1, waiting) {
    REQUIRE(turns_.Take("test", Deadline::Never()));
  }
  ~Queue() {
    for (std::thread& thread : threads_) thread.join();
  }

  // A caller that waits when this returns, or was turned away.
  void Add(const std::string& name, const std::string& address) {
    threads_.emplace_back([this, name, address] {
      const bool has_turn = turns_.Take(address, Deadline::After(20s));
      Note(has_turn ? name : "-" + name);
      if (has_turn) turns_.End();
    });
    while (turns_.waiting() + Noted().size() < threads_.size()) {
      std::this_thread::yield();
    }
  }

  // Ends the test's turn; what was noted, "-" for who was turned away.
  Names Run() {
    turns_.End();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    return Noted();
  }

 private:
  Names Noted() {
    MutexLock lock(mutex_);
    return noted_;
  }

  void Note(const std::string& name) {
    MutexLock lock(mutex_);
    noted_.push_back(name);
  }

  Turns turns_;
  std::vector<std::thread> threads_;
  Mutex mutex_;
  Names noted_ OC_GUARDED_BY(mutex_);
};

TEST_CASE("as many as may have a turn at once do not wait") {
  Turns turns(2, 0);
  CHECK(turns.Take("a", Deadline::Never()));
  CHECK(turns.Take("a", Deadline::Never()));
  CHECK_FALSE(turns.Take("a", Deadline::Never()));
  turns.End();
  CHECK(turns.Take("a", Deadline::Never()));
}

TEST_CASE("a deadline that passes ends the wait for a turn") {
  Turns turns(1, 4);
  REQUIRE(turns.Take("a", Deadline::Never()));
  CHECK_FALSE(turns.Take("b", Deadline::After(1ms)));
  turns.End();
  CHECK(turns.Take("b", Deadline::Never()));
}

TEST_CASE("of one address the newest has the next turn") {
  Queue queue(4);
  for (const char* name : {"1", "2", "3"}) queue.Add(name, "a");
  CHECK(queue.Run() == Names{"3", "2", "1"});
}

TEST_CASE("an address that floods does not delay another") {
  Queue queue(8);
  for (const char* name : {"1", "2", "3"}) queue.Add(name, "flood");
  queue.Add("scrape", "prometheus");
  for (const char* name : {"4", "5"}) queue.Add(name, "flood");
  const Names order = queue.Run();
  REQUIRE(order.size() == 6);
  // The flood's newest may be first, as nobody had a turn yet.
  CHECK(order == Names{"5", "scrape", "4", "3", "2", "1"});
}

TEST_CASE("who is turned away is the oldest of the address that floods") {
  Queue queue(3);
  queue.Add("scrape", "prometheus");
  for (const char* name : {"1", "2", "3", "4"}) queue.Add(name, "flood");
  CHECK(queue.Run() == Names{"-1", "-2", "4", "scrape", "3"});
}

}  // namespace
}  // namespace operator_connect::web
