#ifndef OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_CURL_TRANSPORT_H_
#define OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_CURL_TRANSPORT_H_

#include <memory>
#include <string>

#include "exporter/config/config.h"
#include "exporter/http_client/transport.h"

namespace operator_connect::http_client {

// The real transport. The environment's proxies are used only as far as `proxy`
// holds them. Certificate files are read again for new connections, so that
// renewed ones count without a restart. `server_name` is the name that is asked
// for and verified in TLS; the Host header stays that of the URL. Without a
// ca_file or ca the system's authorities are trusted (SSL_CERT_FILE and
// SSL_CERT_DIR are honoured). The transport may end before its connections.
std::unique_ptr<Transport> MakeTransport(const config::TlsConfig& tls,
                                         const config::Proxy& proxy);

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_CURL_TRANSPORT_H_
