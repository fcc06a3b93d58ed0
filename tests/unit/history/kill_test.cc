// A process that is killed at any moment leaves a whole history.

#include <doctest/doctest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <thread>

#include "exporter/history/history.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/history/lives.h"
#include "tests/unit/history/random_estate.h"

namespace operator_connect::history {
namespace {

constexpr int kKills = 200;
constexpr int kTenants = 40;

WallTime StartOf(std::uint64_t step) {
  return At(hours(static_cast<std::int64_t>(step)));
}

void RecordStep(AccountHistory& history, std::uint64_t step) {
  history.Record(Emea(), Whole(RandomLeads(1, step, kTenants)), StartOf(step));
}

// Records from `step` on, and reports each recorded step, until it is killed.
[[noreturn]] void RecordUntilKilled(const std::string& path, Log& log,
                                    std::uint64_t step, int report) {
  History history(path, log);
  AccountHistory& emea = history.Configure(Emea(), StartOf(step));
  for (;; ++step) {
    RecordStep(emea, step);
    if (::write(report, &step, sizeof step) != sizeof step) ::_exit(1);
  }
}

// Starts a process that records from `step` on, and kills it `after` its first
// report. Returns the last step that it reported.
std::uint64_t RecordAndKill(const std::string& path, Log& log,
                            std::uint64_t step, Duration after) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) RecordUntilKilled(path, log, step, ends[1]);
  ::close(ends[1]);
  std::uint64_t reported = 0;
  REQUIRE(::read(ends[0], &reported, sizeof reported) == sizeof reported);
  // Any moment will do; the actual duration does not matter.
  std::this_thread::sleep_for(after);
  ::kill(child, SIGKILL);
  while (::read(ends[0], &reported, sizeof reported) == sizeof reported) {
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WIFSIGNALED(status));
  ::close(ends[0]);
  return reported;
}

TEST_CASE("a killed process has only recorded whole collections") {
  // In memory: otherwise most kills would hit a process that waits for the
  // disk.
  if (::access("/dev/shm", W_OK) == 0) ::setenv("TMPDIR", "/dev/shm", 1);
  const TempDir folder;
  ::unsetenv("TMPDIR");
  const std::string path = folder / "a.db";
  const std::unique_ptr<Log> log = MakeCallbackLog(
      LogLevel::kError, LogFormat::kLogfmt, [](std::string_view) {});
  // The same collections, recorded by nobody who is killed.
  History in_memory("", *log);
  AccountHistory& model = in_memory.Configure(Emea(), kStart);
  std::uint64_t step = 0;  // the next one
  std::mt19937_64 random(1);
  int between = 0;  // kills between the commit and the report
  for (int i = 0; i < kKills; ++i) {
    const std::uint64_t reported =
        RecordAndKill(path, *log, step, Duration(random() % 10'000'000));
    for (; step <= reported; ++step) RecordStep(model, step);
    History history(path, *log);
    REQUIRE(history.up() == true);
    const WallTime now = StartOf(step);
    const std::string kept = Show(history.Configure(Emea(), now), now);
    model.Configure(Emea(), now);
    if (kept != Show(model, now)) {
      // The next collection was written, but could not be reported any more.
      ++between;
      RecordStep(model, step);
      ++step;
      model.Configure(Emea(), now);
      REQUIRE(kept == Show(model, now));
    }
  }
  MESSAGE(step << " collections, " << kKills << " kills, " << between
               << " of them behind a commit");
}

}  // namespace
}  // namespace operator_connect::history
