#ifndef OPERATOR_CONNECT_EXPORTER_OAUTH_TOKEN_RESPONSE_H_
#define OPERATOR_CONNECT_EXPORTER_OAUTH_TOKEN_RESPONSE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"

namespace operator_connect::oauth {

// The largest response of a token endpoint that is parsed.
inline constexpr std::size_t kMaxTokenResponseBytes = 64 * 1024;

// The grant of a token endpoint (RFC 6749, section 5.1).
struct TokenResponse {
  std::string access_token;  // printable ASCII without spaces; never empty
  // Above 0. From expires_in, else from expires_on, a time in Unix seconds that
  // some endpoints send instead; 5 minutes if there is neither.
  Duration expires_in{};
};

// Parses a response with status 200. The error is a sentence without a byte of
// `body`. Safe for any bytes: depth and size are bounded.
Result<TokenResponse, std::string> ParseTokenResponse(std::string_view body,
                                                      WallTime now);

// Describes a response with another status for people: the OAuth error, the
// AADSTS number and its meaning. Never includes the description, which may name
// people and sessions. Empty if nothing is known. Safe for any bytes.
std::string DescribeTokenError(std::string_view body);

}  // namespace operator_connect::oauth

#endif  // OPERATOR_CONNECT_EXPORTER_OAUTH_TOKEN_RESPONSE_H_
