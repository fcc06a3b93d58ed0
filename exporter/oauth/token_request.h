#ifndef OPERATOR_CONNECT_EXPORTER_OAUTH_TOKEN_REQUEST_H_
#define OPERATOR_CONNECT_EXPORTER_OAUTH_TOKEN_REQUEST_H_

#include <memory>
#include <string>

#include "exporter/base/clock.h"
#include "exporter/base/log.h"
#include "exporter/base/result.h"
#include "exporter/config/config.h"
#include "exporter/http_client/failure.h"
#include "exporter/http_client/observer.h"
#include "exporter/http_client/transport.h"
#include "exporter/oauth/token_response.h"

namespace operator_connect::oauth {

// Sends single requests for a token, each on its own connection, and reports
// each to the observer. Keeps no state. Thread-safe.
class TokenRequester {
 public:
  // See MakeOAuth2TokenSource().
  TokenRequester(const config::Account& account, const Clock& clock, Log& log,
                 http_client::RequestObserver& observer,
                 const http_client::TransportMaker& make_transport);

  // Blocks no longer than the account's request_timeout, and `deadline`.
  // Failures are kCredentials, with a detail for people.
  Result<TokenResponse, http_client::Failure> Request(const Deadline& deadline);

 private:
  struct Answer;

  Result<std::string, http_client::Failure> Form() const;
  Result<TokenResponse, http_client::Failure> Judge(const Answer& answer) const;
  void Report(const Answer& answer, std::string_view code, Duration duration);

  const config::OAuth2 oauth2_;
  const std::string server_;  // host:port
  const Duration timeout_;
  const Clock& clock_;
  Log& log_;
  const std::string account_;
  // The account has a proxy, which is not used for tokens.
  const bool without_proxy_;
  http_client::RequestObserver& observer_;
  const std::unique_ptr<http_client::Transport> transport_;
};

}  // namespace operator_connect::oauth

#endif  // OPERATOR_CONNECT_EXPORTER_OAUTH_TOKEN_REQUEST_H_
