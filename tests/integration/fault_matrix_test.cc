#include "tests/integration/fault_matrix.h"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

namespace operator_connect::integration {

namespace {

// Most of a row's time is spent waiting.
constexpr std::size_t kThreads = 40;

}  // namespace

std::string ToString(Part part) {
  switch (part) {
    case Part::kLeads:
      return "leads";
    case Part::kTenant:
      return "numbers of one";
    case Part::kNumbers:
      return "numbers";
    case Part::kToken:
      return "token";
    case Part::kPlatform:
      return "leads, numbers";
  }
  return "";
}

TEST_CASE("every fault is told, and costs no more than it must") {
  const std::vector<Row> rows = FaultRows();
  std::vector<std::string> verdicts(rows.size());
  std::atomic<std::size_t> next = 0;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (std::size_t row = next++; row < rows.size(); row = next++) {
        verdicts[row] = RunRow(rows[row]);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::printf("%-34s %-15s %-6s %-24s %s\n", "fault", "hits", "scheme",
              "reason", "verdict");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    std::printf("%-34s %-15s %-6s %-24s %s\n", row.fault.c_str(),
                ToString(row.part).c_str(), row.tls ? "https" : "http",
                row.reason.empty() ? "none: no harm" : row.reason.c_str(),
                verdicts[i].empty() ? "ok" : "WRONG");
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CAPTURE(rows[i].fault);
    CAPTURE(ToString(rows[i].part));
    CAPTURE(rows[i].tls);
    CHECK(verdicts[i] == "");
  }
}

}  // namespace operator_connect::integration
