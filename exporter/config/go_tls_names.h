#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_GO_TLS_NAMES_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_GO_TLS_NAMES_H_

#include <string>
#include <string_view>

namespace operator_connect::config {

// OpenSSL's name for a cipher suite of Go, such as ECDHE-RSA-AES128-GCM-SHA256
// for TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256; the three suites of TLS 1.3 have
// the same name in both. Empty if Go has no such suite or calls it insecure.
std::string_view OpenSslCipher(std::string_view go_name);

// OpenSSL's name for a curve of Go: P-256 for CurveP256. Empty if unknown.
std::string_view OpenSslGroup(std::string_view go_name);

// The cipher suite of Go whose name is closest to `name`; empty if none is
// close.
std::string NearestCipher(const std::string& name);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_GO_TLS_NAMES_H_
