// history_bench FILE COLLECTIONS [TENANTS]: records the first collection of an
// account in a new history file, and COLLECTIONS more in which nothing has
// changed. For callgrind: the difference between two runs is the cost of those.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "exporter/base/log.h"
#include "exporter/history/history.h"
#include "tests/bench/leads.h"

using namespace operator_connect;

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: history_bench FILE COLLECTIONS [TENANTS]\n", stderr);
    return 2;
  }
  std::remove(argv[1]);
  const long collections = std::strtol(argv[2], nullptr, 10);
  const std::size_t tenants =
      argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 10'000;
  live_platform::AllLeads read;
  for (std::size_t i = 0; i < tenants; ++i) {
    read.leads.push_back(BenchLead(i));
    if (i % 10 == 0) read.leads.back().status = live_platform::kLeadRemoved;
  }
  config::Account account;
  account.name = "emea";

  const std::unique_ptr<Log> log =
      MakeStderrLog(LogLevel::kError, LogFormat::kLogfmt);
  WallTime now{std::chrono::seconds(1767225600)};
  history::History history(argv[1], *log);
  history::AccountHistory& lives = history.Configure(account, now);
  for (long i = 0; i <= collections; ++i) {
    now += std::chrono::minutes(1);
    lives.Record(account, read, now);
  }
  return history.up() == true ? 0 : 1;
}
