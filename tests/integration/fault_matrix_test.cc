// The fault matrix. To run one row, or those of one fault:
//
//   OC_FAULT="gzip bomb: leads by http" build/integration -tc="every fault*"
//
// The table contains the rows' names; any part of a name selects a row.

#include "tests/integration/fault_matrix.h"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace operator_connect::integration {
namespace {

// A row spends most of its time waiting.
constexpr std::size_t kThreads = 40;

std::string NameOf(const Row& row) {
  return row.fault + ": " + ToString(row.part) +
         (row.tls ? " by https" : " by http");
}

// All rows, or those selected by the environment.
std::vector<Row> WantedRows() {
  const char* const wanted = std::getenv("OC_FAULT");
  std::vector<Row> rows = FaultRows();
  if (wanted == nullptr) return rows;
  std::erase_if(rows, [&](const Row& row) {
    return NameOf(row).find(wanted) == std::string::npos;
  });
  return rows;
}

TEST_CASE("every fault is reported, and costs no more than it must") {
  const std::vector<Row> rows = WantedRows();
  REQUIRE_FALSE(rows.empty());
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
  std::printf("%-58s %-24s %s\n", "fault", "reason", "verdict");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string name = NameOf(rows[i]);
    const std::string& reason = rows[i].reason;
    std::printf("%-58s %-24s %s\n", name.c_str(),
                reason.empty() ? "none: no harm" : reason.c_str(),
                verdicts[i].empty() ? "ok" : "WRONG");
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CAPTURE(NameOf(rows[i]));
    CHECK(verdicts[i] == "");
  }
}

TEST_CASE("every row of the fault matrix has a different name") {
  std::set<std::string> names;
  for (const Row& row : FaultRows()) {
    CAPTURE(NameOf(row));
    CHECK(names.insert(NameOf(row)).second);
  }
}

}  // namespace
}  // namespace operator_connect::integration
