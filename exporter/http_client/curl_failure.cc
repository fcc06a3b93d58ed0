#include "exporter/http_client/curl_failure.h"

#include <openssl/x509_vfy.h>

#include <cstring>
#include <optional>
#include <string_view>

#include "exporter/base/text.h"

namespace operator_connect::http_client {
namespace {

using Kind = Failure::Kind;

constexpr std::size_t kMaxTextBytes = 200;

Failure Broken(std::string detail) {
  return {Kind::kTransport, 0, std::move(detail), false};
}

// A failure that lasts until a person acts.
Failure Lasting(Kind kind, std::string detail) {
  return {kind, 0, std::move(detail), true};
}

long GetLong(CURL* easy, CURLINFO info) {
  long value = 0;
  curl_easy_getinfo(easy, info, &value);
  return value;
}

// ": <libcurl's text>", or empty.
std::string Colon(const char* text) {
  const std::string words = Printable(text, kMaxTextBytes);
  return words.empty() ? words : ": " + words;
}

// The response of a proxy that refused a CONNECT; nullopt: there is none.
std::optional<Failure> RefusedByProxy(CURL* easy, const CurlPeers& peers) {
  const long connect = GetLong(easy, CURLINFO_HTTP_CONNECTCODE);
  if (connect == 407) {
    return Lasting(Kind::kTransport,
                   "the proxy " + peers.proxy +
                       " answered 407: it wants a user name and password in "
                       "proxy_url, or other ones (or a Proxy-Authorization in "
                       "proxy_connect_header)");
  }
  if (connect == 0 || connect / 100 == 2) return std::nullopt;
  Failure failure = Broken("the proxy " + peers.proxy + " answered " +
                           std::to_string(connect) +
                           " instead of connecting to " + peers.server);
  failure.lasting = connect < 500;
  return failure;
}

// Newer versions of libcurl report a CONNECT that the proxy refused so.
Failure NotConnected(CURL* easy, const CurlPeers& peers) {
  if (auto failure = RefusedByProxy(easy, peers)) return *failure;
  const std::string to = peers.proxy.empty()
                             ? "cannot connect to " + peers.server
                             : "cannot connect to the proxy " + peers.proxy;
  const long error = GetLong(easy, CURLINFO_OS_ERRNO);
  return Broken(
      error == 0 ? to : to + ": " + std::strerror(static_cast<int>(error)));
}

Failure NotTrusted(int verdict, std::string_view text, const CurlPeers& peers,
                   const config::TlsConfig& tls) {
  const std::string who = "the certificate of " + peers.server;
  if (text.find("subject name") != std::string_view::npos) {
    return Lasting(Kind::kTransport,
                   who + " is for another name" +
                       (tls.server_name.empty()
                            ? ": tls_config.server_name says which to expect"
                            : " than tls_config.server_name"));
  }
  if (verdict == X509_V_ERR_CERT_HAS_EXPIRED) {
    return Lasting(Kind::kTransport, who + " has expired");
  }
  if (verdict == X509_V_ERR_CERT_NOT_YET_VALID) {
    return Lasting(Kind::kTransport,
                   who + " is not valid yet: is this machine's clock right?");
  }
  if (verdict != X509_V_OK) {
    return Lasting(
        Kind::kTransport,
        who + " is not trusted (" + X509_verify_cert_error_string(verdict) +
            "): " +
            (!tls.ca.empty() ? "no authority in tls_config.ca signed it"
             : tls.ca_file.empty()
                 ? "name the authority that signed it in tls_config.ca_file"
                 : "no authority in " + tls.ca_file + " signed it"));
  }
  return Lasting(Kind::kTransport, who + " cannot be verified" +
                                       Colon(std::string(text).c_str()));
}

Failure NoHandshake(std::string_view text, const CurlPeers& peers) {
  const std::string who = "no TLS connection to " + peers.server;
  const std::string words = Colon(std::string(text).c_str());
  if (text.find("wrong version number") != std::string_view::npos ||
      text.find("packet length too long") != std::string_view::npos) {
    return Lasting(Kind::kTransport,
                   who + ": what answers there does not speak TLS");
  }
  if (text.find("unsupported protocol") != std::string_view::npos ||
      text.find("alert protocol version") != std::string_view::npos) {
    return Lasting(Kind::kTransport,
                   who +
                       ": it speaks no version from tls_config.min_version "
                       "to max_version");
  }
  return Broken(who + words);
}

// Explains a failed read or write. libcurl reports a CONNECT that the proxy
// refused, and a missing client certificate, in the same way.
Failure BrokenOff(CURL* easy, std::string_view text, const CurlPeers& peers) {
  if (auto failure = RefusedByProxy(easy, peers)) return *failure;
  if (text.find("response headers") != std::string_view::npos) {
    return Lasting(Kind::kMalformed,
                   "the head of the answer of " +
                       (peers.proxy.empty() ? peers.server : peers.proxy) +
                       " is too large");
  }
  if (text.find("certificate required") != std::string_view::npos) {
    return Lasting(Kind::kTransport,
                   peers.server +
                       " wants a client certificate: tls_config.cert_file and "
                       "tls_config.key_file");
  }
  return Broken("the connection to " + peers.server + " broke" +
                Colon(std::string(text).c_str()));
}

// Explains a response that breaks HTTP/1.1, or is in another protocol; nullopt:
// the failure is another one.
std::optional<Failure> NotUnderstood(CURLcode code, const char* text,
                                     const CurlPeers& peers) {
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_HTTP2:
      return Lasting(
          Kind::kMalformed,
          "what " + peers.server + " answered is not HTTP/1.1" + Colon(text));
    // A receiver that ends a transfer is no failure here, so a failed write is
    // the decoder's, for bytes after the end.
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_WRITE_ERROR:
      return Lasting(
          Kind::kMalformed,
          peers.server + ": the compressed answer cannot be decompressed");
    // A line beyond libcurl's limit of 100 KB. Older versions report "out of
    // memory" for it; a real lack of memory has ended this process before.
    case CURLE_OUT_OF_MEMORY:
#if LIBCURL_VERSION_NUM >= 0x080600
    case CURLE_TOO_LARGE:
#endif
      return Lasting(Kind::kMalformed, "a line in the head of the answer of " +
                                           peers.server + " is too long");
    default:
      return std::nullopt;
  }
}

// Explains a failure after the connection was made: of the request or its
// response.
Failure NotAnswered(CURL* easy, CURLcode code, const char* text,
                    const CurlPeers& peers) {
  if (auto failure = NotUnderstood(code, text, peers)) return *failure;
  switch (code) {
    case CURLE_GOT_NOTHING:
      return Broken(peers.server + " closed the connection without an answer");
    case CURLE_PARTIAL_FILE:
      return Broken("the answer of " + peers.server + " was cut short" +
                    Colon(text));
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_PROXY:
      return BrokenOff(easy, text, peers);
    case CURLE_URL_MALFORMAT:
      return Lasting(Kind::kTransport,
                     "the URL of " + peers.server +
                         (peers.proxy.empty() ? "" : " or its proxy") +
                         " is not one that can be used");
    default:
      return Broken("the request to " + peers.server +
                    " failed: " + curl_easy_strerror(code));
  }
}

}  // namespace

