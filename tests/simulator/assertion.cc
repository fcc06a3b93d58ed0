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

std::string CheckTime(const rapidjson::Document& claims) {
  const auto now = static_cast<double>(std::time(nullptr));
  if (NumberOf(claims, "exp", 0) <= now) {
    return "AADSTS700024: the assertion has expired.";
  }
  if (NumberOf(claims, "nbf", now) > now + 5) {
    return "AADSTS700024: nbf is in the future.";
  }
  return "";
}

// Checks an assertion that the client signed itself.
std::string CheckOwnClaims(const rapidjson::Document& claims,
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
  return Text(claims, "jti").empty() ? "there is no jti." : "";
}

// Checks an assertion that an issuer signed for the client.
std::string CheckFederatedClaims(const rapidjson::Document& claims,
                                 const PlatformOptions& options) {
  if (Text(claims, "sub") != options.federated_subject) {
    return "AADSTS700213: No matching federated identity record found for "
           "presented assertion subject.";
  }
  if (Text(claims, "aud") != "api://AzureADTokenExchange") {
    return "AADSTS700212: No matching federated identity record found for "
           "presented assertion audience.";
  }
  return "";
}

using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;

X509Ptr ReadCertificate(const std::string& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  return {PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free};
}

bool SignatureIsGood(const X509* certificate, bool pss,
                     std::string_view signed_text,
                     const std::string& signature) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(
      EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_PKEY_CTX* key = nullptr;  // owned by the context
  if (EVP_DigestVerifyInit(context.get(), &key, EVP_sha256(), nullptr,
                           X509_get0_pubkey(certificate)) != 1) {
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

// Checks that the header names `certificate` as Entra ID requires for the
// algorithm.
std::string CheckThumbprint(const rapidjson::Document& header, bool pss,
                            const X509* certificate) {
  const std::string name = pss ? "x5t#S256" : "x5t";
  const auto thumbprint = DecodeBase64Url(Text(header, name.c_str()));
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  X509_digest(certificate, pss ? EVP_sha256() : EVP_sha1(), digest, &size);
  const std::string_view want(reinterpret_cast<const char*>(digest), size);
  return thumbprint == want ? "" : name + " is not the certificate's.";
}

// The decoded parts of an assertion.
struct Assertion {
  rapidjson::Document header;
  rapidjson::Document claims;
  std::string_view signed_text;
  std::string signature;
};

std::string Decode(std::string_view text, Assertion* out) {
  const std::size_t first = text.find('.');
  const std::size_t last = text.rfind('.');
  if (first == std::string_view::npos || first == last) {
    return "the assertion has not three parts.";
  }
  const auto head = DecodeBase64Url(text.substr(0, first));
  const auto body = DecodeBase64Url(text.substr(first + 1, last - first - 1));
  const auto signature = DecodeBase64Url(text.substr(last + 1));
  if (!head || !body || !signature) return "a part is not base64url.";
  out->signed_text = text.substr(0, last);
  out->signature = *signature;
  return out->header.Parse(head->c_str()).HasParseError() ||
                 !out->header.IsObject() ||
                 out->claims.Parse(body->c_str()).HasParseError() ||
                 !out->claims.IsObject()
             ? "a part is no JSON object."
             : "";
}

std::string CheckSignature(const Assertion& assertion, const std::string& pem,
                           bool federated) {
  const std::string algorithm = Text(assertion.header, "alg");
  const bool pss = algorithm == "PS256";
  if (algorithm != "RS256" && (!pss || federated)) {
    return "alg is neither RS256 nor PS256.";
  }
  if (pem.empty() && !federated) return "";
  const X509Ptr certificate = ReadCertificate(pem);
  std::string wrong;
  if (!federated) {
    wrong = CheckThumbprint(assertion.header, pss, certificate.get());
  }
  if (wrong.empty() &&
      !SignatureIsGood(certificate.get(), pss, assertion.signed_text,
                       assertion.signature)) {
    wrong = "the signature is not the certificate's.";
  }
  return wrong;
}

}  // namespace

std::string CheckAssertion(std::string_view text,
                           const PlatformOptions& options,
                           const std::string& token_path) {
  Assertion assertion;
  std::string wrong = Decode(text, &assertion);
  if (!wrong.empty()) return "AADSTS50027: " + wrong;
  const std::string issuer = Text(assertion.claims, "iss");
  const bool federated =
      !options.federated_issuer.empty() && issuer == options.federated_issuer;
  if (!federated && issuer.starts_with("https://")) {
    return "AADSTS700211: No matching federated identity record found for "
           "presented assertion issuer.";
  }
  wrong = federated
              ? CheckFederatedClaims(assertion.claims, options)
              : CheckOwnClaims(assertion.claims, options.client_id, token_path);
  if (!wrong.empty()) return federated ? wrong : "AADSTS700021: " + wrong;
  wrong = CheckTime(assertion.claims);
  if (!wrong.empty()) return wrong;
  wrong = CheckSignature(
      assertion,
      federated ? options.federated_certificate : options.client_certificate,
      federated);
  return wrong.empty() ? "" : "AADSTS700027: " + wrong;
}

}  // namespace operator_connect::simulator
