#ifndef OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_CURL_REQUEST_H_
#define OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_CURL_REQUEST_H_

#include <curl/curl.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "exporter/config/config.h"
#include "exporter/config/url.h"
#include "exporter/http_client/curl_failure.h"
#include "exporter/http_client/failure.h"
#include "exporter/http_client/transport.h"

namespace operator_connect::http_client {

// A list of strings for libcurl.
class StringList {
 public:
  StringList() = default;
  ~StringList() { curl_slist_free_all(list_); }
  StringList(const StringList&) = delete;
  StringList& operator=(const StringList&) = delete;

  void Clear() {
    curl_slist_free_all(list_);
    list_ = nullptr;
  }
  bool Append(const std::string& text) {
    curl_slist* const longer = curl_slist_append(list_, text.c_str());
    if (longer == nullptr) return false;
    list_ = longer;
    return true;
  }
  curl_slist* get() const { return list_; }

 private:
  curl_slist* list_ = nullptr;
};

// The settings of one libcurl handle: those of all requests, and for each
// request only the differences from the one before. Must outlive the handle.
class CurlRequest {
 public:
  // Both must outlive this.
  CurlRequest(const config::TlsConfig& tls, const config::Proxy& proxy)
      : tls_(tls), proxy_(proxy) {}

  // Sets the options of all requests.
  void SetUp(CURL* easy) const;
  // Sets the options of one request; nullopt: success.
  std::optional<Failure> Set(CURL* easy, const HttpRequest& request);

  // Of the last request.
  const CurlPeers& peers() const { return peers_; }

 private:
  std::string Address(CURL* easy, const HttpRequest& request);
  std::optional<Failure> SetHeaders(CURL* easy, const HttpRequest& request);
  std::optional<Failure> SetProxyHeaders(CURL* easy);
  void SetServer(CURL* easy, const config::Url& url, bool other_name);
  void SetForm(CURL* easy, const HttpRequest& request);

  const config::TlsConfig& tls_;
  const config::Proxy& proxy_;
  CurlPeers peers_;
  StringList headers_;
  StringList proxy_headers_;
  StringList connect_to_;
  std::vector<std::pair<std::string, std::string>> set_headers_;
  std::string set_server_;
  std::string host_header_;  // when it differs from the URL's host
  bool is_post_ = false;
};

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_CURL_REQUEST_H_
