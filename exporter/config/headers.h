#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_HEADERS_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_HEADERS_H_

#include <string>
#include <string_view>

#include "exporter/config/config.h"
#include "exporter/config/yaml/map_reader.h"

namespace operator_connect::config {

// Read headers in Prometheus' form, a map of name to values, secrets and files.
// Faults go to the reader's problems.

// http_headers: sent to the platform in addition to the exporter's own headers.
Headers ReadHttpHeaders(MapReader& reader);

// proxy_connect_header: sent to a proxy. A header can also be a plain list of
// secrets, the only form that Prometheus takes.
Headers ReadProxyConnectHeader(MapReader& reader);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_HEADERS_H_
