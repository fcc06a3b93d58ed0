#include "exporter/oauth/given_assertion.h"

#include <openssl/evp.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include "exporter/base/duration.h"
#include "exporter/base/file.h"
#include "exporter/base/text.h"

namespace operator_connect::oauth {
namespace {

http_client::Failure UnusableAssertion(const std::string& file,
                                       const std::string& why) {
  return {http_client::Failure::Kind::kCredentials, 0,
          "the client assertion in " + file + " " + why, true};
}

bool IsBase64Url(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return IsAlnum(c) || c == '-' || c == '_';
  });
}

// `text` has only digits of base64url.
std::string DecodeBase64Url(std::string_view text) {
  std::string padded(text);
  std::replace(padded.begin(), padded.end(), '-', '+');
  std::replace(padded.begin(), padded.end(), '_', '/');
  const std::size_t padding = (4 - padded.size() % 4) % 4;
  padded.append(padding, '=');
  std::string out(padded.size(), '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(padded.data()),
                      static_cast<int>(padded.size()));
  const int bytes = size - static_cast<int>(padding);
  return out.substr(0, static_cast<std::size_t>(std::max(bytes, 0)));
}

// Parses the claims of a JSON Web Token, the second of its three parts. False:
// it is none.
bool ParseClaims(std::string_view token, rapidjson::Document* claims) {
  const std::size_t first = token.find('.');
  const std::size_t second = token.rfind('.');
  if (first == token.npos || first == second) return false;
  const std::string_view body = token.substr(first + 1, second - first - 1);
  if (!IsBase64Url(token.substr(0, first)) || !IsBase64Url(body) ||
      !IsBase64Url(token.substr(second + 1))) {
    return false;
  }
  const std::string json = DecodeBase64Url(body);
  claims->Parse<rapidjson::kParseIterativeFlag>(json.data(), json.size());
  return !claims->HasParseError() && claims->IsObject();
}

}  // namespace

Result<std::string, http_client::Failure> ReadGivenAssertion(
    const std::string& file, WallTime now) {
  Result<std::string, FileError> token = ReadSecretFile(file);
  if (!token.ok()) {
    return UnusableAssertion(
        file, "cannot be used: " + token.error().message +
                  "; oauth2.client_assertion_file names the file "
                  "that another program writes and renews");
  }
  rapidjson::Document claims;
  if (!ParseClaims(*token, &claims)) {
    return UnusableAssertion(
        file,
        "is no JSON Web Token (three parts with dots between): "
        "does oauth2.client_assertion_file name the right file?");
  }
  const auto exp = claims.FindMember("exp");
  if (exp == claims.MemberEnd() || !exp->value.IsNumber()) return *token;
  const double over = ToUnixSeconds(now) - exp->value.GetDouble();
  if (over < 0) return *token;
  constexpr double kLongest = 100.0 * 365 * 86400;
  return UnusableAssertion(
      file, "has ended " +
                FormatDuration(std::chrono::seconds(
                    static_cast<std::int64_t>(std::min(over, kLongest)))) +
                " ago: is the program still there that renews it, and is this "
                "machine's clock right?");
}

}  // namespace operator_connect::oauth
