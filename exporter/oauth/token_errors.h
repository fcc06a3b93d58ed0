#ifndef OPERATOR_CONNECT_EXPORTER_OAUTH_TOKEN_ERRORS_H_
#define OPERATOR_CONNECT_EXPORTER_OAUTH_TOKEN_ERRORS_H_

#include <string_view>

namespace operator_connect::oauth {

// What Entra ID means by "AADSTS<number>" when an application asks for a token
// of its own, and what to do about it. Empty when it is not known here.
std::string_view ExplainAadsts(std::string_view number);

// The same for the `error` of any OAuth 2.0 token endpoint (RFC 6749, section
// 5.2).
std::string_view ExplainOAuthError(std::string_view error);

}  // namespace operator_connect::oauth

#endif  // OPERATOR_CONNECT_EXPORTER_OAUTH_TOKEN_ERRORS_H_
