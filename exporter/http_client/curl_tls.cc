#include "exporter/http_client/curl_tls.h"

#include <exception>

#include "exporter/base/result.h"

namespace operator_connect::http_client {

namespace {

void SetPem(CURL* easy, CURLoption file_option, const std::string& file,
            CURLoption text_option, const std::string& text) {
  if (!file.empty()) curl_easy_setopt(easy, file_option, file.c_str());
  if (text.empty()) return;
  curl_blob blob = {};
  blob.data = const_cast<char*>(text.data());  // read only
  blob.len = text.size();
  blob.flags = CURL_BLOB_COPY;
  curl_easy_setopt(easy, text_option, &blob);
}

}  // namespace

void CurlTls::SetUp(CURL* easy) {
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, &OnBegin);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, this);
  // The authorities come from the transport's own store. libcurl must not keep
  // it for later connections: it may have been replaced by then.
  curl_easy_setopt(easy, CURLOPT_CA_CACHE_TIMEOUT, 0L);
  curl_easy_setopt(easy, CURLOPT_CAINFO, nullptr);
  curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, nullptr);
  curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, nullptr);
  // A resumed session is not verified again and would ignore a changed file of
  // authorities.
  curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
  if (tls_.insecure_skip_verify) {
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYHOST, 0L);
  }
  SetPem(easy, CURLOPT_SSLCERT, tls_.cert_file, CURLOPT_SSLCERT_BLOB,
         tls_.cert);
  SetPem(easy, CURLOPT_SSLKEY, tls_.key_file, CURLOPT_SSLKEY_BLOB, tls_.key);
  // Refuses an encrypted key instead of prompting at the terminal.
  curl_easy_setopt(easy, CURLOPT_KEYPASSWD, "");
}

bool CurlTls::Restart() {
  begun_ = false;
  verdict_ = X509_V_OK;
  problem_.clear();
  const auto stamp = [](const std::string& file) {
    return file.empty() ? FileStamp() : FileStamp::Of(file);
  };
  stamps_ = {stamp(tls_.ca_file), stamp(tls_.cert_file), stamp(tls_.key_file)};
  return shaken_with_ && *shaken_with_ != stamps_;
}

CURLcode CurlTls::Begin(SSL_CTX* context) {
  begun_ = true;
  shaken_with_ = stamps_;
  SSL_CTX_set_min_proto_version(context, static_cast<int>(tls_.min_version));
  SSL_CTX_set_max_proto_version(context, static_cast<int>(tls_.max_version));
  // OpenSSL only accepts the signatures of TLS 1.0 and 1.1 at this level.
  if (tls_.min_version < config::TlsVersion::kTls12) {
    SSL_CTX_set_security_level(context, 0);
  }
  if (tls_.insecure_skip_verify) return CURLE_OK;
  Result<X509StorePtr, std::string> store = trust_.Get();
  if (!store.ok()) {
    problem_ = std::move(store).error();
    return CURLE_SSL_CACERT_BADFILE;
  }
  SSL_CTX_set1_cert_store(context, store->get());
  SSL_CTX_set_cert_verify_callback(context, &OnVerify, this);
  return CURLE_OK;
}

// No exception may pass through libcurl's frames.
CURLcode CurlTls::OnBegin(CURL*, void* context, void* self) {
  try {
    return static_cast<CurlTls*>(self)->Begin(static_cast<SSL_CTX*>(context));
  } catch (const std::exception&) {
    return CURLE_OUT_OF_MEMORY;
  }
}

// Verifies as usual and records OpenSSL's error code; libcurl maps only some of
// them.
int CurlTls::OnVerify(X509_STORE_CTX* context, void* self) {
  if (X509_verify_cert(context) > 0) return 1;
  static_cast<CurlTls*>(self)->verdict_ = X509_STORE_CTX_get_error(context);
  return 0;
}

}  // namespace operator_connect::http_client
