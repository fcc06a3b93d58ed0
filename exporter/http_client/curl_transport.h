#ifndef OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_CURL_TRANSPORT_H_
#define OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_CURL_TRANSPORT_H_

#include <memory>
#include <string>

#include "exporter/config/config.h"
#include "exporter/http_client/transport.h"

namespace operator_connect::http_client {

// The real transport. Uses the environment's proxies only if `proxy` contains
// them. Reads certificate files again for new connections, so that renewed ones
// are used without a restart. `server_name` is the name that is sent and
// verified in TLS; the Host header stays that of the URL. Without ca_file and
// ca, trusts the system's authorities (SSL_CERT_FILE and SSL_CERT_DIR are
// honoured). Connections may outlive the transport.
std::unique_ptr<Transport> MakeTransport(const config::TlsConfig& tls,
                                         const config::Proxy& proxy);

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_CURL_TRANSPORT_H_
