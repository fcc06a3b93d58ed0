#include "exporter/http_client/curl_request.h"

#include <string_view>

#include "exporter/base/text.h"
#include "exporter/config/proxy_choice.h"
#include "exporter/http_client/headers.h"

namespace operator_connect::http_client {
namespace {

using Kind = Failure::Kind;

// Below malloc's threshold for mapping fresh pages: libcurl allocates the
// buffer for each transfer.
constexpr long kReceiveBufferBytes = 64 * 1024;

}  // namespace

void CurlRequest::SetUp(CURL* easy) const {
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  // A hanging name lookup is left to end by itself.
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 1L);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
  curl_easy_setopt(easy, CURLOPT_NETRC, CURL_NETRC_IGNORED);
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, kReceiveBufferBytes);
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  // The token is for the platform, never for a proxy.
  curl_easy_setopt(easy, CURLOPT_HEADEROPT, long{CURLHEADER_SEPARATE});
}

// Sets the server to connect to, and its proxy.
void CurlRequest::SetServer(CURL* easy, const config::Url& url,
                            bool other_name) {
  host_header_.clear();
  connect_to_.Clear();
  if (other_name) {
    const std::string port = peers_.server.substr(url.host.size());
    host_header_ = url.port != 0 ? peers_.server : url.host;
    connect_to_.Append(tls_.server_name + port + ":" + peers_.server);
  }
  curl_easy_setopt(easy, CURLOPT_CONNECT_TO, connect_to_.get());
  const std::string& proxy = config::ChooseProxy(proxy_, url);
  const auto proxy_url = config::ParseUrl(proxy);
  peers_.proxy = proxy_url ? proxy_url->HostPort() : "";
  // An empty proxy also overrides the environment.
  curl_easy_setopt(easy, CURLOPT_PROXY, proxy.c_str());
  set_headers_.clear();
  headers_.Clear();
}

// Returns the URL to request. If server_name differs from the host, the URL
// contains it, for SNI and verification, while the connection and the Host
// header keep the host.
std::string CurlRequest::Address(CURL* easy, const HttpRequest& request) {
  const config::Url url = config::ParseUrl(request.url).value_or(config::Url());
  peers_.server = url.HostPort();
  const std::string& name = tls_.server_name;
  const bool other_name =
      url.scheme == "https" && !name.empty() && name != url.host;
  // A server can be reached by https and by plain http, with different proxies.
  const std::string server = url.scheme + "://" + peers_.server;
  if (server != set_server_) {
    SetServer(easy, url, other_name);
    set_server_ = server;
  }
  if (!other_name) return request.url;
  return "https://" + (url.user_info ? *url.user_info + "@" : "") + name +
         peers_.server.substr(url.host.size()) + url.path +
         (url.query ? "?" + *url.query : "");
}

std::optional<Failure> CurlRequest::SetHeaders(CURL* easy,
                                               const HttpRequest& request) {
  if (headers_.get() != nullptr && request.headers == set_headers_) {
    return std::nullopt;
  }
  headers_.Clear();
  set_headers_ = request.headers;
  for (const auto& [name, value] : request.headers) {
    if ((name + value).find_first_of(std::string_view("\r\n\0", 3)) !=
        std::string::npos) {
      headers_.Clear();
      return Failure{Kind::kCredentials, 0,
                     "the value for the header " + Printable(name, 64) +
                         " holds a line break",
                     true};
    }
    headers_.Append(value.empty() ? name + ";" : name + ": " + value);
  }
  if (!host_header_.empty()) headers_.Append("Host: " + host_header_);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
  return std::nullopt;
}

// Set for each request, as the files are read at each use.
std::optional<Failure> CurlRequest::SetProxyHeaders(CURL* easy) {
  if (proxy_.connect_headers.empty() || peers_.proxy.empty()) {
    return std::nullopt;
  }
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<Failure> failure =
      AppendHeaders(proxy_.connect_headers, "proxy_connect_header", headers);
  if (failure) return failure;
  proxy_headers_.Clear();
  for (const auto& [name, value] : headers) {
    proxy_headers_.Append(value.empty() ? name + ";" : name + ": " + value);
  }
  curl_easy_setopt(easy, CURLOPT_PROXYHEADER, proxy_headers_.get());
  return std::nullopt;
}

void CurlRequest::SetForm(CURL* easy, const HttpRequest& request) {
  if (request.form) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.form->size()));
    curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, request.form->c_str());
  } else if (is_post_) {
    curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
  }
  is_post_ = request.form.has_value();
}

std::optional<Failure> CurlRequest::Set(CURL* easy,
                                        const HttpRequest& request) {
  const std::string address = Address(easy, request);
  curl_easy_setopt(easy, CURLOPT_URL, address.c_str());
  SetForm(easy, request);
  std::optional<Failure> failure = SetProxyHeaders(easy);
  return failure ? failure : SetHeaders(easy, request);
}

}  // namespace operator_connect::http_client
