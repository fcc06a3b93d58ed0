#ifndef OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_HEADERS_H_
#define OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_HEADERS_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exporter/config/config.h"
#include "exporter/http_client/failure.h"

namespace operator_connect::http_client {

// Adds a header to `out` for each value of `headers`, which are under `key` in
// the configuration. Reads files at each call. The failure is kCredentials; its
// detail names the header and the file, and no value.
std::optional<Failure> AppendHeaders(
    const config::Headers& headers, std::string_view key,
    std::vector<std::pair<std::string, std::string>>& out);

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_HEADERS_H_
