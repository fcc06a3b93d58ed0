#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_CURL_FAILURE_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_CURL_FAILURE_H_

#include <curl/curl.h>

#include <string>

#include "exporter/config/config.h"
#include "exporter/live_platform/failure.h"

namespace operator_connect::live_platform {

// The two ends of a transfer, as host:port.
struct CurlPeers {
  std::string server;
  std::string proxy;  // empty: none
};

// What a transfer that ended with `code` failed of, in words for people: what
// is wrong and, where one thing is likely, what to do. `text` is curl's own
// error buffer, of which only what cannot hold a secret is used.
Failure ExplainCurlFailure(CURL* easy, CURLcode code, const char* text,
                           const CurlPeers& peers,
                           const config::TlsConfig& tls);

// How far a transfer had come when its time was up.
std::string DescribeProgress(CURL* easy, const CurlPeers& peers, bool tls,
                             bool head_done);

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_CURL_FAILURE_H_
