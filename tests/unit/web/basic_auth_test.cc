#include "exporter/web/basic_auth.h"

#include <doctest/doctest.h>
#include <openssl/evp.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace operator_connect::web {
namespace {

using Verdict = BasicAuth::Verdict;
using namespace std::chrono_literals;

// "secret", with bcrypt's lowest cost and a usual one.
constexpr char kCheap[] =
    "$2b$04$qUr9Q9HSJJpuELBXkW93KOZW7hI5rMI63cxzDopDZ7BJk4GthNYpu";
constexpr char kCostly[] =
    "$2b$10$NWKwuICS9HFZjBH2x/LlJuv8rKvE8w7xG41/pqHH0UbdVX1TcMz2a";

std::string Basic(const std::string& credentials) {
  std::string encoded(credentials.size() * 2 + 8, '\0');
  const int size = EVP_EncodeBlock(
      reinterpret_cast<unsigned char*>(encoded.data()),
      reinterpret_cast<const unsigned char*>(credentials.data()),
      static_cast<int>(credentials.size()));
  encoded.resize(static_cast<std::size_t>(size));
  return "Basic " + encoded;
}

Verdict Check(BasicAuth& auth, const BasicAuth::Users& users,
              const std::string& header) {
  return auth.Check(users, header, Deadline::After(20s));
}

TEST_CASE("the right password is accepted, again and again") {
  BasicAuth auth;
  CHECK(Check(auth, {{"alice", kCheap}}, Basic("alice:secret")) ==
        Verdict::kRight);
  CHECK(Check(auth, {{"alice", kCheap}}, Basic("alice:secret")) ==
        Verdict::kRight);
}

TEST_CASE("htpasswd's hashes of the form 2y are accepted") {
  std::string hash = kCheap;
  hash[2] = 'y';
  BasicAuth auth;
  CHECK(Check(auth, {{"alice", hash}}, Basic("alice:secret")) ==
        Verdict::kRight);
}

TEST_CASE("the scheme is accepted in any case") {
  BasicAuth auth;
  std::string header = Basic("alice:secret");
  header[0] = 'b';
  CHECK(Check(auth, {{"alice", kCheap}}, header) == Verdict::kRight);
}

TEST_CASE("a wrong password is refused, again and again") {
  BasicAuth auth;
  CHECK(Check(auth, {{"alice", kCheap}}, Basic("alice:wrong")) ==
        Verdict::kWrong);
  CHECK(Check(auth, {{"alice", kCheap}}, Basic("alice:wrong")) ==
        Verdict::kWrong);
}

TEST_CASE("an unknown user is refused, even with another user's password") {
  BasicAuth auth;
  CHECK(Check(auth, {{"alice", kCheap}}, Basic("bob:secret")) ==
        Verdict::kWrong);
}

TEST_CASE("an invalid header is refused") {
  BasicAuth auth;
  for (const std::string& header :
       {std::string(), std::string("Basic "), std::string("Basic ====="),
        std::string("Basic !!!!"), std::string("Bearer YWxpY2U6c2VjcmV0"),
        Basic("alice"), Basic("alice:"), Basic(""), Basic(":"),
        Basic(std::string("alice:secret\0x", 14)),
        "Basic " + std::string(1 << 20, 'A')}) {
    CAPTURE(header.substr(0, 40));
    CHECK(Check(auth, {{"alice", kCheap}}, header) == Verdict::kWrong);
  }
}

TEST_CASE("a changed hash invalidates the remembered password") {
  BasicAuth auth;
  REQUIRE(Check(auth, {{"alice", kCheap}}, Basic("alice:secret")) ==
          Verdict::kRight);
  const std::string other =
      "$2b$04$aaaaaaaaaaaaaaaaaaaaaOZW7hI5rMI63cxzDopDZ7BJk4GthNYpu";
  CHECK(Check(auth, {{"alice", other}}, Basic("alice:secret")) ==
        Verdict::kWrong);
}

TEST_CASE("an unknown user takes as long as a wrong password") {
  BasicAuth auth;
  const BasicAuth::Users users = {{"alice", kCostly}};
  // Processor time, which other programs do not lengthen.
  const auto now = [] {
    timespec time = {};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) +
           static_cast<double>(time.tv_nsec) * 1e-9;
  };
  const auto time = [&](const std::string& user) {
    double least = 1e9;
    for (int i = 0; i < 5; ++i) {
      const double begin = now();
      Check(auth, users, Basic(user + ":wrong" + std::to_string(i)));
      least = std::min(least, now() - begin);
    }
    return least;
  };
  const double known = time("alice");
  const double unknown = time("mallory");
  CHECK(unknown > known / 2);
  CHECK(unknown < known * 2);
}

TEST_CASE("a flood of wrong passwords does not delay a remembered right one") {
  BasicAuth auth(1, 4);
  const BasicAuth::Users users = {{"alice", kCostly}};
  REQUIRE(Check(auth, users, Basic("alice:secret")) == Verdict::kRight);
  std::atomic<bool> stop = false;
  std::atomic<int> next = 0;
  std::atomic<int> started = 0;
  std::vector<std::thread> flood;
  for (int i = 0; i < 8; ++i) {
    flood.emplace_back([&] {
      while (!stop) {
        ++started;
        Check(auth, users, Basic("alice:" + std::to_string(++next)));
      }
    });
  }
  while (started < 8) std::this_thread::yield();
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i) {
    CHECK(Check(auth, users, Basic("alice:secret")) == Verdict::kRight);
  }
  // Less than one hash's time for all of them, with a margin for a busy
  // machine.
  CHECK(std::chrono::steady_clock::now() - begin < 2s);
  stop = true;
  for (std::thread& thread : flood) thread.join();
}

// Simultaneous requests, each of which needs a hash of about a second.
class Crowd {
 public:
  Crowd(BasicAuth& auth, int requests) {
    std::string hash = kCostly;
    hash.replace(4, 2, "14");
    for (int i = 0; i < requests; ++i) {
      threads_.emplace_back([this, &auth, i, hash] {
        const Verdict verdict =
            auth.Check({{"alice", hash}}, Basic("alice:" + std::to_string(i)),
                       Deadline(SteadyTime::max(), gone_.get_token()));
        ++(verdict == Verdict::kBusy ? busy_ : checked_);
      });
    }
  }
  ~Crowd() { GiveUp(); }
  void GiveUp() {
    gone_.request_stop();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }
  int busy() const { return busy_; }
  int checked() const { return checked_; }

 private:
  std::stop_source gone_;
  std::atomic<int> busy_ = 0;
  std::atomic<int> checked_ = 0;
  std::vector<std::thread> threads_;
};

TEST_CASE("requests beyond the queue of checks are told to retry") {
  BasicAuth auth(1, 1);
  const Crowd crowd(auth, 3);
  while (crowd.busy() + crowd.checked() == 0) std::this_thread::yield();
  CHECK(crowd.busy() == 1);
}

TEST_CASE("a request that gives up while waiting is not checked") {
  BasicAuth auth(1, 1);
  Crowd crowd(auth, 2);
  while (auth.waiting() + static_cast<std::size_t>(crowd.checked()) == 0) {
    std::this_thread::yield();
  }
  crowd.GiveUp();
  CHECK(crowd.busy() == 1);
  CHECK(crowd.checked() == 1);
}

}  // namespace
}  // namespace operator_connect::web
