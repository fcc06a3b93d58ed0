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
  std::optional<std::string> user_info;  // the part before the @
  std::string host;                      // an IPv6 address keeps its brackets
  int port = 0;                          // 0: not written
  std::string path;                      // with its slash; can be empty
  std::optional<std::string> query;
  std::optional<std::string> fragment;

  // "live.example.com:443", with the scheme's default port if none is written.
  // The only part of a URL to show, as the rest may hold a password.
  std::string HostPort() const;
};

// Parses scheme://host with optional further parts, all in printable ASCII
// without spaces, quotes, angle brackets or backslashes (user info may hold
// <secret>). The host is a name, an IPv4 address or an IPv6 address in
// brackets, the port 1 to 65535. nullopt for any other text.
std::optional<Url> ParseUrl(std::string_view text);

// Whether `host` is this machine: localhost, 127.0.0.0/8 or [::1].
bool IsLoopback(std::string_view host);

// `url` with its user info, if any, replaced by <secret>. Accepts any text.
std::string HideUserInfo(std::string_view url);

// Encodes `text` as a value of a query or a form: everything but letters,
// digits and -._~ becomes %XX.
std::string PercentEncode(std::string_view text);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_URL_H_
