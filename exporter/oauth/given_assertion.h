#ifndef OPERATOR_CONNECT_EXPORTER_OAUTH_GIVEN_ASSERTION_H_
#define OPERATOR_CONNECT_EXPORTER_OAUTH_GIVEN_ASSERTION_H_

#include <string>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/http_client/failure.h"

namespace operator_connect::oauth {

// Reads the client assertion that another program keeps in `file` (workload
// identity federation): a JSON Web Token, trimmed of white space, read at each
// call. Does not verify its signature. Errors are kCredentials and name the
// file and the remedy: no such file, no JSON Web Token in it, or one that has
// expired (exp) at `now`.
Result<std::string, http_client::Failure> ReadGivenAssertion(
    const std::string& file, WallTime now);

}  // namespace operator_connect::oauth

#endif  // OPERATOR_CONNECT_EXPORTER_OAUTH_GIVEN_ASSERTION_H_
