#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_CREDENTIALS_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_CREDENTIALS_H_

#include <string>
#include <string_view>

#include "exporter/config/config.h"
#include "exporter/config/yaml/map_reader.h"

namespace operator_connect::config {

// The parts of an account that have the names and meaning of Prometheus' HTTP
// client settings. What is wrong goes to the reader's problems.

// Reads oauth2 or authorization from the map that is theirs. `allow_http`:
// plain http also to hosts other than this one.
OAuth2 ReadOAuth2(MapReader& reader, bool allow_http);
Authorization ReadAuthorization(MapReader& reader);

// Reads `key` as the URL of a server: https, or plain http as far as that is
// safe or allowed, without user info or fragment. Where `is_base`, paths are
// added to it: no query, and slashes at the end are dropped.
bool ReadServerUrl(MapReader& reader, std::string_view key, bool allow_http,
                   bool is_base, std::string& out);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_CREDENTIALS_H_
