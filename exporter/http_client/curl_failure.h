#ifndef OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_CURL_FAILURE_H_
#define OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_CURL_FAILURE_H_

#include <curl/curl.h>

#include <string>

#include "exporter/config/config.h"
#include "exporter/http_client/failure.h"

namespace operator_connect::http_client {

// The two ends of a transfer, as host:port.
struct CurlPeers {
  std::string server;
  std::string proxy;  // empty: none
};

// Explains for people why a transfer ended with `code`: the fault, and the
// remedy if one is likely. `text` is libcurl's error buffer, of which only
// parts without secrets are used. `verdict` is OpenSSL's result for the peer's
// certificate.
Failure ExplainCurlFailure(CURL* easy, CURLcode code, const char* text,
                           const CurlPeers& peers, const config::TlsConfig& tls,
                           int verdict);

// The progress of a transfer that the handle does not know.
enum class TransferPhase {
  kBegun,
  kTls,   // the handshake has begun
  kBody,  // the final head has been read
};

// Describes the progress of a transfer that timed out.
std::string DescribeProgress(CURL* easy, const CurlPeers& peers,
                             TransferPhase phase);

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_CURL_FAILURE_H_
