#include "tests/simulator/control.h"

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <string>
#include <utility>

#include "tests/simulator/simulator_impl.h"
#include "tests/simulator/text.h"

namespace operator_connect::simulator {

namespace {

std::string FormatNumber(double value) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value).ptr;
  return {buffer, end};
}

std::vector<std::string> Split(const std::string& text) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    if (end > begin) parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

TruthSettings ReadSettings(const HttpRequest& request) {
  TruthSettings settings;
  settings.account =
      Param(request, "as", Param(request, "account", "default").c_str());
  settings.now = std::chrono::system_clock::now();
  if (const auto now = request.param("now")) {
    settings.now = WallTime(std::chrono::duration_cast<Duration>(
        std::chrono::duration<double>(std::atof(now->c_str()))));
  }
  if (const auto statuses = request.param("exclude_statuses")) {
    settings.exclude_statuses = Split(*statuses);
  }
  settings.exclude_tenants = Split(Param(request, "exclude_tenants"));
  if (const auto channel = request.param("channel_id")) {
    settings.channel_id = std::atoll(channel->c_str());
  }
  const std::string details = Param(request, "details", "all");
  settings.details = details == "none" ? TruthSettings::Details::kNone
                     : details == "attention"
                         ? TruthSettings::Details::kAttention
                         : TruthSettings::Details::kAll;
  settings.details_limit = static_cast<std::size_t>(
      std::atoll(Param(request, "details_limit", "10000").c_str()));
  settings.removed_for = std::chrono::seconds(
      std::atoll(Param(request, "removed_for_seconds", "2592000").c_str()));
  const std::string orphans = Param(request, "orphans");
  settings.orphans = orphans == "all"       ? TruthSettings::Orphans::kAll
                     : orphans == "removed" ? TruthSettings::Orphans::kRemoved
                                            : TruthSettings::Orphans::kNotAsked;
  settings.numbers_enabled = Param(request, "numbers", "true") == "true";
  settings.tenant_series = Param(request, "tenant_series", "true") == "true";
  settings.tenant_series_limit = static_cast<std::size_t>(
      std::atoll(Param(request, "tenant_series_limit", "10000").c_str()));
  return settings;
}

HttpResponse AnswerTruth(Platform& platform, const HttpRequest& request) {
  const Samples samples =
      Truth(*platform.estate().Snapshot(), ReadSettings(request));
  std::string json = "{";
  for (const auto& [key, value] : samples) {
    json += (json.size() > 1 ? ",\n" : "\n") + JsonString(key) + ":" +
            FormatNumber(value);
  }
  return Okay(json + "\n}");
}

HttpResponse AnswerFaults(Simulator::Impl& impl, const HttpRequest& request) {
  const std::string id = Param(request, "id");
  if (request.method == "DELETE") {
    if (id.empty()) {
      impl.ClearFaults();
    } else {
      impl.RemoveFault(std::strtoull(id.c_str(), nullptr, 10));
    }
    return Okay();
  }
  if (request.method == "POST") {
    auto fault = ParseFault(request.body);
    if (!fault.ok()) return Wrong(fault.error());
    return Okay(R"({"id":)" + std::to_string(impl.AddFault(*fault)) + "}");
  }
  std::string json = "[";
  for (const auto& [number, fault] : impl.Faults()) {
    json += (json.size() > 1 ? "," : "") +
            (R"({"id":)" + std::to_string(number)) + R"(,"action":)" +
            JsonString(ToString(fault.action)) + R"(,"hits":)" +
            std::to_string(impl.FaultHits(number)) + "}";
  }
  return Okay(json + "]");
}

std::string ToJson(const Request& request) {
  std::string json =
      R"({"serial":)" + std::to_string(request.serial) + R"(,"account":)" +
      JsonString(request.account) + R"(,"endpoint":)" +
      JsonString(ToString(request.endpoint)) + R"(,"path":)" +
      JsonString(request.path) + R"(,"status":)" +
      std::to_string(request.status) + R"(,"under_way":)" +
      std::to_string(request.under_way) + R"(,"arrived":)" +
      FormatNumber(ToSeconds(request.arrived.time_since_epoch()));
  if (request.endpoint != Endpoint::kToken) {
    json += R"(,"params":{)";
    for (const auto& [name, value] : request.params) {
      json += JsonString(name) + ":" + JsonString(value) + ",";
    }
    if (json.back() == ',') json.pop_back();
    json += "}";
  }
  return json + "}";
}

