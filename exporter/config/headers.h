#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_HEADERS_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_HEADERS_H_

#include <string>
#include <string_view>

#include "exporter/config/config.h"
#include "exporter/config/yaml/map_reader.h"

namespace operator_connect::config {

// Reads headers as Prometheus writes them, a map of name to values, secrets
// and files. What is wrong goes to the reader's problems.

// http_headers: what goes to the platform beside what the exporter sets itself.
Headers ReadHttpHeaders(MapReader& reader);

// proxy_connect_header: what goes to a proxy. Each may also be a list of
// secrets, which is all that Prometheus knows.
Headers ReadProxyConnectHeader(MapReader& reader);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_HEADERS_H_
