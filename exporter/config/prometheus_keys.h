#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_PROMETHEUS_KEYS_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_PROMETHEUS_KEYS_H_

#include "exporter/config/yaml/map_reader.h"

namespace operator_connect::config {

// Keys of Prometheus' HTTP client that do not exist here. Each that a map holds
// is reported with what to write instead; a value that only names what is done
// anyway, such as follow_redirects: false, is taken. Call for the map that the
// name says, at any time before its Finish().
void RefuseForeignClientKeys(MapReader& account);
void RefuseForeignOAuth2Keys(MapReader& oauth2);
void RefuseForeignAuthorizationKeys(MapReader& authorization);
void RefuseForeignTlsKeys(MapReader& tls_config);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_PROMETHEUS_KEYS_H_
