#include "exporter/http_client/curl_transport.h"

#include <curl/curl.h>

#include "exporter/http_client/curl_connection.h"

namespace operator_connect::http_client {
namespace {

class CurlTransport : public Transport {
 public:
  CurlTransport(const config::TlsConfig& tls, const config::Proxy& proxy)
      : settings_(std::make_shared<CurlSettings>(tls, proxy)) {}

  std::unique_ptr<HttpConnection> Connect() override {
    return MakeCurlConnection(settings_);
  }

 private:
  const std::shared_ptr<CurlSettings> settings_;
};

}  // namespace

std::unique_ptr<Transport> MakeTransport(const config::TlsConfig& tls,
                                         const config::Proxy& proxy) {
  // Called once per process, before any thread uses libcurl; never undone.
  static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(kReady);
  return std::make_unique<CurlTransport>(tls, proxy);
}

}  // namespace operator_connect::http_client
