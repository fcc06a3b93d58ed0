#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <rapidjson/document.h>

#include <ctime>
#include <memory>
#include <optional>
#include <string>

#include "tests/simulator/platform.h"

namespace operator_connect::simulator {

namespace {

std::optional<std::string> DecodeBase64Url(std::string_view text) {
  std::string decoded;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = (bits << 6) | static_cast<unsigned>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      decoded += static_cast<char>((bits >> count) & 0xff);
    }
  }
  return decoded;
}

std::string Text(const rapidjson::Document& json, const char* name) {
  const auto member = json.FindMember(name);
  if (member == json.MemberEnd() || !member->value.IsString()) return "";
  return member->value.GetString();
}

double NumberOf(const rapidjson::Document& json, const char* name,
                double otherwise) {
  const auto member = json.FindMember(name);
  if (member == json.MemberEnd() || !member->value.IsNumber()) {
    return otherwise;
  }
  return member->value.GetDouble();
}

std::string CheckClaims(const rapidjson::Document& claims,
                        const std::string& client_id,
                        const std::string& token_path) {
  if (Text(claims, "iss") != client_id) return "iss is not the client id.";
  if (Text(claims, "sub") != client_id) return "sub is not the client id.";
  const std::string audience = Text(claims, "aud");
  if (audience.size() < token_path.size() ||
      audience.compare(audience.size() - token_path.size(), std::string::npos,
                       token_path) != 0) {
    return "aud is not the token endpoint.";
  }
  if (Text(claims, "jti").empty()) return "there is no jti.";
  const auto now = static_cast<double>(std::time(nullptr));
  if (NumberOf(claims, "exp", 0) <= now) return "the assertion has expired.";
  if (NumberOf(claims, "nbf", now) > now + 5) return "nbf is in the future.";
  return "";
}

bool SignatureIsGood(const std::string& certificate, bool pss,
                     std::string_view signed_text,
                     const std::string& signature) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(certificate.data(), static_cast<int>(certificate.size())),
      BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> x509(
      PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free);
  if (!x509) return false;
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(
      EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_PKEY_CTX* key = nullptr;  // owned by the context
  if (EVP_DigestVerifyInit(context.get(), &key, EVP_sha256(), nullptr,
                           X509_get0_pubkey(x509.get())) != 1) {
    return false;
  }
  if (pss &&
      (EVP_PKEY_CTX_set_rsa_padding(key, RSA_PKCS1_PSS_PADDING) != 1 ||
       EVP_PKEY_CTX_set_rsa_pss_saltlen(key, RSA_PSS_SALTLEN_DIGEST) != 1)) {
    return false;
  }
  return EVP_DigestVerify(
             context.get(),
             reinterpret_cast<const unsigned char*>(signature.data()),
             signature.size(),
             reinterpret_cast<const unsigned char*>(signed_text.data()),
             signed_text.size()) == 1;
}

}  // namespace

std::string CheckAssertion(std::string_view assertion,
                           const std::string& client_id,
                           const std::string& token_path,
                           const std::string& certificate) {
  const std::size_t first = assertion.find('.');
  const std::size_t last = assertion.rfind('.');
  if (first == std::string_view::npos || first == last) {
    return "the assertion has not three parts.";
  }
  const auto head = DecodeBase64Url(assertion.substr(0, first));
  const auto body =
      DecodeBase64Url(assertion.substr(first + 1, last - first - 1));
  const auto signature = DecodeBase64Url(assertion.substr(last + 1));
  if (!head || !body || !signature) return "a part is not base64url.";
  rapidjson::Document header;
  rapidjson::Document claims;
  if (header.Parse(head->c_str()).HasParseError() || !header.IsObject() ||
      claims.Parse(body->c_str()).HasParseError() || !claims.IsObject()) {
    return "a part is no JSON object.";
  }
  const std::string algorithm = Text(header, "alg");
  if (algorithm != "RS256" && algorithm != "PS256") {
    return "alg is neither RS256 nor PS256.";
  }
  if (Text(header, "x5t").empty() && Text(header, "x5t#S256").empty()) {
    return "there is no x5t nor x5t#S256.";
  }
  std::string wrong = CheckClaims(claims, client_id, token_path);
  if (wrong.empty() && !certificate.empty() &&
      !SignatureIsGood(certificate, algorithm == "PS256",
                       assertion.substr(0, last), *signature)) {
    wrong = "the signature is not the certificate's.";
  }
  return wrong;
}

}  // namespace operator_connect::simulator
