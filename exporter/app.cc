#include "exporter/app.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "exporter/base/mutex.h"
#include "exporter/base/version.h"
#include "exporter/collector/collector.h"
#include "exporter/config/config_watch.h"
#include "exporter/config/load.h"
#include "exporter/config/show.h"
#include "exporter/history/history.h"
#include "exporter/web/endpoints.h"
#include "exporter/web/listener.h"
#include "exporter/web/live_web_config.h"
#include "exporter/web/metrics_source.h"
#include "exporter/web/server.h"

namespace operator_connect {
namespace {

constexpr auto kLongestDrain = std::chrono::seconds(4);

StartErrors ToLines(const config::Problems& problems) {
  StartErrors lines;
  for (const config::Problem& problem : problems) {
    lines.push_back(problem.ToString());
  }
  return lines;
}

// Provides the endpoints with the collector and its configuration.
class Source : public web::MetricsSource {
 public:
  Source(std::string path, config::Config config, config::ConfigWatch watch,
         const Clock& clock, Log& log)
      : path_(std::move(path)),
        log_(log),
        history_(config.history.path, log),
        collector_(config, history_, clock, log),
        watch_(std::move(watch)),
        config_(std::move(config)) {
    watch_.Loaded(config_);
  }

  exposition::Exposition Scrape(exposition::Format format,
                                const Deadline& deadline) override {
    return collector_.Scrape(format, deadline);
  }
  std::optional<exposition::Exposition> ScrapeAccount(
      std::string_view name, exposition::Format format,
      const Deadline& deadline) override {
    return collector_.ScrapeAccount(name, format, deadline);
  }
  exposition::Exposition ScrapeExporter(exposition::Format format) override {
    return collector_.ScrapeExporter(format);
  }
  std::vector<exposition::AccountState> Accounts() const override {
    return collector_.Accounts();
  }
  std::string ConfigYaml() const override {
    MutexLock lock(mutex_);
    return config::ToYaml(config_);
  }

  Result<Done, std::string> Reload() override {
    // Held throughout: the later of two reloads must win.
    MutexLock lock(mutex_);
    watch_.BeginLoad();
    refused_.clear();
    return Take(config::LoadConfig(path_));
  }

  bool ReloadIfChanged() {
    MutexLock lock(mutex_);
    const config::ConfigWatch::Look look = watch_.LookAgain();
    if (look == config::ConfigWatch::Look::kChanging) return false;
    if (look == config::ConfigWatch::Look::kChanged) {
      log_.Info("app", "reload, as the configuration's content has changed");
      refused_.clear();
    } else if (refused_.empty()) {
      return true;
    }
    // A refused configuration is tried again: a missing secret may be there
    // now.
    watch_.BeginLoad();
    Result<config::Config, config::Problems> loaded = config::LoadConfig(path_);
    if (!watch_.IsUnchanged()) return false;
    [[maybe_unused]] const Result<Done, std::string> taken =
        Take(std::move(loaded));
    return true;
  }

  collector::Collector& collector() { return collector_; }

 private:
  // Ends a reload.
  Result<Done, std::string> Take(
      Result<config::Config, config::Problems> loaded) OC_REQUIRES(mutex_) {
    if (!loaded.ok()) {
      collector_.ReconfigureFailed();
      return Refuse(ToLines(loaded.error()));
    }
    collector_.Reconfigure(*loaded);
    config_ = *std::move(loaded);
    watch_.Loaded(config_);
    refused_.clear();
    log_.Info("app", "configuration reloaded",
              {{"accounts", config_.accounts.size()}});
    return Done{};
  }

  std::string Refuse(const StartErrors& lines) OC_REQUIRES(mutex_) {
    std::string reason;
    for (const std::string& line : lines) {
      if (!reason.empty()) reason += '\n';
      reason += line;
    }
    if (reason == refused_) return reason;
    for (const std::string& line : lines) {
      log_.Error("app", "configuration refused, the old one stays",
                 {{"err", line}});
    }
    refused_ = reason;
    return reason;
  }

