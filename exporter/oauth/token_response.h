#ifndef OPERATOR_CONNECT_EXPORTER_OAUTH_TOKEN_RESPONSE_H_
#define OPERATOR_CONNECT_EXPORTER_OAUTH_TOKEN_RESPONSE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"

namespace operator_connect::oauth {

// A larger answer of a token endpoint is not read.
inline constexpr std::size_t kMaxTokenResponseBytes = 64 * 1024;

// What a token endpoint grants (RFC 6749, section 5.1).
struct TokenResponse {
  std::string access_token;  // printable ASCII without spaces; never empty
  // Above 0. By expires_in, else by expires_on, the moment in Unix seconds that
  // some endpoints say in its place; 5 minutes when neither is said.
  Duration expires_in{};
};

// Reads an answer with status 200. The error is a sentence that holds no byte
// of `body`. Any bytes are safe: depth and size do no harm.
Result<TokenResponse, std::string> ParseTokenResponse(std::string_view body,
                                                      WallTime now);

// What an answer with another status says, for people: the OAuth error, the
// AADSTS number and what it means. Never the description, which may name
// people and sessions. Empty when it says nothing known. Any bytes are safe.
std::string DescribeTokenError(std::string_view body);

}  // namespace operator_connect::oauth

#endif  // OPERATOR_CONNECT_EXPORTER_OAUTH_TOKEN_RESPONSE_H_
