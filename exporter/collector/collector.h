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

// All accounts, what is known of them, and the exporter's own metrics. A
// collection is started by a scrape and by nothing else. Thread-safe.
class Collector {
 public:
  // `history`, `clock` and `log` outlive the collector. Starts no thread.
  Collector(const config::Config& config, history::History& history,
            const Clock& clock, Log& log);
  // Cancels what is under way and waits for it.
  ~Collector();
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  // Starts what is due, waits for what is under way until `deadline` at the
  // latest, and puts together the newest results: of all accounts, with the
  // exporter's own series.
  exposition::Exposition Scrape(exposition::Format format,
                                const Deadline& deadline);
  // The series with the label of one account alone; nullopt: there is no
  // account of that name.
  std::optional<exposition::Exposition> ScrapeAccount(std::string_view name,
                                                      exposition::Format format,
                                                      const Deadline& deadline);
  // The exporter's own series alone: build, process, configuration. Starts
  // nothing and never blocks.
  exposition::Exposition ScrapeExporter(exposition::Format format);

  // Puts a whole new configuration into force. Accounts that stay as they are
  // keep their results, token and connections; collections under way of
  // others end on the old one, and their results are dropped.
  void Reconfigure(const config::Config& config);
  // A new configuration was refused: the metrics tell.
  void ReconfigureFailed();

  // In the order of the configuration. Never blocks.
  std::vector<exposition::AccountState> Accounts() const;

  // Cancels every collection under way; scrapes that wait are answered with
  // what there is. Nothing is started any more.
  void Stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace operator_connect::collector

#endif  // OPERATOR_CONNECT_EXPORTER_COLLECTOR_COLLECTOR_H_
