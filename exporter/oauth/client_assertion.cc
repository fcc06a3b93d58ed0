#include "exporter/oauth/client_assertion.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <array>
#include <memory>
#include <string_view>
#include <vector>

#include "exporter/base/file.h"
#include "exporter/config/pem.h"

namespace operator_connect::oauth {
namespace {

using Bytes = std::vector<unsigned char>;
using DigestPtr = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

constexpr auto kLifetime = std::chrono::minutes(10);

http_client::Failure Unusable(const std::string& file, std::string_view why) {
  // OpenSSL's texts are dropped: they are for programmers, not users.
  ERR_clear_error();
  return {http_client::Failure::Kind::kCredentials, 0,
          file + " " + std::string(why), true};
}

std::string Base64Url(const unsigned char* data, std::size_t size) {
  std::string out(4 * ((size + 2) / 3) + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), data,
                      static_cast<int>(size));
  out.resize(static_cast<std::size_t>(length));
  while (!out.empty() && out.back() == '=') out.pop_back();
  for (char& c : out) {
    if (c == '+') c = '-';
    if (c == '/') c = '_';
  }
  return out;
}

std::string Base64Url(std::string_view text) {
  return Base64Url(reinterpret_cast<const unsigned char*>(text.data()),
                   text.size());
}

Result<config::Certificate, http_client::Failure> ReadCertificate(
    const std::string& file) {
  const Result<std::string, FileError> pem = ReadFile(file);
  if (!pem.ok())
    return Unusable(file, "cannot be read: " + pem.error().message);
  const std::vector<config::Certificate> all = config::ParseCertificates(*pem);
  if (all.empty()) return Unusable(file, "holds no certificate in PEM form");
  return all.front();
}

Result<config::PrivateKey, http_client::Failure> ReadKey(
    const std::string& file) {
  Result<std::string, FileError> pem = ReadFile(file);
  if (!pem.ok())
    return Unusable(file, "cannot be read: " + pem.error().message);
  config::PrivateKey key = config::ParsePrivateKey(*pem);
  OPENSSL_cleanse(pem->data(), pem->size());
  if (!key) {
    return Unusable(file, "holds no private key in PEM form without password");
  }
  if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) {
    return Unusable(file, "holds a key that is not an RSA key");
  }
  return key;
}

std::string Thumbprint(const X509* certificate, const EVP_MD* digest) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes;
  unsigned int size = 0;
  if (X509_digest(certificate, digest, bytes.data(), &size) != 1) return {};
  return Base64Url(bytes.data(), size);
}

// A random UUID, as Entra ID recommends.
std::string RandomId() {
  std::array<unsigned char, 16> bytes = {};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) return {};
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
  constexpr char kHex[] = "0123456789abcdef";
  std::string id;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) id += '-';
    id += kHex[bytes[i] >> 4];
    id += kHex[bytes[i] & 15];
  }
  return id;
}

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void Field(Writer& writer, const char* name, const std::string& value) {
  writer.Key(name);
  writer.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}

std::string Header(const X509* certificate, bool pss) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  Field(writer, "alg", pss ? "PS256" : "RS256");
  Field(writer, "typ", "JWT");
  if (pss) {
    Field(writer, "x5t#S256", Thumbprint(certificate, EVP_sha256()));
  } else {
    Field(writer, "x5t", Thumbprint(certificate, EVP_sha1()));
  }
  writer.EndObject();
  return buffer.GetString();
}

std::string Claims(const config::OAuth2& oauth2, WallTime now) {
  const auto seconds =
      std::chrono::floor<std::chrono::seconds>(now).time_since_epoch();
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  Field(writer, "aud", oauth2.token_url);
  Field(writer, "iss", oauth2.client_id);
  Field(writer, "sub", oauth2.client_id);
  Field(writer, "jti", RandomId());
  writer.Key("nbf");
  writer.Int64(seconds.count());
  writer.Key("iat");
  writer.Int64(seconds.count());
  writer.Key("exp");
  writer.Int64((seconds + kLifetime).count());
  writer.EndObject();
  return buffer.GetString();
}

// RFC 7518, section 3.5: the salt is as long as the digest.
bool UsePss(EVP_PKEY_CTX* context) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

// Empty: the key cannot sign.
Bytes Sign(EVP_PKEY* key, bool pss, std::string_view text) {
  const DigestPtr context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  const auto* const data = reinterpret_cast<const unsigned char*>(text.data());
  EVP_PKEY_CTX* padding = nullptr;  // the context's
  std::size_t size = 0;
  if (!context ||
      EVP_DigestSignInit(context.get(), &padding, EVP_sha256(), nullptr, key) !=
          1 ||
      (pss && !UsePss(padding)) ||
      EVP_DigestSign(context.get(), nullptr, &size, data, text.size()) != 1) {
    return {};
  }
  Bytes signature(size);
  if (EVP_DigestSign(context.get(), signature.data(), &size, data,
                     text.size()) != 1) {
    return {};
  }
  signature.resize(size);
  return signature;
}

}  // namespace

Result<std::string, http_client::Failure> MakeClientAssertion(
    const config::OAuth2& oauth2, WallTime now) {
  Result<config::Certificate, http_client::Failure> certificate =
      ReadCertificate(oauth2.client_certificate_file);
  if (!certificate.ok()) return std::move(certificate).error();
  Result<config::PrivateKey, http_client::Failure> key =
      ReadKey(oauth2.client_certificate_key_file);
  if (!key.ok()) return std::move(key).error();
  if (X509_check_private_key(certificate->get(), key->get()) != 1) {
    return Unusable(oauth2.client_certificate_key_file,
                    "is not the key of " + oauth2.client_certificate_file);
  }
  const bool pss =
      oauth2.client_assertion_algorithm == config::AssertionAlgorithm::kPs256;
  std::string text = Base64Url(Header(certificate->get(), pss)) + "." +
                     Base64Url(Claims(oauth2, now));
  const Bytes signature = Sign(key->get(), pss, text);
  if (signature.empty()) {
    return Unusable(oauth2.client_certificate_key_file, "cannot sign");
  }
  return text + "." + Base64Url(signature.data(), signature.size());
}

}  // namespace operator_connect::oauth
