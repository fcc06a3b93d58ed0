#ifndef OPERATOR_CONNECT_EXPORTER_OAUTH_CLIENT_ASSERTION_H_
#define OPERATOR_CONNECT_EXPORTER_OAUTH_CLIENT_ASSERTION_H_

#include <string>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/config/config.h"
#include "exporter/http_client/failure.h"

namespace operator_connect::oauth {

// A JSON Web Token that proves the client's identity by its certificate in
// place of a secret (RFC 7523, section 2.2), good for ten minutes from `now`.
// It is signed with PS256, and names the certificate by its SHA-256 thumbprint
// (x5t#S256), as Entra ID asks; or with RS256 and by the SHA-1 one (x5t), as
// older endpoints know it. The certificate and key files are read at each call,
// so that they can be renewed. Errors: kCredentials, with the file's name.
Result<std::string, http_client::Failure> MakeClientAssertion(
    const config::OAuth2& oauth2, WallTime now);

}  // namespace operator_connect::oauth

#endif  // OPERATOR_CONNECT_EXPORTER_OAUTH_CLIENT_ASSERTION_H_
