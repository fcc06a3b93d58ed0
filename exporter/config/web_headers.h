#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_WEB_HEADERS_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_WEB_HEADERS_H_

#include <map>
#include <string>

#include "exporter/config/yaml/map_reader.h"

namespace operator_connect::config {

// Reads http_server_config.headers of a web configuration: response headers and
// values that the exporter-toolkit allows. An empty value sets no header.
std::map<std::string, std::string> ReadWebHeaders(MapReader& reader);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_WEB_HEADERS_H_
