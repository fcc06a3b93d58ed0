#ifndef OPERATOR_CONNECT_EXPORTER_COLLECTOR_COLLECTOR_H_
#define OPERATOR_CONNECT_EXPORTER_COLLECTOR_COLLECTOR_H_

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/log.h"
#include "exporter/config/config.h"
#include "exporter/exposition/account_state.h"
#include "exporter/exposition/exposition.h"
#include "exporter/history/history.h"

namespace operator_connect::collector {

// All accounts, their results, and the exporter's own metrics. Only a scrape
// starts a collection. Thread-safe.
class Collector {
 public:
  // `history`, `clock` and `log` outlive the collector. Starts no thread.
  Collector(const config::Config& config, history::History& history,
            const Clock& clock, Log& log);
  // Cancels all collections and waits for them.
  ~Collector();
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  // Starts the collections that are due, waits for those under way, but no
  // longer than `deadline`, and returns the newest results of all accounts with
  // the exporter's own series.
  exposition::Exposition Scrape(exposition::Format format,
                                const Deadline& deadline);
  // Does the same for one account, without the exporter's own series; nullopt:
  // there is no account of that name.
  std::optional<exposition::Exposition> ScrapeAccount(std::string_view name,
                                                      exposition::Format format,
                                                      const Deadline& deadline);
  // Returns only the exporter's own series: build, process, configuration.
  // Starts nothing and never blocks.
  exposition::Exposition ScrapeExporter(exposition::Format format);

  // Puts a new configuration into force. Unchanged accounts keep their results,
  // token and connections. Collections under way of all others end with the old
  // configuration, and their results are dropped.
  void Reconfigure(const config::Config& config);
  // Sets the metric of a refused configuration.
  void ReconfigureFailed();

  // In the order of the configuration. Never blocks.
  std::vector<exposition::AccountState> Accounts() const;

  // Cancels all collections. Waiting scrapes return the present results.
  // Nothing is started afterwards.
  void Stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace operator_connect::collector

#endif  // OPERATOR_CONNECT_EXPORTER_COLLECTOR_COLLECTOR_H_
