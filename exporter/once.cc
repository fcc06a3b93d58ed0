#include <ostream>
#include <string>
#include <vector>

#include "exporter/app.h"
#include "exporter/collector/collector.h"
#include "exporter/config/load.h"

namespace operator_connect {
namespace {

std::string Describe(const collector::AccountState::Part& part) {
  if (!part.enabled) return "off";
  if (!part.success) return "not collected";
  std::string text = *part.success ? "ok" : "failed";
  if (!part.problem.empty()) text += " (" + part.problem + ")";
  return text;
}

// One line for people: what was reached, and what it means if it was not.
void PrintPreflight(const collector::AccountState& account, std::ostream& err) {
  err << account.name << ": " << (account.up.value_or(false) ? "ok" : "FAILED")
      << ": leads " << Describe(account.leads) << ", numbers "
      << Describe(account.numbers) << '\n';
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
  collector::Collector collector(*loaded, clock, log);
  const collector::Exposition exposition =
      collector.Scrape(collector::Format::kText, Deadline::Never());
  for (const auto& piece : exposition.pieces) out << *piece;
  out.flush();
  bool good = static_cast<bool>(out);
  for (const collector::AccountState& account : collector.Accounts()) {
    PrintPreflight(account, err);
    good = good && account.up.value_or(false);
  }
  return good ? 0 : 1;
}

}  // namespace operator_connect
