#include "tests/simulator/simulator_impl.h"

#include <algorithm>
#include <utility>

#include "tests/simulator/play_fault.h"

namespace operator_connect::simulator {

namespace {

constexpr std::string_view kControl = "/_simulator/";
constexpr std::string_view kTokenPath = "/oauth2/v2.0/token";

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() &&
         text.substr(text.size() - end.size()) == end;
}

std::string MakeUrl(const SimulatorOptions& options, const Server& server) {
  const bool v6 = options.address.find(':') != std::string::npos;
  return std::string(server.tls() ? "https://" : "http://") +
         (v6 ? "[" + options.address + "]" : options.address) + ":" +
         std::to_string(server.port());
}

Request Describe(const HttpRequest& http, Endpoint endpoint,
                 const Platform::Impl* platform) {
  Request request;
  if (platform != nullptr) request.account = platform->name;
  request.endpoint = endpoint;
  request.method = http.method;
  request.path = http.path;
  request.params =
      endpoint == Endpoint::kToken ? ParseForm(http.body) : http.query;
  request.headers = http.headers;
  return request;
}

}  // namespace

Simulator::Impl::Impl(Simulator& owner, const SimulatorOptions& options)
    : server(options), owner_(owner), random_(options.seed) {
  url = MakeUrl(options, server);
  AddAccount("default", "", {});
}

void Simulator::Impl::Start() {
  server.Start([this](Stream& stream) { Serve(stream); });
}

Simulator::Impl::~Impl() { server.Stop(); }

Platform& Simulator::Impl::AddAccount(const std::string& name,
                                      const std::string& prefix,
                                      PlatformOptions options) {
  const MutexLock lock(mutex_);
  platforms_.push_back(std::make_unique<Platform>(
      std::make_unique<Platform::Impl>(name, url, prefix, std::move(options))));
  return *platforms_.back();
}

Platform* Simulator::Impl::FindAccount(std::string_view name) {
  const MutexLock lock(mutex_);
  for (const auto& platform : platforms_) {
    if (platform->name() == name) return platform.get();
  }
  return nullptr;
}

std::vector<Platform*> Simulator::Impl::Accounts() {
  const MutexLock lock(mutex_);
  std::vector<Platform*> accounts;
  for (const auto& platform : platforms_) accounts.push_back(platform.get());
  return accounts;
}

std::uint64_t Simulator::Impl::AddFault(Fault fault) {
  const MutexLock lock(mutex_);
  Picker picker(fault.match);
  faults_.emplace(next_fault_, ActiveFault{std::move(fault), picker, false});
  return next_fault_++;
}

void Simulator::Impl::RemoveFault(std::uint64_t id) {
  const MutexLock lock(mutex_);
  const auto found = faults_.find(id);
  if (found != faults_.end()) found->second.removed = true;
}

void Simulator::Impl::ClearFaults() {
  const MutexLock lock(mutex_);
  for (auto& [id, active] : faults_) active.removed = true;
}

std::size_t Simulator::Impl::FaultHits(std::uint64_t id) const {
  const MutexLock lock(mutex_);
  const auto found = faults_.find(id);
  return found == faults_.end()
             ? 0
             : static_cast<std::size_t>(found->second.picker.hits());
}

std::vector<std::pair<std::uint64_t, Fault>> Simulator::Impl::Faults() const {
  const MutexLock lock(mutex_);
  std::vector<std::pair<std::uint64_t, Fault>> faults;
  for (const auto& [id, active] : faults_) {
    if (!active.removed) faults.emplace_back(id, active.fault);
  }
  return faults;
}

Hold Simulator::Impl::AddHold(Match match) {
  auto state = std::make_shared<Hold::State>(std::move(match));
  const MutexLock lock(mutex_);
  holds_.erase(std::remove_if(holds_.begin(), holds_.end(),
                              [](const auto& old) { return old->released(); }),
               holds_.end());
  holds_.push_back(state);
  return Hold(std::move(state));
}

std::uint64_t Simulator::Impl::KeepHold(Match match) {
  auto hold = std::make_shared<Hold>(AddHold(std::move(match)));
  const MutexLock lock(mutex_);
  kept_holds_[next_fault_] = std::move(hold);
  return next_fault_++;
}

std::shared_ptr<Hold> Simulator::Impl::FindHold(std::uint64_t id) {
  const MutexLock lock(mutex_);
  const auto found = kept_holds_.find(id);
  return found == kept_holds_.end() ? nullptr : found->second;
}

void Simulator::Impl::DropHold(std::uint64_t id) {
  std::shared_ptr<Hold> hold = FindHold(id);
  if (!hold) return;
  hold->Release();
  const MutexLock lock(mutex_);
  kept_holds_.erase(id);
}

