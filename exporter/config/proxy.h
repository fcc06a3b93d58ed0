#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_PROXY_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_PROXY_H_

#include "exporter/config/config.h"
#include "exporter/config/yaml/map_reader.h"

namespace operator_connect::config {

// Reads proxy_url, no_proxy, proxy_from_environment and proxy_connect_header.
// Faults go to the reader's problems. With proxy_from_environment the variables
// HTTPS_PROXY, HTTP_PROXY and NO_PROXY, or those in lower case, are read and
// checked here.
Proxy ReadProxy(MapReader& reader);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_PROXY_H_
