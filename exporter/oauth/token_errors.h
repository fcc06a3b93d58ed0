#ifndef OPERATOR_CONNECT_EXPORTER_OAUTH_TOKEN_ERRORS_H_
#define OPERATOR_CONNECT_EXPORTER_OAUTH_TOKEN_ERRORS_H_

#include <string_view>

namespace operator_connect::oauth {

// The meaning of Entra ID's "AADSTS<number>" when an application requests a
// token for itself, and the remedy. Empty if the number is unknown.
std::string_view ExplainAadsts(std::string_view number);

// Does the same for the `error` of any OAuth 2.0 token endpoint (RFC 6749,
// section 5.2).
std::string_view ExplainOAuthError(std::string_view error);

}  // namespace operator_connect::oauth

#endif  // OPERATOR_CONNECT_EXPORTER_OAUTH_TOKEN_ERRORS_H_
