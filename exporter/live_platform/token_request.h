#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_TOKEN_REQUEST_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_TOKEN_REQUEST_H_

#include <memory>
#include <string>

#include "exporter/base/clock.h"
#include "exporter/base/log.h"
#include "exporter/base/result.h"
#include "exporter/config/config.h"
#include "exporter/live_platform/failure.h"
#include "exporter/live_platform/observer.h"
#include "exporter/live_platform/token_reply.h"
#include "exporter/live_platform/transport.h"

namespace operator_connect::live_platform {

// A token endpoint's refusal, or what came in place of an answer.
struct TokenFailure {
  Failure failure;         // kCredentials, told for people
  Duration retry_after{};  // what the endpoint asks for; 0: nothing
};

// Makes single requests for a token, each on a connection of its own, tells
// the observer of each, and keeps no state. Thread-safe.
class TokenRequester {
 public:
  // As for MakeOAuth2TokenSource().
  TokenRequester(const config::OAuth2& oauth2, Duration timeout,
                 const Clock& clock, Log& log, std::string account,
                 RequestObserver& observer,
                 const TransportMaker& make_transport);

  // Blocks for `timeout`, and until the deadline, at the most.
  Result<TokenReply, TokenFailure> Request(const Deadline& deadline);

 private:
  struct Answer;

  Result<std::string, Failure> Form() const;
  Result<TokenReply, TokenFailure> Judge(const Answer& answer) const;
  void Report(const Answer& answer, std::string_view code, Duration duration);

  const config::OAuth2 oauth2_;
  const std::string server_;  // host:port
  const Duration timeout_;
  const Clock& clock_;
  Log& log_;
  const std::string account_;
  RequestObserver& observer_;
  const std::unique_ptr<Transport> transport_;
};

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_TOKEN_REQUEST_H_