Failure ExplainCurlFailure(CURL* easy, CURLcode code, const char* text,
                           const CurlPeers& peers, const config::TlsConfig& tls,
                           int verdict) {
  if (verdict != X509_V_OK) return NotTrusted(verdict, text, peers, tls);
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return Broken("the name of " + peers.server + " cannot be resolved");
    case CURLE_COULDNT_RESOLVE_PROXY:
      return Broken("the name of the proxy " + peers.proxy +
                    " cannot be resolved");
    case CURLE_COULDNT_CONNECT:
      return NotConnected(easy, peers);
    case CURLE_OPERATION_TIMEDOUT:
      return {Kind::kTimeout, 0, "no connection to " + peers.server, false};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
      return NotTrusted(verdict, text, peers, tls);
    // Newer versions report a key of another certificate as a bad argument.
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_BAD_FUNCTION_ARGUMENT:
      return Lasting(
          Kind::kCredentials,
          "the client certificate " +
              (tls.cert.empty() ? tls.cert_file : "tls_config.cert") +
              " and its key " +
              (tls.key.empty() ? tls.key_file : "tls_config.key") +
              " cannot be used" + Colon(text));
    case CURLE_SSL_CLIENTCERT:
      return BrokenOff(easy, "certificate required", peers);
    case CURLE_SSL_CONNECT_ERROR:
      return NoHandshake(text, peers);
    default:
      return NotAnswered(easy, code, text, peers);
  }
}

std::string DescribeProgress(CURL* easy, const CurlPeers& peers,
                             TransferPhase phase) {
  const auto passed = [easy](CURLINFO info) {
    curl_off_t when = 0;
    curl_easy_getinfo(easy, info, &when);
    return when > 0;
  };
  const std::string& first = peers.proxy.empty() ? peers.server : peers.proxy;
  if (phase == TransferPhase::kBody) {
    return "the answer of " + peers.server + " did not end in time";
  }
  if (!passed(CURLINFO_NAMELOOKUP_TIME_T)) {
    return "the name of " + first + " was not resolved in time";
  }
  // libcurl sets the time of the connect only after the handshake.
  if (phase == TransferPhase::kTls && !passed(CURLINFO_APPCONNECT_TIME_T)) {
    return "the TLS handshake with " + peers.server + " did not end in time";
  }
  if (!passed(CURLINFO_CONNECT_TIME_T)) {
    return "no connection to " + first + " in time";
  }
  return peers.server + " did not answer in time";
}

}  // namespace operator_connect::http_client
