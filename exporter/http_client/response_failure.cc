#include "exporter/http_client/response_failure.h"

#include <string_view>
#include <utility>

namespace operator_connect::http_client {
namespace {

std::string ContentType(const HttpResponse& response) {
  return response.content_type.empty() ? "no content type"
                                       : response.content_type;
}

bool IsHtml(const HttpResponse& response) {
  return response.content_type.find("html") != std::string::npos;
}

constexpr std::string_view kHtml =
    "HTML is the page of a proxy or a login, not an answer";
constexpr std::string_view kProxyAuthentication =
    "the proxy wants a user name and password in proxy_url (or a "
    "Proxy-Authorization in proxy_connect_header), or other ones";

std::string_view MeaningOfToken(int status) {
  if (status / 100 == 3) {
    return "a redirect, which is not followed: token_url may be wrong, or this "
           "is a login page";
  }
  if (status == 404 || status == 405) return "check token_url";
  if (status == 407) return kProxyAuthentication;
  if (status == 429) return "too many requests for tokens";
  if (status / 100 == 5) return "the token endpoint, or a proxy, has failed";
  return {};
}

std::string_view Meaning(const HttpResponse& response,
                         const std::string& base_url) {
  switch (response.status) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return "a redirect, which is not followed: base_url may be wrong, or "
             "this is a login page";
    case 400:
      return "the platform does not accept the request";
    case 401:
      return "the platform does not accept the token or credentials: check "
             "scopes, or the credentials";
    case 403:
      return IsHtml(response)
                 ? "a proxy or firewall in between forbids it, as HTML is no "
                   "answer of the platform; or a role or an administrator's "
                   "consent is missing"
                 : "the application may not read this: a role or an "
                   "administrator's consent is missing";
    case 404:
      return base_url.find("/tenantui") == std::string::npos
                 ? "nothing there: base_url usually ends in /tenantui"
                 : "nothing there: check base_url";
    case 405:
      return "base_url may be wrong";
    case 407:
      return kProxyAuthentication;
    case 429:
      return "the platform throttles: lower requests_per_second or concurrency";
    default:
      break;
  }
  if (response.status / 100 == 5) return "the platform, or a proxy, has failed";
  return {};
}

}  // namespace

Duration RetryAfter(const HttpResponse& response) {
  return response.status == 429 || response.status == 503 ? response.retry_after
                                                          : Duration::zero();
}

Failure ExplainStatus(const HttpResponse& response,
                      const std::string& base_url) {
  std::string detail = "status " + std::to_string(response.status) + ", " +
                       ContentType(response);
  const std::string_view meaning = Meaning(response, base_url);
  if (!meaning.empty()) detail += ": " + std::string(meaning);
  Failure failure{Failure::Kind::kStatus, response.status, std::move(detail),
                  false};
  failure.retry_after = RetryAfter(response);
  return failure;
}

Failure ExplainAnswer(const HttpResponse& response, Failure reason) {
  reason.status = response.status;
  reason.detail = "status " + std::to_string(response.status) + ", " +
                  ContentType(response) + ", " +
                  std::to_string(response.body_bytes) +
                  " bytes read: " + reason.detail;
  if (IsHtml(response)) {
    reason.detail += "; " + std::string(kHtml);
  }
  return reason;
}

std::string ExplainTokenAnswer(const HttpResponse& response,
                               const std::string& problem) {
  std::string text = "status " + std::to_string(response.status) + ", " +
                     ContentType(response) + ", " +
                     std::to_string(response.body_bytes) + " bytes read";
  const std::string_view meaning = MeaningOfToken(response.status);
  if (!problem.empty()) text += ": " + problem;
  if (!meaning.empty()) text += ": " + std::string(meaning);
  if (IsHtml(response)) text += "; " + std::string(kHtml);
  return text;
}

}  // namespace operator_connect::http_client
