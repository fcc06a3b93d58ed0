#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_WEB_FIXTURE_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_WEB_FIXTURE_H_

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/file_descriptor.h"
#include "exporter/base/log.h"
#include "exporter/web/endpoints.h"
#include "exporter/web/live_web_config.h"
#include "exporter/web/metrics_source.h"
#include "exporter/web/server.h"
#include "tests/support/temp_dir.h"

namespace operator_connect::web {

// Metrics of two accounts, "emea" and "apac", that show the request.
class FakeSource : public MetricsSource {
 public:
  exposition::Exposition Scrape(exposition::Format format,
                                const Deadline& deadline) override;
  std::optional<exposition::Exposition> ScrapeAccount(
      std::string_view name, exposition::Format format,
      const Deadline& deadline) override;
  exposition::Exposition ScrapeExporter(exposition::Format format) override;
  std::vector<exposition::AccountState> Accounts() const override;
  Result<Done, std::string> Reload() override;
  std::string ConfigYaml() const override { return "accounts: []\n"; }

  // Set before serving; called inside a scrape.
  std::function<void(const Deadline&)> on_scrape;
  std::function<Result<Done, std::string>()> on_reload;
  std::string text = "metrics\n";
  std::vector<exposition::AccountState> accounts = DefaultAccounts();
  std::atomic<int> scrapes = 0;

 private:
  static std::vector<exposition::AccountState> DefaultAccounts();
};

// One response as a client received it.
struct Answer {
  int status = 0;  // 0: the connection ended before one
  std::string head;
  std::string body;
  // The first value of a header; empty: it is absent.
  std::string Header(const std::string& name) const;
};

// A client that can send anything. Each of its waits ends after 20 seconds.
class RawClient {
 public:
  explicit RawClient(int port);
  bool Send(std::string_view bytes);  // false: the server has ended
  void FinishSending();
  Answer Read(bool head_only = false);
  std::string ReadToEnd();
  bool ServerHasEnded();  // waits for it
  int fd() const { return socket_.get(); }

 private:
  bool Receive();
  FileDescriptor socket_;
  std::string in_;
};

// Endpoints and server on a free loopback port, with a fake source.
class WebFixture {
 public:
  explicit WebFixture(EndpointOptions options = {},
                      const std::string& web_config_path = "",
                      const ServerLimits& limits = {});
  // Starts serving; change settings before.
  void Start();

  int port() const { return port_; }
  // Sends one request on a new connection. `headers` end with CRLF each.
  Answer Ask(const std::string& method, const std::string& target,
             const std::string& headers = "") const;
  Answer Get(const std::string& target, const std::string& headers = "") const {
    return Ask("GET", target, headers);
  }
  std::string log() const;

  FakeSource source;
  std::unique_ptr<LiveWebConfig> web_config;
  std::unique_ptr<Endpoints> endpoints;
  std::unique_ptr<Server> server;

 private:
  mutable std::mutex mutex_;
  std::string log_text_;
  SystemClock clock_;
  std::unique_ptr<Log> log_;
  const ServerLimits limits_;
  int port_ = 0;
};

// The port at the end of an address.
int PortOf(const std::string& address);

// The content of a gzip stream; nullopt: it is not whole.
std::optional<std::string> Gunzip(const std::string& packed);
// The content of a chunked body; nullopt: it is cut short.
std::optional<std::string> Unchunk(const std::string& body);

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_WEB_FIXTURE_H_
