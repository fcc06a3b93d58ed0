#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "exporter/oauth/token_response.h"

// Any bytes as a token endpoint's response, read as a grant and as a refusal.
// The result is a token that a header can hold, or a sentence without control
// characters.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using operator_connect::Duration;
  namespace oauth = operator_connect::oauth;
  const std::string_view body(reinterpret_cast<const char*>(data), size);

  const auto response = oauth::ParseTokenResponse(
      body, operator_connect::WallTime(std::chrono::hours(24 * 20000)));
  if (response.ok()) {
    if (response->access_token.empty()) std::abort();
    for (const char c : response->access_token) {
      if (c <= 0x20 || c >= 0x7f) std::abort();
    }
    if (response->expires_in <= Duration::zero()) std::abort();
  }
  for (const char c : oauth::DescribeTokenError(body)) {
    if (c < 0x20 || c >= 0x7f) std::abort();
  }
  return 0;
}
