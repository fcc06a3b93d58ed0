#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_PROMETHEUS_KEYS_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_PROMETHEUS_KEYS_H_

#include "exporter/config/yaml/map_reader.h"

namespace operator_connect::config {

// Report the keys of Prometheus' HTTP client that the exporter does not have,
// each with what to write instead. Accept a value that changes nothing, such as
// follow_redirects: false. Call for the named map at any time before its
// Finish().
void RefuseForeignClientKeys(MapReader& account);
void RefuseForeignOAuth2Keys(MapReader& oauth2);
void RefuseForeignAuthorizationKeys(MapReader& authorization);
void RefuseForeignTlsKeys(MapReader& tls_config);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_PROMETHEUS_KEYS_H_
