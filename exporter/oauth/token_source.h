#ifndef OPERATOR_CONNECT_EXPORTER_OAUTH_TOKEN_SOURCE_H_
#define OPERATOR_CONNECT_EXPORTER_OAUTH_TOKEN_SOURCE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "exporter/base/clock.h"
#include "exporter/base/log.h"
#include "exporter/base/result.h"
#include "exporter/config/config.h"
#include "exporter/http_client/failure.h"
#include "exporter/http_client/observer.h"
#include "exporter/http_client/transport.h"

namespace operator_connect::oauth {

// The authorisation of one request.
struct AccessToken {
  std::string authorization;  // the value of the Authorization header
  std::uint64_t version = 0;  // differs from token to token
};

// Shared: a token is long, and every request takes one.
using AccessTokenPtr = std::shared_ptr<const AccessToken>;

// The source of authorisation for an account's requests. Errors are
// kCredentials; a wait that was too long or stopped is kTimeout. Thread-safe.
class TokenSource {
 public:
  virtual ~TokenSource() = default;

  // Returns a token that should be valid.
  virtual Result<AccessTokenPtr, http_client::Failure> Get(
      const Deadline& deadline) = 0;

  // Does the same without waiting; null: there is none now.
  virtual AccessTokenPtr Current() = 0;

  // Returns another token after the platform responded 401 to `refused`, if
  // there is one or a new one may be requested; null: the 401 is final.
  virtual Result<AccessTokenPtr, http_client::Failure> Replace(
      const AccessToken& refused, const Deadline& deadline) = 0;

  // Records that the platform accepted `token`. Cheap.
  virtual void Accepted(const AccessToken& token) = 0;

  // Records that the platform also refused `replacement`, which came from
  // Replace().
  virtual void Refused(const AccessToken& replacement) = 0;
};

// Makes a source of tokens by OAuth 2.0 client credentials. One request for a
// token is under way at a time, made by the first thread that needs it; the
// others wait for it, or use the old token while that is valid. A token is
// renewed when a fifth of its life, at most 5 minutes, is left. A failure is
// kept for 5 seconds (or for Retry-After, up to 5 minutes) and returned to all
// callers during that time. Replace() requests one new token for all whose
// token was refused, and no other within 30 seconds if the new one is refused,
// too, or has not been accepted yet.
//
// `account` has oauth2; its request_timeout bounds one request. The other
// references outlive the source; `clock` determines ages.
std::unique_ptr<TokenSource> MakeOAuth2TokenSource(
    const config::Account& account, const Clock& clock, Log& log,
    http_client::RequestObserver& observer,
    const http_client::TransportMaker& make_transport);

}  // namespace operator_connect::oauth

#endif  // OPERATOR_CONNECT_EXPORTER_OAUTH_TOKEN_SOURCE_H_
