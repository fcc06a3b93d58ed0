#include "exporter/config/url.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "exporter/base/text.h"

namespace operator_connect::config {
namespace {

bool IsPlainAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c > 0x20 && c < 0x7F && c != '"' && c != '\\' && c != '<' &&
           c != '>' && c != '^' && c != '`' && c != '{' && c != '}' && c != '|';
  });
}

bool IsHost(const std::string& host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    in6_addr address;
    const std::string inside = host.substr(1, host.size() - 2);
    return ::inet_pton(AF_INET6, inside.c_str(), &address) == 1;
  }
  if (host.empty() || host.size() > 253) return false;
  if (host.front() == '.' || host.front() == '-') return false;
  if (host.find("..") != host.npos) return false;
  return std::all_of(host.begin(), host.end(), [](char c) {
    return IsAlnum(c) || c == '.' || c == '-' || c == '_';
  });
}

// The port, or 0 if `text` is none.
int ParsePort(std::string_view text) {
  int port = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, port);
  const bool whole = parsed.ec == std::errc() && parsed.ptr == end;
  return whole && port >= 1 && port <= 65535 ? port : 0;
}

bool ParseHostAndPort(std::string_view text, Url& url) {
  const std::size_t bracket = text.rfind(']');
  const std::size_t colon = text.rfind(':');
  if (colon != text.npos && (bracket == text.npos || colon > bracket)) {
    url.port = ParsePort(text.substr(colon + 1));
    if (url.port == 0) return false;
    text = text.substr(0, colon);
  }
  url.host = LowerCase(text);
  return IsHost(url.host);
}

// The position of the part after :// with user and host.
struct Authority {
  std::size_t begin;
  std::size_t end;
};
std::optional<Authority> FindAuthority(std::string_view text) {
  const std::size_t mark = text.find("://");
  if (mark == text.npos) return std::nullopt;
  const std::size_t end = text.find_first_of("/?#", mark + 3);
  return Authority{mark + 3, std::min(end, text.size())};
}

// Cuts `text` at `mark` and returns the rest behind it.
std::optional<std::string> SplitOff(std::string_view& text, char mark) {
  const std::size_t at = text.find(mark);
  if (at == text.npos) return std::nullopt;
  std::string after(text.substr(at + 1));
  text = text.substr(0, at);
  return after;
}

}  // namespace

std::string Url::HostPort() const {
  const int own = scheme == "https"             ? 443
                  : scheme.starts_with("socks") ? 1080
                                                : 80;
  return host + ":" + std::to_string(port == 0 ? own : port);
}

std::optional<Url> ParseUrl(std::string_view text) {
  const auto authority = FindAuthority(text);
  if (!authority) return std::nullopt;
  Url url;
  url.scheme = LowerCase(text.substr(0, authority->begin - 3));
  const bool scheme_fine =
      !url.scheme.empty() && std::all_of(url.scheme.begin(), url.scheme.end(),
                                         [](char c) { return IsAlnum(c); });
  std::string_view rest = text.substr(authority->end);
  if (!scheme_fine || !IsPlainAscii(rest)) return std::nullopt;
  url.fragment = SplitOff(rest, '#');
  url.query = SplitOff(rest, '?');
  url.path = std::string(rest);

  std::string_view host =
      text.substr(authority->begin, authority->end - authority->begin);
  const std::size_t at = host.rfind('@');
  if (at != host.npos) {
    url.user_info = std::string(host.substr(0, at));
    if (url.user_info != "<secret>" && !IsPlainAscii(*url.user_info)) {
      return std::nullopt;
    }
    host.remove_prefix(at + 1);
  }
  if (!ParseHostAndPort(host, url)) return std::nullopt;
  return url;
}

bool IsLoopback(std::string_view host) {
  const std::string name = LowerCase(host);
  if (name == "localhost") return true;
  if (name.size() > 2 && name.front() == '[') {
    in6_addr address;
    const std::string inside = name.substr(1, name.size() - 2);
    return ::inet_pton(AF_INET6, inside.c_str(), &address) == 1 &&
           IN6_IS_ADDR_LOOPBACK(&address);
  }
  in_addr address;
  return ::inet_pton(AF_INET, name.c_str(), &address) == 1 &&
         (ntohl(address.s_addr) >> 24) == 127;
}

std::string HideUserInfo(std::string_view url) {
  const auto authority = FindAuthority(url);
  if (!authority) return std::string(url);
  const std::size_t at = url.substr(0, authority->end).rfind('@');
  if (at == url.npos || at < authority->begin) return std::string(url);
  return std::string(url.substr(0, authority->begin)) + "<secret>" +
         std::string(url.substr(at));
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

}  // namespace operator_connect::config
