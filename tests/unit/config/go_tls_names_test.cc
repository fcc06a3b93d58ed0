#include "exporter/config/go_tls_names.h"

#include <doctest/doctest.h>

namespace operator_connect::config {
namespace {

TEST_CASE("every cipher and curve of Go has a name of OpenSSL's") {
  CHECK(OpenSslCipher("TLS_AES_128_GCM_SHA256") == "TLS_AES_128_GCM_SHA256");
  CHECK(OpenSslCipher("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256") ==
        "ECDHE-ECDSA-CHACHA20-POLY1305");
  CHECK(OpenSslCipher("ECDHE-RSA-AES128-GCM-SHA256").empty());
  CHECK(OpenSslGroup("CurveP521") == "P-521");
  CHECK(OpenSslGroup("").empty());
}

TEST_CASE("a misspelt cipher suite is recognised") {
  CHECK(NearestCipher("TLS_AES_128_GCM_SHA257") == "TLS_AES_128_GCM_SHA256");
  CHECK(NearestCipher("RC4").empty());
}

}  // namespace
}  // namespace operator_connect::config
