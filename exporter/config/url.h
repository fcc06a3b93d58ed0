#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_URL_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_URL_H_

#include <optional>
#include <string>
#include <string_view>

namespace operator_connect::config {

// The parts of an absolute URL with an authority, as written; scheme and host
// in lower case.
struct Url {
  std::string scheme;
  std::optional<std::string> user_info;  // what stands before the @
  std::string host;                      // an IPv6 address keeps its brackets
  int port = 0;                          // 0: not written
  std::string path;                      // with its slash; may be empty
  std::optional<std::string> query;
  std::optional<std::string> fragment;

  // "live.example.com:443", with the scheme's own port if none is written: all
  // of a URL that may be shown, as the rest may hold a password.
  std::string HostPort() const;
};

// Nothing unless `text` is scheme://host with optional further parts, all in
// printable ASCII without spaces, quotes, angle brackets or backslashes (user
// info may hold <secret>), the host a name, an IPv4 address or an IPv6 address
// in brackets, the port 1 to 65535.
std::optional<Url> ParseUrl(std::string_view text);

// Whether `host` is this machine: localhost, 127.0.0.0/8 or [::1].
bool IsLoopback(std::string_view host);

// `url` with its user info, if it has any, replaced by <secret>. For any text.
std::string HideUserInfo(std::string_view url);

// `text` as a value of a query or a form: all but letters, digits and -._~ is
// written as %XX.
std::string PercentEncode(std::string_view text);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_URL_H_
