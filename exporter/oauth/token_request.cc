#include "exporter/oauth/token_request.h"

#include <chrono>
#include <optional>
#include <utility>

#include "exporter/base/version.h"
#include "exporter/config/url.h"
#include "exporter/http_client/response_failure.h"
#include "exporter/http_client/secret.h"
#include "exporter/oauth/client_assertion.h"
#include "exporter/oauth/given_assertion.h"

namespace operator_connect::oauth {
namespace {

using Kind = http_client::Failure::Kind;

constexpr std::string_view kAssertionType =
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

class BodyCollector : public http_client::BodyReceiver {
 public:
  bool OnHead(int) override {
    text.clear();
    return true;
  }
  bool OnBody(std::string_view piece) override {
    text.append(piece);
    return true;
  }
  std::string text;
};

void AddField(std::string* form, std::string_view name,
              std::string_view value) {
  if (!form->empty()) *form += '&';
  *form += config::PercentEncode(name) + "=" + config::PercentEncode(value);
}

std::string Join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ' ';
    text += word;
  }
  return text;
}

}  // namespace

// One request and its outcome.
struct TokenRequester::Answer {
  std::optional<http_client::Failure> failure;  // of the request itself
  http_client::HttpResponse response;
  std::string body;
  std::uint64_t wire_bytes = 0;
};

TokenRequester::TokenRequester(
    const config::Account& account, const Clock& clock, Log& log,
    http_client::RequestObserver& observer,
    const http_client::TransportMaker& make_transport)
    : oauth2_(account.oauth2.value_or(config::OAuth2())),
      server_(config::ParseUrl(oauth2_.token_url)
                  .value_or(config::Url())
                  .HostPort()),
      timeout_(account.request_timeout),
      clock_(clock),
      log_(log),
      account_(account.name),
      without_proxy_(account.proxy != config::Proxy() &&
                     oauth2_.proxy == config::Proxy()),
      observer_(observer),
      transport_(make_transport(oauth2_.tls_config, oauth2_.proxy)) {}

Result<std::string, http_client::Failure> TokenRequester::Form() const {
  std::string form;
  // Endpoints refuse duplicate fields.
  if (!oauth2_.endpoint_params.contains("grant_type")) {
    AddField(&form, "grant_type", "client_credentials");
  }
  AddField(&form, "client_id", oauth2_.client_id);
  if (oauth2_.client_secret) {
    Result<std::string, http_client::Failure> secret =
        http_client::ReadSecret(*oauth2_.client_secret, "the client secret");
    if (!secret.ok()) return secret;
    AddField(&form, "client_secret", *secret);
  } else {
    Result<std::string, http_client::Failure> assertion =
        oauth2_.client_assertion_file.empty()
            ? MakeClientAssertion(oauth2_, clock_.Wall())
            : ReadGivenAssertion(oauth2_.client_assertion_file, clock_.Wall());
    if (!assertion.ok()) return assertion;
    AddField(&form, "client_assertion_type", kAssertionType);
    AddField(&form, "client_assertion", *assertion);
  }
  if (!oauth2_.scopes.empty()) {
    AddField(&form, "scope", Join(oauth2_.scopes));
  }
  for (const auto& [name, value] : oauth2_.endpoint_params) {
    AddField(&form, name, value);
  }
  return form;
}

Result<TokenResponse, http_client::Failure> TokenRequester::Request(
    const Deadline& deadline) {
  const SteadyTime begin = std::chrono::steady_clock::now();
  Answer answer;
  Result<std::string, http_client::Failure> form = Form();
  if (form.ok()) {
    http_client::HttpRequest request;
    request.url = oauth2_.token_url;
    request.headers = {{"Accept", "application/json"},
                       {"User-Agent", "operator_connect_exporter/" +
                                          std::string(GetBuildInfo().version)}};
    request.form = *std::move(form);
    request.max_body_bytes = kMaxTokenResponseBytes;
    BodyCollector body;
    const std::unique_ptr<http_client::HttpConnection> connection =
        transport_->Connect();
    Result<http_client::HttpResponse, http_client::Failure> response =
        connection->Perform(request, body, deadline.Within(timeout_));
    answer.wire_bytes = connection->wire_bytes();
    answer.body = std::move(body.text);
    if (response.ok()) {
      answer.response = *std::move(response);
    } else {
      answer.failure = std::move(response).error();
    }
  } else {
    answer.failure = std::move(form).error();
  }
  Result<TokenResponse, http_client::Failure> result = Judge(answer);
  std::string code = std::to_string(answer.response.status);
  if (answer.failure) {
    code = answer.failure->Reason();
  } else if (!result.ok() && answer.response.status == 200) {
    code = "malformed";
  }
  Report(answer, code, std::chrono::steady_clock::now() - begin);
  return result;
}

Result<TokenResponse, http_client::Failure> TokenRequester::Judge(
    const Answer& answer) const {
  const auto fail = [this, &answer](const std::string& why) {
    http_client::Failure failure{Kind::kCredentials, answer.response.status,
                                 "no token from " + server_ + ": " + why,
                                 false};
    failure.retry_after = http_client::RetryAfter(answer.response);
    return failure;
  };
  if (answer.failure) {
    const bool unreachable = answer.failure->kind == Kind::kTransport ||
                             answer.failure->kind == Kind::kTimeout;
    return fail(answer.failure->detail +
                (without_proxy_ && unreachable
                     ? "; the account's proxy is not used for tokens: oauth2 "
                       "has a proxy_url of its own"
                     : ""));
  }
  if (answer.response.status != 200) {
    const std::string said = DescribeTokenError(answer.body);
    return fail(said.empty()
                    ? http_client::ExplainTokenAnswer(answer.response, {})
                    : "status " + std::to_string(answer.response.status) +
                          ", " + said);
  }
  Result<TokenResponse, std::string> token =
      ParseTokenResponse(answer.body, clock_.Wall());
  if (!token.ok()) {
    return fail(
        http_client::ExplainTokenAnswer(answer.response, token.error()));
  }
  return *std::move(token);
}

void TokenRequester::Report(const Answer& answer, std::string_view code,
                            Duration duration) {
  observer_.OnRequest(http_client::Endpoint::kToken, code, duration,
                      answer.wire_bytes);
  if (!log_.Enabled(LogLevel::kDebug)) return;
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
  log_.Debug("live_platform", "upstream request",
             {{"account", account_},
              {"endpoint", ToString(http_client::Endpoint::kToken)},
              {"code", code},
              {"bytes", answer.wire_bytes},
              {"duration_ms", milliseconds}});
}

}  // namespace operator_connect::oauth
