#include "exporter/web/endpoints.h"

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "exporter/base/version.h"
#include "exporter/web/landing_page.h"
#include "exporter/web/negotiation.h"
#include "exporter/web/scrape_timeout.h"
#include "exporter/web/service_discovery.h"

namespace operator_connect::web {
namespace {

// Below this size compression costs more than it saves.
constexpr std::size_t kWorthCompressing = 1024;
constexpr auto kLongestPasswordCheck = std::chrono::seconds(10);

// The page has its own style and nothing else, and must not be framed.
constexpr std::string_view kContentSecurityPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

// Takes one of the slots for scrapes while it lives.
class Slot {
 public:
  Slot(std::atomic<int>& count, int most)
      : count_(count), free_(count.fetch_add(1) < most) {}
  ~Slot() { count_.fetch_sub(1); }
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;

  bool free() const { return free_; }

 private:
  std::atomic<int>& count_;
  const bool free_;
};

bool IsRead(const Request& request) {
  return request.method == "GET" || request.method == "HEAD";
}

Response WithHeader(Response response, std::string name, std::string value) {
  response.headers.emplace_back(std::move(name), std::move(value));
  return response;
}

// Does not repeat the name, which may be any text.
Response UnknownAccount() {
  return Text(404, "no account of that name is configured");
}

void Compress(const Request& request, Response& response) {
  std::size_t size = response.body.size();
  for (const auto& piece : response.pieces) size += piece->size();
  if (size < kWorthCompressing) return;
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (!AcceptsGzip(request.Header("Accept-Encoding"))) return;
  response.gzip = true;
  if (!response.body.empty()) {
    response.pieces.push_back(
        std::make_shared<const std::string>(std::move(response.body)));
    response.body.clear();
  }
}

std::string ExporterPath(const std::string& telemetry_path) {
  return telemetry_path.back() == '/' ? telemetry_path + "exporter"
                                      : telemetry_path + "/exporter";
}

}  // namespace

enum class Endpoints::Endpoint {
  kUnknown,
  kLanding,
  kMetrics,
  kExporter,
  kProbe,
  kDiscovery,
  kHealthy,
  kReady,
  kReload,
  kConfig,
};

Endpoints::Endpoints(EndpointOptions options, MetricsSource& source,
                     LiveWebConfig& web_config, const Clock& clock, Log& log)
    : options_(std::move(options)),
      exporter_path_(ExporterPath(options_.telemetry_path)),
      source_(source),
      web_config_(web_config),
      clock_(clock),
      log_(log) {}

Response Endpoints::Answer(const Request& request) {
  const std::shared_ptr<const WebState> state = web_config_.Current();
  const Endpoint endpoint = Find(request.path);
  std::optional<Response> refused = Refuse(request, endpoint, state->config);
  Response response =
      refused ? *std::move(refused) : Dispatch(request, endpoint);
  Compress(request, response);
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : state->config.headers) {
    response.headers.emplace_back(name, value);
  }
  return response;
}

Endpoints::Endpoint Endpoints::Find(const std::string& path) const {
  if (path == options_.telemetry_path) return Endpoint::kMetrics;
  if (path == exporter_path_) return Endpoint::kExporter;
  if (path == "/") return Endpoint::kLanding;
  if (path == "/probe") return Endpoint::kProbe;
  if (path == "/sd") return Endpoint::kDiscovery;
  if (path == "/config") return Endpoint::kConfig;
  if (path == "/-/healthy") return Endpoint::kHealthy;
  if (path == "/-/ready") return Endpoint::kReady;
  if (path == "/-/reload") return Endpoint::kReload;
  return Endpoint::kUnknown;
}

// Checks rate limit, password, path and method, in this order: a client without
// a password learns nothing about paths.
std::optional<Response> Endpoints::Refuse(const Request& request,
                                          Endpoint endpoint,
                                          const config::WebConfig& web_config) {
  if (!rate_limiter_.Allow(web_config.rate_limit, request.received)) {
    return WithHeader(Text(429, "too many requests"), "Retry-After", "1");
  }
  const bool open =
      options_.health_without_auth &&
      (endpoint == Endpoint::kHealthy || endpoint == Endpoint::kReady);
  if (!web_config.basic_auth_users.empty() && !open) {
    switch (basic_auth_.Check(
        web_config.basic_auth_users, request.Header("Authorization"),
        DeadlineOf(request).Within(kLongestPasswordCheck))) {
      case BasicAuth::Verdict::kRight:
        break;
      case BasicAuth::Verdict::kWrong:
        return WithHeader(Text(401, "unauthorized"), "WWW-Authenticate",
                          "Basic realm=\"operator_connect_exporter\"");
      case BasicAuth::Verdict::kBusy:
        return WithHeader(Text(503, "too many passwords to check"),
                          "Retry-After", "1");
    }
  }
  if (endpoint == Endpoint::kUnknown) return Text(404, "not found");
  const bool reload = endpoint == Endpoint::kReload;
  if (reload ? request.method != "POST" : !IsRead(request)) {
    return WithHeader(Text(405, "method not allowed"), "Allow",
                      reload ? "POST" : "GET, HEAD");
  }
  return std::nullopt;
}

