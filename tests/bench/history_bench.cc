// history_bench FILE COLLECTIONS [TENANTS]: records the first collection of an
// account in a new history file, and COLLECTIONS more in which nothing has
// changed. For callgrind: the difference between two runs is the cost of those.

#include <cstdio>
#include <cstdlib>
#include <string>

#include "exporter/history/history.h"

namespace {

using namespace operator_connect;

live_platform::Lead MakeLead(std::size_t index) {
  char id[64];
  std::snprintf(id, sizeof id, "%08zx-6cbd-484d-b4ba-%012zx",
                index * 2654435761u % 0xffffffffu, index);
  live_platform::Lead lead;
  lead.key = lead.id = lead.tenant_id = lead.tenant = id;
  lead.company = "Northwind Logistics GmbH " + std::to_string(index);
  lead.status = index % 10 == 0 ? live_platform::kLeadRemoved
                                : live_platform::kLeadActive;
  lead.licensed = index % 4 != 0;
  lead.consented = WallTime(std::chrono::seconds(1700000000 + index));
  lead.modified = WallTime(std::chrono::seconds(1750000000 + index));
  return lead;
}

}  // namespace

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
  for (std::size_t i = 0; i < tenants; ++i) read.leads.push_back(MakeLead(i));
  config::Account account;
  account.name = "emea";

  const std::unique_ptr<Log> log = MakeCallbackLog(
      LogLevel::kError, LogFormat::kLogfmt, [](std::string_view line) {
        std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()),
                     line.data());
      });
  WallTime now{std::chrono::seconds(1767225600)};
  history::History history(argv[1], *log);
  history::AccountHistory& lives = history.Configure(account, now);
  for (long i = 0; i <= collections; ++i) {
    now += std::chrono::minutes(1);
    lives.Record(account, read, now);
  }
  return history.up() == true ? 0 : 1;
}
