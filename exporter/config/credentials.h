#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_CREDENTIALS_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_CREDENTIALS_H_

#include <string>
#include <string_view>

#include "exporter/config/config.h"
#include "exporter/config/yaml/map_reader.h"

namespace operator_connect::config {

// Reads the parts of an account that have the names and meaning of Prometheus'
// HTTP client settings. Faults go to the reader's problems.

// Read the map of oauth2 or authorization. `allow_http` allows plain http also
// to hosts other than this one.
OAuth2 ReadOAuth2(MapReader& reader, bool allow_http);
Authorization ReadAuthorization(MapReader& reader);

// Reads `key` as the URL of a server: https, or plain http to this machine or
// if `allow_http`, without user info or fragment. With `is_base`, paths will be
// appended: a query is refused, and trailing slashes are dropped.
bool ReadServerUrl(MapReader& reader, std::string_view key, bool allow_http,
                   bool is_base, std::string& out);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_CREDENTIALS_H_
