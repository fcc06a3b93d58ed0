#include "tests/integration/fixture.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "tests/support/temp_dir.h"

namespace operator_connect::integration {

using namespace std::chrono_literals;

namespace {

// Texts that must never be exposed: the estate's people and telephone numbers,
// the secret, tokens, and parts of the simulator's error bodies and login page.
constexpr std::string_view kForbidden[] = {"simulated-secret",
                                           "simulated-default-",
                                           "eeeeeeeeeeee",
                                           "Jordan",
                                           "Avery",
                                           "jordan.avery",
                                           "contoso.example",
                                           "+1425",
                                           "4255550100",
                                           "@fabrikam",
                                           "Sign in",
                                           "<html>",
                                           "Simulated.",
                                           "Trace ID",
                                           "about:blank",
                                           "Bearer "};

simulator::SimulatorOptions OptionsOf(const StackOptions& options) {
  simulator::SimulatorOptions made;
  made.seed = options.seed;
  if (options.tls) {
    made.certificate_file = CertificateFolder() + "/cert.pem";
    made.key_file = CertificateFolder() + "/key.pem";
  }
  return made;
}

config::Account AccountOf(simulator::Platform& platform, bool tls) {
  const simulator::PlatformOptions options = platform.options();
  config::Account account;
  account.name = platform.name();
  account.base_url = platform.BaseUrl();
  account.oauth2.emplace();
  account.oauth2->client_id = options.client_id;
  account.oauth2->client_secret = config::Secret{options.client_secret, ""};
  account.oauth2->token_url = platform.TokenUrl();
  account.oauth2->scopes = {options.scope};
  account.requests_per_second = 0;
  account.request_timeout = 20s * kSlowness;
  // Removed tenants are asked in parallel to everything else: only tests about
  // them enable that.
  account.numbers.removed_tenants_interval = Duration::zero();
  if (tls) {
    account.tls_config.ca_file = CertificateFolder() + "/ca.pem";
    account.oauth2->tls_config = account.tls_config;
  }
  return account;
}

}  // namespace

std::string CertificateFolder(const std::string& name) {
  static Mutex mutex;
  static std::map<std::string, TempDir> folders;
  MutexLock lock(mutex);
  const auto found = folders.try_emplace(name);
  const std::string& path = found.first->second.path();
  if (found.second) simulator::MakeSelfSigned(path);
  return path;
}

Outlet::Outlet()
    : log_(MakeCallbackLog(
          LogLevel::kDebug, LogFormat::kLogfmt,
          [this](std::string_view line) { Add(std::string(line) + "\n"); })) {}

void Outlet::Add(std::string_view text) {
  MutexLock lock(mutex_);
  text_ += text;
}

std::string Outlet::Text() const {
  MutexLock lock(mutex_);
  return text_;
}

std::string Outlet::Leaks() const {
  const std::string text = Text();
  std::string leaks;
  for (const std::string_view word : kForbidden) {
    const std::size_t at = text.find(word);
    if (at == std::string::npos) continue;
    const std::size_t begin = text.rfind('\n', at) + 1;
    leaks += text.substr(begin, text.find('\n', at) - begin) + "\n";
  }
  return leaks;
}

Stack::Stack(const StackOptions& options) : simulator(OptionsOf(options)) {
  simulator::GenerateOptions generate;
  generate.seed = options.seed;
  generate.tenants = options.tenants;
  generate.numbers_per_tenant = options.numbers_per_tenant;
  generate.uniform = options.uniform;
  generate.now =
      std::chrono::floor<std::chrono::seconds>(clock.Wall().time_since_epoch())
          .count();
  estate().Replace(simulator::Generate(generate));
  config.collection.leads = {60s, 2h, 20s * kSlowness};
  config.collection.numbers = {60s, 2h, 20s * kSlowness};
  config.accounts = {AccountOf(platform(), options.tls)};
}

Stack::~Stack() = default;

void Stack::Start() {
  collector_ = std::make_unique<collector::Collector>(config, history, clock,
                                                      outlet.log());
}

void Stack::UseBearer() {
  account().oauth2.reset();
  account().authorization.emplace();
  account().authorization->credentials.value = platform().IssueToken();
}

void Stack::SetTimeouts(Duration timeout) {
  config.collection.leads.timeout = timeout;
  config.collection.numbers.timeout = timeout;
  collector_->Reconfigure(config);
}

void Stack::PassInterval() {
  clock.Pass(std::max(config.collection.leads.min_interval,
                      config.collection.numbers.min_interval) +
             1s);
}

void Stack::PassMaxAge() {
  clock.Pass(std::max(config.collection.leads.max_age,
                      config.collection.numbers.max_age) +
             1s);
}

std::string Stack::Scrape(Duration within) {
  const exposition::Exposition exposition =
      collector_->Scrape(exposition::Format::kText, Deadline::After(within));
  std::string text;
  for (const auto& piece : exposition.pieces) text += *piece;
  outlet.Add(text);
  return text;
}

Samples Stack::ScrapeEstate(Duration within) {
  return EstateOf(Scrape(within));
}

Samples EstateOf(const std::string& text) {
  Samples samples = simulator::ParseExposition(text, simulator::TruthMetrics());
  // The simulator keeps no history; dropped series of it are tested elsewhere.
  std::erase_if(samples, [](const auto& sample) {
    return sample.first.find("tenant_lifecycle_since") != std::string::npos;
  });
  return samples;
}

bool Stack::ScrapeUntil(const std::function<bool(const Samples&)>& done) {
  const Deadline deadline = Deadline::After(kLong * kSlowness);
  while (!deadline.expired()) {
    if (done(simulator::ParseExposition(Scrape(20ms)))) return true;
  }
  return false;
}

simulator::TruthSettings Stack::Settings() const {
  const config::Account& account = config.accounts.front();
  simulator::TruthSettings settings;
  settings.account = account.name;
  settings.now = clock.Wall();
  settings.exclude_tenants = account.exclude_tenants;
  settings.channel_id = account.channel_id;
  using Details = simulator::TruthSettings::Details;
  settings.details = account.leads.details == config::LeadDetails::kAll
                         ? Details::kAll
                     : account.leads.details == config::LeadDetails::kNone
                         ? Details::kNone
                         : Details::kAttention;
  settings.details_limit =
      static_cast<std::size_t>(account.leads.details_limit);
  settings.removed_for = account.leads.removed_for;
  settings.numbers_enabled = account.numbers.enabled;
  settings.exclude_statuses = account.numbers.exclude_statuses;
  using Orphans = simulator::TruthSettings::Orphans;
  settings.orphans =
      account.numbers.api == config::NumbersApi::kV3 ? Orphans::kAll
      : account.numbers.removed_tenants_interval > Duration::zero()
          ? Orphans::kRemoved
          : Orphans::kNotAsked;
  settings.tenant_series = account.numbers.tenant_series;
  settings.tenant_series_limit =
      static_cast<std::size_t>(account.numbers.tenant_series_limit);
  return settings;
}

Samples Stack::Truth() const {
  const simulator::EstateSnapshot data =
      const_cast<simulator::Simulator&>(simulator)
          .account()
          .estate()
          .Snapshot();
  return simulator::Truth(*data, Settings());
}

std::set<std::string> Stack::Asked() const {
  const simulator::EstateSnapshot data =
      const_cast<simulator::Simulator&>(simulator)
          .account()
          .estate()
          .Snapshot();
  return simulator::AskedTenants(*data, Settings());
}

CheckedStack::~CheckedStack() { CHECK(Leaks() == ""); }

double Value(const Samples& samples, std::string_view name,
             std::vector<std::pair<std::string, std::string>> labels) {
  labels.emplace_back("account", "default");
  const auto found = samples.find(simulator::SampleKey(name, labels));
  return found == samples.end() ? -1 : found->second;
}

double Value(const std::string& text, std::string_view name,
             std::vector<std::pair<std::string, std::string>> labels) {
  return Value(simulator::ParseExposition(text, {std::string(name)}), name,
               std::move(labels));
}

Samples ShownNumbers(const simulator::EstateData& estate,
                     const simulator::TruthSettings& settings) {
  Samples truth = simulator::NumbersTruth(estate, settings);
  const std::size_t asked = simulator::AskedTenants(estate, settings).size();
  if (asked == 0 || settings.failed.size() < asked) return truth;
  for (auto sample = truth.begin(); sample != truth.end();) {
    const bool says_so =
        sample->first.rfind("operator_connect_tenants{", 0) == 0 ||
        sample->first.rfind("operator_connect_tenant_failed{", 0) == 0;
    sample = says_so ? std::next(sample) : truth.erase(sample);
  }
  return truth;
}

Samples operator+(Samples a, Samples b) {
  a.merge(b);
  return a;
}

}  // namespace operator_connect::integration
