#include "exporter/once.h"

#include <cerrno>
#include <cstdint>
#include <iomanip>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "exporter/collector/collector.h"
#include "exporter/config/load.h"
#include "exporter/history/history.h"

namespace operator_connect {
namespace {

std::string Seconds(Duration duration) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(1) << ToSeconds(duration) << " s";
  return text.str();
}

// `counted` names the records.
std::string Describe(const exposition::AccountState::Part& part,
                     std::string_view counted) {
  if (!part.enabled) return "off";
  if (!part.success) return "not collected";
  if (!*part.success) {
    return "FAILED after " + Seconds(part.duration) + ": " + part.problem;
  }
  return "ok, " + std::to_string(part.records) + " " + std::string(counted) +
         " in " + Seconds(part.duration);
}

std::string DescribeTenants(const exposition::AccountState::Tenants& tenants) {
  const std::uint64_t failed = tenants.stale + tenants.failed;
  std::string text =
      "numbers of " + std::to_string(tenants.ok + failed) + " tenants";
  if (failed > 0) {
    text += ", of which " + std::to_string(failed) +
            " failed (operator_connect_tenant_failed names them),";
  }
  return text;
}

// Prints one line for people: the results, or the failures and their meaning.
void PrintPreflight(const exposition::AccountState& account,
                    std::ostream& err) {
  err << account.name << " at " << account.base_url << ": "
      << (account.up.value_or(false) ? "ok" : "FAILED") << "; leads "
      << Describe(account.leads, "leads") << "; numbers "
      << Describe(account.numbers, DescribeTenants(account.tenants)) << '\n';
}

// False: not everything could be written; the reason is in `err`.
bool Print(const exposition::Exposition& exposition, std::ostream& out,
           std::ostream& err) {
  errno = 0;
  for (const auto& piece : exposition.pieces) {
    if (!(out << *piece)) break;
  }
  if (out.flush()) return true;
  const int reason = errno;
  err << "cannot write the metrics to standard output";
  if (reason != 0) err << ": " << std::generic_category().message(reason);
  err << '\n';
  return false;
}

}  // namespace

int CollectOnce(const Flags& flags, const Clock& clock, Log& log,
                std::ostream& out, std::ostream& err) {
  const Result<config::Config, config::Problems> loaded =
      config::LoadConfig(flags.config_file);
  if (!loaded.ok()) {
    for (const config::Problem& problem : loaded.error()) {
      err << problem.ToString() << '\n';
    }
    return 1;
  }
  // In memory: the file belongs to the exporter that serves.
  history::History history("", log);
  collector::Collector collector(*loaded, history, clock, log);
  const exposition::Exposition exposition =
      collector.Scrape(exposition::Format::kText, Deadline::Never());
  bool good = Print(exposition, out, err);
  for (const exposition::AccountState& account : collector.Accounts()) {
    PrintPreflight(account, err);
    good = good && account.up.value_or(false);
  }
  return good ? 0 : 1;
}

}  // namespace operator_connect
