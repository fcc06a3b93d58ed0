#include "exporter/config/go_tls_names.h"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "exporter/config/yaml/scalar.h"

namespace operator_connect::config {
namespace {

using Name = std::pair<std::string_view, std::string_view>;

// The suites of Go's tls.CipherSuites(), and OpenSSL's names for them.
constexpr std::array<Name, 13> kCiphers = {{
    {"TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256"},
    {"TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384"},
    {"TLS_CHACHA20_POLY1305_SHA256", "TLS_CHACHA20_POLY1305_SHA256"},
    {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "ECDHE-ECDSA-AES128-SHA"},
    {"TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "ECDHE-ECDSA-AES256-SHA"},
    {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "ECDHE-RSA-AES128-SHA"},
    {"TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "ECDHE-RSA-AES256-SHA"},
    {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
     "ECDHE-ECDSA-AES128-GCM-SHA256"},
    {"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
     "ECDHE-ECDSA-AES256-GCM-SHA384"},
    {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256"},
    {"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE-RSA-AES256-GCM-SHA384"},
    {"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
     "ECDHE-ECDSA-CHACHA20-POLY1305"},
    {"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
     "ECDHE-RSA-CHACHA20-POLY1305"},
}};

constexpr std::array<Name, 4> kGroups = {{{"CurveP256", "P-256"},
                                          {"CurveP384", "P-384"},
                                          {"CurveP521", "P-521"},
                                          {"X25519", "X25519"}}};

template <std::size_t N>
std::string_view Lookup(const std::array<Name, N>& names,
                        std::string_view name) {
  for (const Name& known : names) {
    if (known.first == name) return known.second;
  }
  return {};
}

}  // namespace

std::string_view OpenSslCipher(std::string_view go_name) {
  return Lookup(kCiphers, go_name);
}

std::string_view OpenSslGroup(std::string_view go_name) {
  return Lookup(kGroups, go_name);
}

std::string NearestCipher(const std::string& name) {
  std::vector<std::string_view> names;
  for (const Name& known : kCiphers) names.push_back(known.first);
  return DidYouMean(name, names);
}

}  // namespace operator_connect::config
