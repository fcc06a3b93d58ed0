#ifndef OPERATOR_CONNECT_EXPORTER_COLLECTOR_COLLECTOR_H_
#define OPERATOR_CONNECT_EXPORTER_COLLECTOR_COLLECTOR_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/log.h"
#include "exporter/config/config.h"

namespace operator_connect::collector {

// The text format 0.0.4, and OpenMetrics 1.0.0.
enum class Format { kText, kOpenMetrics };

// The Content-Type of a format, as Prometheus expects it.
std::string_view ContentType(Format format);

// A whole exposition in pieces that are shared, not copied: most of it was
// written when its collection ended. Concatenate them in order.
struct Exposition {
  std::vector<std::shared_ptr<const std::string>> pieces;
  std::size_t size() const;  // bytes of all pieces
};

// One account as the landing page shows it.
struct AccountState {
  struct Part {
    bool enabled = true;
    bool running = false;
    // Of the newest collection; no value: none has ended yet.
    std::optional<bool> success;
    Duration duration{};
    std::uint64_t records = 0;
    std::string problem;                   // in words; safe to show
    std::optional<WallTime> last_success;  // start of the newest good one
  };
  // Tenants asked for their numbers in the newest collection, by how it went.
  struct Tenants {
    std::uint64_t ok = 0;
    std::uint64_t stale = 0;
    std::uint64_t failed = 0;
  };
  std::string name;
  std::string base_url;
  std::optional<bool> up;
  Part leads;
  Part numbers;
  Tenants tenants;
};

// All accounts, what is known of them, and the exporter's own metrics. A
// collection is started by a scrape and by nothing else. Thread-safe.
class Collector {
 public:
  // `clock` and `log` outlive the collector. Starts no thread.
  Collector(const config::Config& config, const Clock& clock, Log& log);
  // Cancels what is under way and waits for it.
  ~Collector();
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  // Starts what is due, waits for what is under way until `deadline` at the
  // latest, and puts together the newest results: of all accounts, with the
  // exporter's own series.
  Exposition Scrape(Format format, const Deadline& deadline);
  // The series with the label of one account alone; nullopt: there is no
  // account of that name.
  std::optional<Exposition> ScrapeAccount(std::string_view name, Format format,
                                          const Deadline& deadline);
  // The exporter's own series alone: build, process, configuration. Starts
  // nothing and never blocks.
  Exposition ScrapeExporter(Format format);

  // Puts a whole new configuration into force. Accounts that stay as they are
  // keep their results, token and connections; collections under way of
  // others end on the old one, and their results are dropped.
  void Reconfigure(const config::Config& config);
  // A new configuration was refused: the metrics tell.
  void ReconfigureFailed();

  // In the order of the configuration. Never blocks.
  std::vector<AccountState> Accounts() const;

  // Cancels every collection under way; scrapes that wait are answered with
  // what there is. Nothing is started any more.
  void Stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace operator_connect::collector

#endif  // OPERATOR_CONNECT_EXPORTER_COLLECTOR_COLLECTOR_H_
