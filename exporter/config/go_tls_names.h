#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_GO_TLS_NAMES_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_GO_TLS_NAMES_H_

#include <string>

namespace operator_connect::config {

// The cipher suite that has nearly the name `name`; empty if none has.
// OpenSslCipher() and OpenSslGroup() are in web_config.h.
std::string NearestCipher(const std::string& name);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_GO_TLS_NAMES_H_
