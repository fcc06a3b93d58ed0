#ifndef OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_URL_H_
#define OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_URL_H_

#include <string>
#include <string_view>

namespace operator_connect::http_client {

// The parts of an absolute URL. A URL without "://" has only a `target`.
struct UrlParts {
  std::string scheme;     // lower case
  std::string user_info;  // with its '@', or empty: may hold a password
  std::string host;       // a v6 address in its brackets
  std::string port;       // as written, or the scheme's own
  bool has_port = false;  // it was written
  std::string target;     // path and query

  // "live.example.com:443", which is all of a URL that people are shown.
  std::string HostPort() const { return host + ":" + port; }
};

UrlParts SplitUrl(std::string_view url);

// `text` as a value of a query or a form: all but letters, digits and -._~ is
// written as %XX.
std::string PercentEncode(std::string_view text);

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_URL_H_