void Simulator::Impl::Serve(Stream& stream) {
  RequestReader reader(stream);
  while (const std::optional<HttpRequest> request = reader.Next()) {
    const bool keep = Handle(stream, *request);
    if (!keep || request->header("connection") == "close") return;
  }
}

Simulator::Impl::Route Simulator::Impl::FindTokenRoute(
    const HttpRequest& request) {
  const std::string client = ParseForm(request.body)["client_id"];
  Route route{Endpoint::kToken, nullptr, false};
  for (Platform* platform : Accounts()) {
    if (platform->impl().TokenPath() != request.path) continue;
    // Accounts of the same Entra tenant differ by client id.
    if (route.platform == nullptr || platform->options().client_id == client) {
      route.platform = &platform->impl();
    }
  }
  return route;
}

Simulator::Impl::Route Simulator::Impl::FindRoute(const HttpRequest& request) {
  if (EndsWith(request.path, kTokenPath)) return FindTokenRoute(request);
  for (Platform* platform : Accounts()) {
    Platform::Impl& impl = platform->impl();
    const std::string base = impl.prefix + "/tenantui/api/";
    if (request.path.compare(0, base.size(), base) != 0) continue;
    const std::string rest = request.path.substr(base.size());
    if (rest == "v2/oc/lead") return {Endpoint::kLeads, &impl, false};
    if (rest == "v2/oc/numbers") return {Endpoint::kNumbers, &impl, false};
    if (rest == "v3/oc/numbers") return {Endpoint::kNumbers, &impl, true};
  }
  return {};
}

bool Simulator::Impl::PassHolds(const Request& request, Stream& stream) {
  std::vector<std::shared_ptr<Hold::State>> holds;
  Random random(0);
  {
    const MutexLock lock(mutex_);
    holds = holds_;
    random = Random(random_.Next());
  }
  return std::all_of(holds.begin(), holds.end(), [&](const auto& hold) {
    return hold->Pass(request, stream, random);
  });
}

std::optional<Fault> Simulator::Impl::PickFault(const Request& request) {
  const MutexLock lock(mutex_);
  for (auto& [id, active] : faults_) {
    if (!active.removed && active.picker.Pick(request, random_)) {
      return active.fault;
    }
  }
  return std::nullopt;
}

namespace {

HttpResponse Answer(Platform::Impl* platform, Endpoint endpoint, bool v3,
                    const HttpRequest& request, const Fault* fault) {
  if (endpoint == Endpoint::kToken) {
    return platform != nullptr ? platform->Token(request)
                               : TokenError(400, "invalid_request",
                                            "AADSTS90002: Tenant not found.");
  }
  if (platform == nullptr) return PlatformError(404, "There is no such page.");
  if (request.method != "GET") return PlatformError(405, "GET only.");
  HttpResponse response = endpoint == Endpoint::kLeads
                              ? platform->Leads(request, fault)
                          : v3 ? platform->NumbersV3(request, fault)
                               : platform->NumbersV2(request, fault);
  const PlatformOptions options = platform->options();
  response.framing = options.framing;
  response.gzip =
      options.gzip &&
      request.header("accept-encoding").find("gzip") != std::string::npos;
  return response;
}

}  // namespace

bool Simulator::Impl::Handle(Stream& stream, const HttpRequest& http) {
  if (http.path.compare(0, kControl.size(), kControl) == 0) {
    return SendResponse(stream, AnswerControl(owner_, *this, http), [] {});
  }
  const Route route = FindRoute(http);
  const Request request = Describe(http, route.endpoint, route.platform);
  const std::uint64_t serial = log.Begin(request);
  const auto end = [&] { log.End(serial); };
  bool keep = PassHolds(request, stream);
  const std::optional<Fault> fault =
      keep ? PickFault(request) : std::optional<Fault>();
  if (fault && fault->delay.count() > 0) {
    keep = stream.Wait(fault->delay) != Stream::Waited::kGone;
  }
  if (keep) {
    HttpResponse response = Answer(route.platform, route.endpoint, route.v3,
                                   http, fault ? &*fault : nullptr);
    const bool plays = fault && !ChangesContent(fault->action);
    log.Answered(serial,
                 plays && fault->action == Action::kStatus ? fault->status
                                                           : response.status,
                 response.estate_version);
    keep = plays ? PlayFault(stream, *fault, std::move(response), end)
                 : SendResponse(stream, std::move(response), end);
  }
  end();
  return keep;
}

}  // namespace operator_connect::simulator
