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

// What one request is authorised with.
struct AccessToken {
  std::string authorization;  // the value of the header of that name
  std::uint64_t version = 0;  // differs from token to token
};

// Shared, as a token is long and every request takes one.
using AccessTokenPtr = std::shared_ptr<const AccessToken>;

// Where an account's requests get their authorisation from. Errors are
// kCredentials; a wait that was too long or stopped is kTimeout. Thread-safe.
class TokenSource {
 public:
  virtual ~TokenSource() = default;

  // A token that is believed to be good.
  virtual Result<AccessTokenPtr, http_client::Failure> Get(
      const Deadline& deadline) = 0;

  // The same, without waiting for anything: null if there is none now.
  virtual AccessTokenPtr Current() = 0;

  // The platform answered 401 to `refused`. Another token, if there is one or
  // one may be asked for; null: the 401 is the answer.
  virtual Result<AccessTokenPtr, http_client::Failure> Replace(
      const AccessToken& refused, const Deadline& deadline) = 0;

  // The platform answered 200 to `token`. Cheap.
  virtual void Accepted(const AccessToken& token) = 0;

  // The platform refused `replacement`, which Replace() gave, as well.
  virtual void Refused(const AccessToken& replacement) = 0;
};

// Tokens by OAuth 2.0 client credentials. One request for a token is under way
// at a time, made by the thread that met the need; the others wait for it, or
// go on with the old token while that is still good. A token is renewed when a
// fifth of its life, at most 5 minutes, is left. A failure is remembered for 5
// seconds (or for what Retry-After asks, up to 5 minutes), and given to all
// who ask meanwhile. Replace() asks for a new token once for all who were
// refused the same one; not again within 30 seconds when the new one is refused
// as well, or has not been accepted yet.
//
// `account` has oauth2; its request_timeout bounds one request. The other
// references outlive the source; `clock` decides about ages.
std::unique_ptr<TokenSource> MakeOAuth2TokenSource(
    const config::Account& account, const Clock& clock, Log& log,
    http_client::RequestObserver& observer,
    const http_client::TransportMaker& make_transport);

}  // namespace operator_connect::oauth

#endif  // OPERATOR_CONNECT_EXPORTER_OAUTH_TOKEN_SOURCE_H_
