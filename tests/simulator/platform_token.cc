#include <string>
#include <utility>

#include "tests/simulator/platform.h"
#include "tests/simulator/text.h"

namespace operator_connect::simulator {

namespace {

std::string Field(const std::map<std::string, std::string>& form,
                  const char* name) {
  const auto found = form.find(name);
  return found == form.end() ? std::string() : found->second;
}

constexpr char kJwtBearer[] =
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

}  // namespace

HttpResponse TokenError(int status, std::string_view error,
                        std::string_view description) {
  const std::string text = std::string(description) +
                           " Trace ID: 00000000-0000-0000-0000-000000000000";
  return TextResponse(status, R"({"error":)" + JsonString(error) +
                                  R"(,"error_description":)" +
                                  JsonString(text) + "}");
}

Platform::Impl::Impl(std::string account, std::string url, std::string path,
                     PlatformOptions options)
    : name(std::move(account)),
      origin(std::move(url)),
      prefix(std::move(path)),
      options_(std::move(options)) {}

PlatformOptions Platform::Impl::options() const {
  const MutexLock lock(mutex_);
  return options_;
}

void Platform::Impl::Configure(
    const std::function<void(PlatformOptions&)>& change) {
  const MutexLock lock(mutex_);
  change(options_);
}

std::string Platform::Impl::IssueToken() {
  const MutexLock lock(mutex_);
  std::string token = "simulated-" + name + "-" + std::to_string(++issued_);
  // As long as a real one.
  token += '.' + std::string(900, 'e') + '.' + std::string(340, 's');
  tokens_[token] = std::chrono::steady_clock::now() +
                   std::chrono::seconds(options_.expires_in);
  return token;
}

void Platform::Impl::RevokeTokens() {
  const MutexLock lock(mutex_);
  tokens_.clear();
}

void Platform::Impl::RefuseTokens(bool refuse) {
  const MutexLock lock(mutex_);
  refuse_ = refuse;
}

std::string Platform::Impl::TokenPath() const {
  return "/" + options().entra_tenant + "/oauth2/v2.0/token";
}

bool Platform::Impl::Authorised(const HttpRequest& request) const {
  constexpr std::string_view kScheme = "Bearer ";
  std::string_view header = request.header("authorization");
  if (header.substr(0, kScheme.size()) != kScheme) return false;
  header.remove_prefix(kScheme.size());
  const MutexLock lock(mutex_);
  const auto token = tokens_.find(header);
  return !refuse_ && token != tokens_.end() &&
         std::chrono::steady_clock::now() < token->second;
}

std::string Platform::Impl::CheckCredentials(
    const std::map<std::string, std::string>& form,
    const PlatformOptions& options) const {
  const std::string assertion = Field(form, "client_assertion");
  if (!assertion.empty()) {
    if (Field(form, "client_assertion_type") != kJwtBearer) {
      return "AADSTS50027: the client_assertion_type is not jwt-bearer.";
    }
    return CheckAssertion(assertion, options, TokenPath());
  }
  if (form.count("client_secret") == 0) {
    return "AADSTS7000216: 'client_assertion', 'client_secret' or 'request' is "
           "required for the 'client_credentials' grant type.";
  }
  if (Field(form, "client_secret") != options.client_secret) {
    return "AADSTS7000215: Invalid client secret provided.";
  }
  return "";
}

HttpResponse Platform::Impl::Token(const HttpRequest& request) {
  if (request.method != "POST") {
    return TokenError(405, "invalid_request", "AADSTS900561: POST only.");
  }
  const PlatformOptions options = this->options();
  const auto form = ParseForm(request.body);
  if (request.header("content-type")
          .find("application/x-www-form-urlencoded") ==
      std::string_view::npos) {
    return TokenError(400, "invalid_request",
                      "AADSTS900144: The request body must be a form.");
  }
  if (Field(form, "grant_type") != "client_credentials") {
    return TokenError(400, "unsupported_grant_type",
                      "AADSTS70003: The grant type is not supported.");
  }
  if (Field(form, "client_id") != options.client_id) {
    return TokenError(400, "unauthorized_client",
                      "AADSTS700016: Application was not found.");
  }
  if (Field(form, "scope") != options.scope) {
    return TokenError(400, "invalid_scope",
                      "AADSTS70011: The provided scope is not valid.");
  }
  const std::string wrong = CheckCredentials(form, options);
  if (!wrong.empty()) return TokenError(401, "invalid_client", wrong);
  const std::string seconds =
      options.expires_in_text ? JsonString(std::to_string(options.expires_in))
                              : std::to_string(options.expires_in);
  HttpResponse response = TextResponse(
      200, R"({"token_type":"Bearer","expires_in":)" + seconds +
               R"(,"ext_expires_in":)" + seconds + R"(,"access_token":)" +
               JsonString(IssueToken()) + "}");
  response.headers.emplace_back("Cache-Control", "no-store, no-cache");
  return response;
}

}  // namespace operator_connect::simulator
