#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_ASSERTION_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_ASSERTION_H_

#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <ctime>
#include <string>
#include <string_view>

namespace operator_connect {

inline std::string ToBase64Url(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  out.resize(static_cast<std::size_t>(
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()),
                      static_cast<int>(bytes.size()))));
  while (!out.empty() && out.back() == '=') out.pop_back();
  for (char& c : out) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return out;
}

// A JSON Web Token that `key` signs with RS256, or PS256 where `pss`, whatever
// `header` says.
inline std::string SignToken(const std::string& header,
                             const std::string& claims, EVP_PKEY* key,
                             bool pss = false) {
  const std::string text = ToBase64Url(header) + "." + ToBase64Url(claims);
  EVP_MD_CTX* const context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* padding = nullptr;
  EVP_DigestSignInit(context, &padding, EVP_sha256(), nullptr, key);
  if (pss) {
    EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(padding, RSA_PSS_SALTLEN_DIGEST);
  }
  const auto* const data = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  EVP_DigestSign(context, nullptr, &size, data, text.size());
  std::string signature(size, '\0');
  EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()),
                 &size, data, text.size());
  signature.resize(size);
  EVP_MD_CTX_free(context);
  return text + "." + ToBase64Url(signature);
}

// The claims of a cluster's assertion for a pod, which expires `seconds` from
// now.
struct PodClaims {
  std::string issuer = "https://oidc.example.com/cluster/";
  std::string subject = "system:serviceaccount:monitoring:exporter";
  std::string audience = "api://AzureADTokenExchange";
  std::time_t seconds = 3600;

  std::string Json() const {
    return R"({"iss":")" + issuer + R"(","sub":")" + subject + R"(","aud":")" +
           audience + R"(","exp":)" +
           std::to_string(std::time(nullptr) + seconds) + "}";
  }
};

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_ASSERTION_H_
