#ifndef OPERATOR_CONNECT_EXPORTER_OAUTH_CLIENT_ASSERTION_H_
#define OPERATOR_CONNECT_EXPORTER_OAUTH_CLIENT_ASSERTION_H_

#include <string>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/config/config.h"
#include "exporter/http_client/failure.h"

namespace operator_connect::oauth {

// Makes a JSON Web Token that authenticates the client by its certificate
// instead of a secret (RFC 7523, section 2.2), valid for ten minutes from
// `now`. Signed with PS256, with the certificate's SHA-256 thumbprint
// (x5t#S256), as Entra ID requires; or with RS256 and the SHA-1 thumbprint
// (x5t), for older endpoints. Reads the certificate and key files at each call,
// so that they can be renewed. Errors: kCredentials, with the file's name.
Result<std::string, http_client::Failure> MakeClientAssertion(
    const config::OAuth2& oauth2, WallTime now);

}  // namespace operator_connect::oauth

#endif  // OPERATOR_CONNECT_EXPORTER_OAUTH_CLIENT_ASSERTION_H_