  const std::string path_;
  Log& log_;
  history::History history_;
  collector::Collector collector_;
  mutable Mutex mutex_;
  config::ConfigWatch watch_ OC_GUARDED_BY(mutex_);
  std::string refused_ OC_GUARDED_BY(mutex_);  // reason of the last refusal
  config::Config config_ OC_GUARDED_BY(mutex_);
};

web::ServerLimits LimitsOf(const Flags& flags) {
  web::ServerLimits limits;
  // One for every allowed scrape, and others besides.
  limits.connections = std::max<std::size_t>(
      limits.connections, static_cast<std::size_t>(flags.max_requests) * 2);
  return limits;
}

Result<std::vector<web::Listener>, std::string> Listen(const Flags& flags) {
  std::vector<web::Listener> activated = web::TakeActivatedListeners();
  if (!activated.empty()) return activated;
  if (flags.systemd_socket) {
    return std::string(
        "--web.systemd-socket: systemd has handed over no socket; start "
        "operator_connect_exporter.socket instead of the service, or write "
        "--web.listen-address");
  }
  return web::OpenListeners(flags.listen_addresses);
}

}  // namespace

class App::Impl {
 public:
  Impl(const Flags& flags, config::Config config, config::ConfigWatch watch,
       std::unique_ptr<web::LiveWebConfig> web_config, const Clock& clock,
       Log& log)
      : source_(flags.config_file, std::move(config), std::move(watch), clock,
                log),
        web_config_(std::move(web_config)),
        endpoints_(flags, source_, *web_config_, clock, log) {}

  // Logs the addresses first: no line of a request comes before them.
  void Serve(std::vector<web::Listener> listeners, const Flags& flags,
             Log& log) {
    const bool tls = web_config_->Current()->tls != nullptr;
    for (const web::Listener& listener : listeners) {
      addresses_.push_back(listener.address);
      log.Info(
          "web", "listening",
          {{"address", listener.address}, {"tls", tls ? "true" : "false"}});
    }
    server_.emplace(
        std::move(listeners), [this] { return web_config_->Current()->tls; },
        [this](const web::Request& request) {
          return endpoints_.Answer(request);
        },
        LimitsOf(flags), log);
  }

  void Drain() {
    endpoints_.BeginDraining();
    // Called first, so that waiting scrapes return now.
    source_.collector().Stop();
    server_->Drain(Deadline::After(kLongestDrain));
  }

  Result<Done, std::string> Reload() { return source_.Reload(); }
  bool ReloadIfChanged() { return source_.ReloadIfChanged(); }
  const std::vector<std::string>& addresses() const { return addresses_; }

 private:
  Source source_;
  const std::unique_ptr<web::LiveWebConfig> web_config_;
  web::Endpoints endpoints_;
  std::vector<std::string> addresses_;
  std::optional<web::Server> server_;
};

Result<std::unique_ptr<App>, StartErrors> App::Start(const Flags& flags,
                                                     const Clock& clock,
                                                     Log& log) {
  config::ConfigWatch watch(flags.config_file);
  Result<config::Config, config::Problems> loaded =
      config::LoadConfig(flags.config_file);
  Result<std::unique_ptr<web::LiveWebConfig>, StartErrors> web_config =
      web::LiveWebConfig::Load(flags.web_config_file, clock, log);
  StartErrors errors;
  if (!loaded.ok()) errors = ToLines(loaded.error());
  if (!web_config.ok()) {
    errors.insert(errors.end(), web_config.error().begin(),
                  web_config.error().end());
  }
  if (!errors.empty()) return errors;
  Result<std::vector<web::Listener>, std::string> listeners = Listen(flags);
  if (!listeners.ok()) return StartErrors{listeners.error()};
  const BuildInfo& build = GetBuildInfo();
  log.Info("app", "starting",
           {{"version", build.version},
            {"revision", build.revision},
            {"accounts", loaded->accounts.size()}});
  auto impl =
      std::make_unique<Impl>(flags, *std::move(loaded), std::move(watch),
                             *std::move(web_config), clock, log);
  impl->Serve(*std::move(listeners), flags, log);
  return std::unique_ptr<App>(new App(std::move(impl)));
}

App::App(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

App::~App() { impl_->Drain(); }

const std::vector<std::string>& App::addresses() const {
  return impl_->addresses();
}

Result<Done, std::string> App::Reload() { return impl_->Reload(); }

bool App::ReloadIfChanged() { return impl_->ReloadIfChanged(); }

void App::Drain() { impl_->Drain(); }

}  // namespace operator_connect
