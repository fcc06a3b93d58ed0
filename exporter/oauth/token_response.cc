#include "exporter/oauth/token_response.h"

#include <rapidjson/document.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>

#include "exporter/oauth/token_errors.h"

namespace operator_connect::oauth {
namespace {

constexpr Duration kUnsaidLifetime = std::chrono::minutes(5);
// The cap of a lifetime, far from the overflow of nanoseconds.
constexpr double kLongestLifetime = 365.0 * 86400;
constexpr std::size_t kMaxErrorBytes = 64;

// Iterative: a recursive parser would overflow the stack on a deep document.
bool Parse(std::string_view body, rapidjson::Document* document) {
  if (body.size() > kMaxTokenResponseBytes) return false;
  document->Parse<rapidjson::kParseIterativeFlag>(body.data(), body.size());
  return !document->HasParseError() && document->IsObject();
}

std::string_view Text(const rapidjson::Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

const rapidjson::Value* Find(const rapidjson::Document& document,
                             const char* name) {
  const auto member = document.FindMember(name);
  return member == document.MemberEnd() ? nullptr : &member->value;
}

// Reads a number, or a string that begins with one; 0: neither.
double Seconds(const rapidjson::Value* value) {
  if (value != nullptr && value->IsNumber()) return value->GetDouble();
  std::uint64_t whole = 0;
  if (value != nullptr && value->IsString()) {
    const std::string_view text = Text(*value);
    std::from_chars(text.data(), text.data() + text.size(), whole);
  }
  return static_cast<double>(whole);
}

Duration Lifetime(const rapidjson::Document& document, WallTime now) {
  double lifetime = Seconds(Find(document, "expires_in"));
  if (!(lifetime >= 1)) {
    lifetime = Seconds(Find(document, "expires_on")) - ToUnixSeconds(now);
  }
  // Less than a second is as good as none.
  if (!(lifetime >= 1)) return kUnsaidLifetime;
  return std::chrono::duration_cast<Duration>(
      std::chrono::duration<double>(std::min(lifetime, kLongestLifetime)));
}

// The digits after the next "AADSTS", removed from `text`; empty: none.
std::string_view TakeAadstsNumber(std::string_view& text) {
  constexpr std::string_view kPrefix = "AADSTS";
  const std::size_t at = text.find(kPrefix);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + kPrefix.size());
  const std::size_t end =
      std::min(text.find_first_not_of("0123456789"), text.size());
  return end <= 10 ? text.substr(0, end) : std::string_view();
}

// The first number, or the second if older endpoints put a general one first:
// "AADSTS70002: Error validating credentials. AADSTS50012: …".
std::string_view AadstsNumber(std::string_view text) {
  const std::string_view first = TakeAadstsNumber(text);
  const std::string_view second =
      first == "70002" ? TakeAadstsNumber(text) : std::string_view();
  return ExplainAadsts(second).empty() ? first : second;
}

// Whether `text` is an error code in OAuth's form. Any other text could hold
// anything.
bool IsErrorCode(std::string_view text) {
  return !text.empty() && text.size() <= kMaxErrorBytes &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

}  // namespace

Result<TokenResponse, std::string> ParseTokenResponse(std::string_view body,
                                                      WallTime now) {
  rapidjson::Document document;
  if (!Parse(body, &document)) {
    return std::string("the answer is not a JSON object");
  }
  const rapidjson::Value* const token = Find(document, "access_token");
  if (token == nullptr || !token->IsString()) {
    return std::string("the answer has no access_token");
  }
  const std::string_view text = Text(*token);
  if (text.empty() || !std::all_of(text.begin(), text.end(), [](char c) {
        return c > 0x20 && c < 0x7f;
      })) {
    return std::string(
        "the access_token is empty or holds what no header may hold");
  }
  return TokenResponse{std::string(text), Lifetime(document, now)};
}

std::string DescribeTokenError(std::string_view body) {
  rapidjson::Document document;
  if (!Parse(body, &document)) return {};
  std::string said;
  std::string_view meaning;
  const rapidjson::Value* const error = Find(document, "error");
  if (error != nullptr && error->IsString() && IsErrorCode(Text(*error))) {
    said = Text(*error);
    meaning = ExplainOAuthError(said);
  }
  const rapidjson::Value* const description =
      Find(document, "error_description");
  if (description != nullptr && description->IsString()) {
    const std::string_view number = AadstsNumber(Text(*description));
    if (!number.empty()) {
      said += (said.empty() ? "AADSTS" : ", AADSTS") + std::string(number);
      const std::string_view known = ExplainAadsts(number);
      if (!known.empty()) meaning = known;
    }
  }
  if (!meaning.empty()) said += ": " + std::string(meaning);
  return said;
}

}  // namespace operator_connect::oauth
