#ifndef OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_CURL_TLS_H_
#define OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_CURL_TLS_H_

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <array>
#include <optional>
#include <string>

#include "exporter/base/file_stamp.h"
#include "exporter/config/config.h"
#include "exporter/http_client/trust_store.h"

namespace operator_connect::http_client {

// TLS of one libcurl handle: its settings, the trusted authorities, and the
// progress of the last request's handshake. Must outlive the handle. One
// thread.
class CurlTls {
 public:
  // Both must outlive this.
  CurlTls(const config::TlsConfig& tls, TrustStore& trust)
      : tls_(tls), trust_(trust) {}
  CurlTls(const CurlTls&) = delete;
  CurlTls& operator=(const CurlTls&) = delete;

  void SetUp(CURL* easy);
  // Forgets the last handshake at the start of a request. True: a file of the
  // settings has changed since then, so the kept connection must not be used.
  bool Restart();

  // A handshake has begun.
  bool begun() const { return begun_; }
  // OpenSSL's result for the peer's certificate.
  int verdict() const { return verdict_; }
  // Why there was no handshake: a sentence about the file of authorities.
  const std::string& problem() const { return problem_; }

 private:
  // Of ca_file, cert_file and key_file.
  using Stamps = std::array<FileStamp, 3>;

  CURLcode Begin(SSL_CTX* context);
  static CURLcode OnBegin(CURL*, void* context, void* self);
  static int OnVerify(X509_STORE_CTX* context, void* self);

  const config::TlsConfig& tls_;
  TrustStore& trust_;
  Stamps stamps_;                      // at the start of the last request
  std::optional<Stamps> shaken_with_;  // of the last handshake
  bool begun_ = false;
  int verdict_ = X509_V_OK;
  std::string problem_;
};

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_CURL_TLS_H_
