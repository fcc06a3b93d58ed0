#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_TLS_NAMES_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_TLS_NAMES_H_

#include <string>

namespace operator_connect::config {

// "; did you mean …?" if a cipher suite has nearly the name `name`, else
// nothing. OpenSslCipher() and OpenSslGroup() are in web_config.h.
std::string MeantCipher(const std::string& name);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_TLS_NAMES_H_
