#ifndef OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_CURL_CONNECTION_H_
#define OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_CURL_CONNECTION_H_

#include <memory>
#include <string>

#include "exporter/config/config.h"
#include "exporter/http_client/transport.h"
#include "exporter/http_client/trust_store.h"

namespace operator_connect::http_client {

// The settings of one transport, shared by its connections. Thread-safe.
struct CurlSettings {
  CurlSettings(const config::TlsConfig& t, const config::Proxy& p)
      : tls(t), proxy(p), trust(tls.ca_file, tls.ca) {}

  const config::TlsConfig tls;
  const config::Proxy proxy;
  TrustStore trust;
};

// Makes a connection that uses libcurl. Throws std::bad_alloc.
std::unique_ptr<HttpConnection> MakeCurlConnection(
    std::shared_ptr<CurlSettings> settings);

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_CURL_CONNECTION_H_