Response Endpoints::Dispatch(const Request& request, Endpoint endpoint) {
  switch (endpoint) {
    case Endpoint::kLanding:
      return Landing();
    case Endpoint::kMetrics:
    case Endpoint::kExporter:
    case Endpoint::kProbe:
      return Scrape(request, endpoint);
    case Endpoint::kDiscovery:
      return Discovery(request);
    case Endpoint::kHealthy:
      return Text(200, "healthy");
    case Endpoint::kReady:
      return draining_ ? Text(503, "draining") : Text(200, "ready");
    case Endpoint::kReload:
      return Reload();
    case Endpoint::kConfig: {
      Response response;
      response.body = source_.ConfigYaml();
      return WithHeader(std::move(response), "Cache-Control", "no-store");
    }
    case Endpoint::kUnknown:
      break;
  }
  return Text(404, "not found");
}

Response Endpoints::Landing() const {
  LandingPageData data;
  data.version = GetBuildInfo().version;
  data.telemetry_path = options_.telemetry_path;
  data.exporter_path = exporter_path_;
  data.accounts = source_.Accounts();
  data.now = clock_.Wall();
  Response response;
  response.content_type = "text/html; charset=utf-8";
  response.body = LandingPage(data);
  response.headers = {
      {"Content-Security-Policy", std::string(kContentSecurityPolicy)},
      {"Referrer-Policy", "no-referrer"},
      {"X-Frame-Options", "DENY"},
      {"Cache-Control", "no-store"},
  };
  return response;
}

Response Endpoints::Scrape(const Request& request, Endpoint endpoint) {
  if (endpoint == Endpoint::kProbe) {
    const std::optional<std::string> account = request.Query("account");
    if (!account || account->empty()) {
      return Text(400, "say which account: /probe?account=NAME");
    }
  }
  if (request.method == "HEAD") {
    if (endpoint == Endpoint::kProbe &&
        !KnowsAccount(*request.Query("account"))) {
      return UnknownAccount();
    }
    Response response;
    response.content_type = ChooseFormat(request.Header("Accept")).content_type;
    response.unknown_length = true;
    return response;
  }
  if (endpoint == Endpoint::kExporter) {
    return Collect(request, endpoint, DeadlineOf(request));  // never waits
  }
  const Slot slot(scrapes_, options_.max_requests);
  if (!slot.free()) {
    return WithHeader(Text(503, "too many scrapes at once"), "Retry-After",
                      "1");
  }
  return Collect(request, endpoint, DeadlineOf(request));
}

Deadline Endpoints::DeadlineOf(const Request& request) const {
  return Deadline(ScrapeDeadline(request.Header(kScrapeTimeoutHeader), options_,
                                 request.received),
                  request.hung_up);
}

Response Endpoints::Collect(const Request& request, Endpoint endpoint,
                            const Deadline& deadline) {
  ChosenFormat chosen = ChooseFormat(request.Header("Accept"));
  std::optional<exposition::Exposition> exposition;
  if (endpoint == Endpoint::kMetrics) {
    exposition = source_.Scrape(chosen.format, deadline);
  } else if (endpoint == Endpoint::kExporter) {
    exposition = source_.ScrapeExporter(chosen.format);
  } else {
    exposition =
        source_.ScrapeAccount(request.Query("account").value_or(std::string()),
                              chosen.format, deadline);
  }
  if (!exposition) return UnknownAccount();
  Response response;
  response.content_type = std::move(chosen.content_type);
  response.pieces = std::move(exposition->pieces);
  return response;
}

bool Endpoints::KnowsAccount(const std::string& name) const {
  for (const exposition::AccountState& account : source_.Accounts()) {
    if (account.name == name) return true;
  }
  return false;
}

Response Endpoints::Discovery(const Request& request) const {
  DiscoveryContext context;
  context.address = request.Header("Host");
  if (request.headers.count("Host") != 1 || !IsAddress(context.address)) {
    return Text(400, "the Host header must be host or host:port");
  }
  context.scheme = request.encrypted ? "https" : "http";
  context.exporter_path = exporter_path_;
  std::vector<std::string> accounts;
  for (const exposition::AccountState& account : source_.Accounts()) {
    accounts.push_back(account.name);
  }
  Response response;
  response.content_type = "application/json; charset=utf-8";
  response.body = DiscoveryJson(context, accounts);
  return response;
}

Response Endpoints::Reload() {
  if (!options_.enable_lifecycle) {
    return Text(403, "reload is off: start with --web.enable-lifecycle");
  }
  log_.Info("web", "reload asked for");
  const Result<Done, std::string> reloaded = source_.Reload();
  if (!reloaded.ok()) {
    return Text(500, "reload refused, the old configuration stays: " +
                         reloaded.error());
  }
  return Text(200, "configuration reloaded");
}

}  // namespace operator_connect::web