HttpResponse AnswerRequests(Simulator::Impl& impl, const HttpRequest& request) {
  if (request.method == "DELETE") {
    impl.log.Clear();
    return Okay();
  }
  const std::string account = Param(request, "account");
  std::string json = R"({"counts":{)";
  for (const Endpoint endpoint : {Endpoint::kToken, Endpoint::kLeads,
                                  Endpoint::kNumbers, Endpoint::kOther}) {
    Match match;
    match.account = account;
    match.endpoint = endpoint;
    json += JsonString(ToString(endpoint)) + ":" +
            std::to_string(impl.log.Count(match)) + ",";
  }
  json.back() = '}';
  json += R"(,"under_way":)" + std::to_string(impl.log.UnderWay()) +
          R"(,"high_water":)" + std::to_string(impl.log.HighWater(account)) +
          R"(,"open_connections":)" +
          std::to_string(impl.server.OpenConnections()) +
          R"(,"accepted_connections":)" +
          std::to_string(impl.server.AcceptedConnections()) + R"(,"log":[)";
  const std::uint64_t since =
      std::strtoull(Param(request, "since", "0").c_str(), nullptr, 10);
  Match match;
  match.account = account;
  for (const Request& logged : impl.log.List(match)) {
    if (logged.serial > since) json += "\n" + ToJson(logged) + ",";
  }
  if (json.back() == ',') json.pop_back();
  return Okay(json + "]}");
}

HttpResponse AnswerHolds(Simulator::Impl& impl, const HttpRequest& request) {
  if (request.method == "POST") {
    auto match = ParseMatch(request.body);
    if (!match.ok()) return Wrong(match.error());
    return Okay(R"({"id":)" + std::to_string(impl.KeepHold(*match)) + "}");
  }
  const std::uint64_t id =
      std::strtoull(Param(request, "id").c_str(), nullptr, 10);
  const std::shared_ptr<Hold> hold = impl.FindHold(id);
  if (!hold) return TextResponse(404, R"({"error":"there is no such hold"})");
  if (request.method == "DELETE") {
    impl.DropHold(id);
    return Okay();
  }
  const auto wanted =
      static_cast<std::size_t>(std::atoll(Param(request, "held", "0").c_str()));
  const bool reached = hold->WaitForHeld(
      wanted, Deadline::After(std::chrono::duration_cast<Duration>(
                  std::chrono::duration<double>(
                      std::atof(Param(request, "timeout", "10").c_str())))));
  return Okay(R"({"held":)" + std::to_string(hold->held()) + R"(,"reached":)" +
              (reached ? "true}" : "false}"));
}

}  // namespace

std::string Param(const HttpRequest& request, const char* name,
                  const char* otherwise) {
  return request.param(name).value_or(otherwise);
}

HttpResponse Wrong(const std::string& text) {
  return TextResponse(400, R"({"error":)" + JsonString(text) + "}");
}

HttpResponse Okay(const std::string& json) {
  return TextResponse(200, json + "\n");
}

HttpResponse AnswerControl(Simulator& simulator, Simulator::Impl& impl,
                           const HttpRequest& request) {
  const std::string what = request.path.substr(12);  // after "/_simulator/"
  if (what == "faults") return AnswerFaults(impl, request);
  if (what == "requests") return AnswerRequests(impl, request);
  if (what == "holds") return AnswerHolds(impl, request);
  if (what == "close_connections") {
    simulator.CloseConnections();
    return Okay();
  }
  Platform* platform =
      simulator.FindAccount(Param(request, "account", "default"));
  if (platform == nullptr) {
    return TextResponse(404, R"({"error":"there is no such account"})");
  }
  if (what == "truth") return AnswerTruth(*platform, request);
  if (what == "leads") return ControlLeads(*platform, request);
  if (what == "numbers") return ControlNumbers(*platform, request);
  if (what == "options") return ControlOptions(*platform, request);
  if (what == "token") {
    return Okay(R"({"access_token":)" + JsonString(platform->IssueToken()) +
                "}");
  }
  if (what == "revoke") {
    platform->RevokeTokens();
    return Okay();
  }
  if (what == "refuse") {
    platform->RefuseTokens(Param(request, "refuse", "true") == "true");
    return Okay();
  }
  return TextResponse(404, R"({"error":"there is no such control"})");
}

}  // namespace operator_connect::simulator
