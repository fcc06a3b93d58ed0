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

// What a transfer that ended with `code` failed of, in words for people: what
// is wrong and, where one thing is likely, what to do. `text` is curl's own
// error buffer, of which only what cannot hold a secret is used; `verdict` is
// OpenSSL's of the peer's certificate.
Failure ExplainCurlFailure(CURL* easy, CURLcode code, const char* text,
                           const CurlPeers& peers, const config::TlsConfig& tls,
                           int verdict);

// What is known of how far a transfer had come, beside what the handle knows.
enum class TransferPhase {
  kBegun,
  kTls,   // the handshake has begun
  kBody,  // the final head has been read
};

// The same in words, for one whose time was up.
std::string DescribeProgress(CURL* easy, const CurlPeers& peers,
                             TransferPhase phase);

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_CURL_FAILURE_H_
