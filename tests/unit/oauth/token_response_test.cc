#include "exporter/oauth/token_response.h"

#include <doctest/doctest.h>

namespace operator_connect::oauth {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const WallTime kNow = WallTime(seconds(1700000000));

Result<TokenResponse, std::string> Parse(std::string_view body) {
  return ParseTokenResponse(body, kNow);
}

Duration Lifetime(const std::string& expires_in) {
  const auto response =
      Parse(R"({"access_token":"a","expires_in":)" + expires_in + "}");
  return response.ok() ? response->expires_in : Duration(-1);
}

TEST_CASE("a granted token is read with its lifetime") {
  const auto response =
      Parse(R"({"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,)"
            R"("access_token":"eyJ0.eyJh.abc-_"})");
  REQUIRE(response.ok());
  CHECK(response->access_token == "eyJ0.eyJh.abc-_");
  CHECK(response->expires_in == seconds(3599));
}

TEST_CASE("a lifetime can be a number, a string or missing") {
  CHECK(Lifetime("60") == seconds(60));
  CHECK(Lifetime("60.5") == std::chrono::milliseconds(60500));
  CHECK(Lifetime("\"60\"") == seconds(60));
  CHECK(Lifetime("null") == minutes(5));
  CHECK(Lifetime("\"soon\"") == minutes(5));
  CHECK(Lifetime("[60]") == minutes(5));
  CHECK(Lifetime("0") == minutes(5));
  CHECK(Lifetime("-60") == minutes(5));
  CHECK(Lifetime("1e300") == hours(24 * 365));
  CHECK(Lifetime("\"99999999999999999999\"") == minutes(5));
  CHECK(Lifetime("1e-30") == minutes(5));
  CHECK(Parse(R"({"access_token":"a"})")->expires_in == minutes(5));
}

TEST_CASE("a lifetime can be given by its end alone") {
  const auto lifetime = [](const std::string& members) {
    return Parse(R"({"access_token":"a",)" + members + "}")->expires_in;
  };
  CHECK(lifetime(R"("expires_on":1700003600)") == hours(1));
  CHECK(lifetime(R"("expires_on":"1700003600")") == hours(1));
  CHECK(lifetime(R"("expires_in":60,"expires_on":1700003600)") == seconds(60));
  CHECK(lifetime(R"("expires_on":1600000000)") == minutes(5));
  CHECK(lifetime(R"("expires_on":"12/31/2026 10:00:00")") == minutes(5));
}

TEST_CASE("of two numbers in the older form the second is reported") {
  CHECK(DescribeTokenError(
            R"({"error":"invalid_client","error_description":)"
            R"("AADSTS70002: Error validating credentials. AADSTS50012: )"
            R"(Client assertion contains an invalid signature."})") ==
        "invalid_client, AADSTS50012: the client certificate or the "
        "assertion's signature is invalid");
  CHECK(DescribeTokenError(R"({"error_description":"AADSTS70002: x AADSTS9."})")
            .starts_with("AADSTS70002: "));
}

TEST_CASE("the errors of a wrong tenant or form are explained") {
  for (const char* number :
       {"7000229", "50059", "50194", "901002", "9002313"}) {
    CAPTURE(number);
    CHECK(DescribeTokenError(R"({"error_description":"AADSTS)" +
                             std::string(number) + R"(: x"})")
              .find(": ") != std::string::npos);
  }
}

TEST_CASE("a body without a grant is refused without a byte of it") {
  for (const std::string body :
       {"", "null", "[]", "\"secret\"", "{", "<html>secret</html>",
        R"({"access_token":""})", R"({"access_token":7})", R"({"token":"x"})",
        R"({"access_token":"secret\r\nX: y"})",
        R"({"access_token":"secret two"})", R"({"access_token":"s\u0000"})",
        R"({"access_token":"sécret"})", R"({"access_token":"a"} secret)"}) {
    CAPTURE(body);
    const auto response = Parse(body);
    CHECK_FALSE(response.ok());
    if (!response.ok())
      CHECK(response.error().find("secret") == std::string::npos);
  }
}

TEST_CASE("depth and size do no harm") {
  CHECK_FALSE(Parse(std::string(60000, '[')).ok());
  std::string nested = R"({"access_token":"a","x":)";
  nested += std::string(30000, '[') + std::string(30000, ']') + "}";
  CHECK(Parse(nested).ok());
  CHECK_FALSE(Parse(R"({"access_token":"a"})" + std::string(70000, ' ')).ok());
}

TEST_CASE("a refusal is reported by its codes, never its description") {
  const std::string told = DescribeTokenError(
      R"({"error":"invalid_client","error_description":)"
      R"("AADSTS7000215: Invalid client secret provided. Trace ID: 255d1aef",)"
      R"("error_codes":[7000215]})");
  CHECK(told ==
        "invalid_client, AADSTS7000215: the client secret is wrong: it must be "
        "the secret's value, not its id");
}

TEST_CASE("a refusal without a known number is reported by OAuth code") {
  CHECK(DescribeTokenError(R"({"error":"invalid_scope"})") ==
        "invalid_scope: scopes is not valid");
  CHECK(DescribeTokenError(
            R"({"error":"x_y","error_description":"AADSTS99: z"})") ==
        "x_y, AADSTS99");
}

TEST_CASE("a refusal without a known code is not described") {
  for (const std::string body :
       {"", "[]", "{}", R"({"error":"Some text with secrets"})",
        R"({"error":7,"error_description":"secret"})",
        R"({"error_description":"AADSTS"})",
        R"({"error_description":"AADSTS12345678901234"})"}) {
    CAPTURE(body);
    CHECK(DescribeTokenError(body).empty());
  }
}

}  // namespace
}  // namespace operator_connect::oauth
