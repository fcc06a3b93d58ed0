#include "exporter/http_client/url.h"

#include <algorithm>

namespace operator_connect::http_client {

UrlParts SplitUrl(std::string_view url) {
  UrlParts parts;
  const std::size_t colon = url.find("://");
  if (colon == std::string_view::npos) {
    parts.target = url;
    return parts;
  }
  for (const char c : url.substr(0, colon)) {
    parts.scheme += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  url.remove_prefix(colon + 3);
  const std::size_t end = std::min(url.find_first_of("/?#"), url.size());
  std::string_view authority = url.substr(0, end);
  parts.target = url.substr(end);
  const std::size_t at = authority.rfind('@');
  if (at != std::string_view::npos) {
    parts.user_info = authority.substr(0, at + 1);
    authority.remove_prefix(at + 1);
  }
  const std::size_t port = authority.rfind(':');
  if (port != std::string_view::npos &&
      authority.find(']', port) == std::string_view::npos) {
    parts.host = authority.substr(0, port);
    parts.port = authority.substr(port + 1);
    parts.has_port = !parts.port.empty();
  } else {
    parts.host = authority;
  }
  if (!parts.has_port) {
    parts.port = parts.scheme == "https"             ? "443"
                 : parts.scheme.starts_with("socks") ? "1080"
                                                     : "80";
  }
  return parts;
}

std::string PercentEncode(std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                       c == '_' || c == '~';
    if (plain) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

}  // namespace operator_connect::http_client
