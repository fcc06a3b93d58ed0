#include "exporter/live_platform/client_failure.h"

#include <string_view>
#include <utility>

namespace operator_connect::live_platform {
namespace {

std::string ContentType(const HttpReply& reply) {
  return reply.content_type.empty() ? "no content type" : reply.content_type;
}

bool IsHtml(const HttpReply& reply) {
  return reply.content_type.find("html") != std::string::npos;
}

std::string_view Meaning(const HttpReply& reply, const std::string& base_url) {
  switch (reply.status) {
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
      return "the application may not read this: a role or an administrator's "
             "consent is missing";
    case 404:
      return base_url.find("/tenantui") == std::string::npos
                 ? "nothing there: base_url usually ends in /tenantui"
                 : "nothing there: check base_url";
    case 405:
      return "base_url may be wrong";
    case 407:
      return "the proxy wants a user name and password in proxy_url, or other "
             "ones";
    case 429:
      return "the platform throttles: lower requests_per_second or concurrency";
    default:
      break;
  }
  if (reply.status / 100 == 5) return "the platform, or a proxy, has failed";
  return {};
}

}  // namespace

Failure ExplainStatus(const HttpReply& reply, const std::string& base_url) {
  std::string detail =
      "status " + std::to_string(reply.status) + ", " + ContentType(reply);
  const std::string_view meaning = Meaning(reply, base_url);
  if (!meaning.empty()) detail += ": " + std::string(meaning);
  return {Failure::Kind::kStatus, reply.status, std::move(detail), false};
}

Failure ExplainAnswer(const HttpReply& reply, Failure reason) {
  reason.status = reply.status;
  reason.detail = "status " + std::to_string(reply.status) + ", " +
                  ContentType(reply) + ", " + std::to_string(reply.body_bytes) +
                  " bytes read: " + reason.detail;
  if (IsHtml(reply)) {
    reason.detail += "; HTML is the page of a proxy or a login, not an answer";
  }
  return reason;
}

}  // namespace operator_connect::live_platform
