#include "exporter/config/proxy_choice.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

#include "exporter/base/text.h"

namespace operator_connect::config {
namespace {

struct Address {
  std::array<std::uint8_t, 16> bytes = {};
  std::size_t size = 0;  // 4 or 16
  bool operator==(const Address&) const = default;
};

// An IPv4-mapped IPv6 address is read as IPv4.
std::optional<Address> ParseAddress(std::string_view text) {
  const std::string name(text);
  Address address;
  if (::inet_pton(AF_INET, name.c_str(), address.bytes.data()) == 1) {
    address.size = 4;
    return address;
  }
  in6_addr v6;
  if (::inet_pton(AF_INET6, name.c_str(), &v6) != 1) return std::nullopt;
  if (IN6_IS_ADDR_V4MAPPED(&v6)) {
    std::copy(v6.s6_addr + 12, v6.s6_addr + 16, address.bytes.begin());
    address.size = 4;
  } else {
    std::copy(v6.s6_addr, v6.s6_addr + 16, address.bytes.begin());
    address.size = 16;
  }
  return address;
}

struct Network {
  Address address;
  std::size_t bits = 0;

  bool Holds(const Address& other) const {
    if (other.size != address.size) return false;
    for (std::size_t i = 0; i < bits; ++i) {
      const int mask = 0x80 >> (i % 8);
      if ((address.bytes[i / 8] & mask) != (other.bytes[i / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
};

std::optional<Network> ParseNetwork(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == text.npos) return std::nullopt;
  const auto address = ParseAddress(text.substr(0, slash));
  const std::string_view digits = text.substr(slash + 1);
  const char* const end = digits.data() + digits.size();
  std::size_t bits = 0;
  const auto parsed = std::from_chars(digits.data(), end, bits);
  if (!address || digits.empty() || parsed.ptr != end ||
      parsed.ec != std::errc() || bits > address->size * 8) {
    return std::nullopt;
  }
  return Network{*address, bits};
}

// The host of an entry, without brackets, and its port.
struct HostPort {
  std::string_view host;
  std::string_view port;  // empty: any
};

HostPort Split(std::string_view entry) {
  const std::size_t colon = entry.rfind(':');
  const bool brackets = entry.starts_with('[');
  HostPort split{entry, {}};
  // More than one colon without brackets is an IPv6 address.
  if (colon != entry.npos && entry.find(']', colon) == entry.npos &&
      (brackets || entry.find(':') == colon)) {
    split = {entry.substr(0, colon), entry.substr(colon + 1)};
  }
  if (split.host.starts_with('[') && split.host.ends_with(']')) {
    split.host = split.host.substr(1, split.host.size() - 2);
  }
  return split;
}

bool NameFits(std::string_view name, std::string_view host) {
  if (name.starts_with("*.")) name.remove_prefix(1);
  if (name.starts_with('.')) return host.ends_with(name);
  return host == name ||
         (host.ends_with(name) && host[host.size() - name.size() - 1] == '.');
}

// `entry` is in lower case and not empty.
bool Fits(std::string_view entry, std::string_view host,
          std::string_view port) {
  if (entry == "*") return true;
  const auto address = ParseAddress(host);
  if (const auto network = ParseNetwork(entry)) {
    return address && network->Holds(*address);
  }
  const HostPort wanted = Split(entry);
  if (wanted.host.empty()) return false;
  if (!wanted.port.empty() && wanted.port != port) return false;
  if (const auto other = ParseAddress(wanted.host)) return address == other;
  return NameFits(wanted.host, host);
}

}  // namespace

bool IsListed(std::string_view no_proxy, const Url& server) {
  const std::string list = LowerCase(no_proxy);
  const std::string host_port = server.HostPort();
  const HostPort at = Split(host_port);
  std::string_view rest = list;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view entry = TrimWhitespace(rest.substr(0, comma));
    if (!entry.empty() && Fits(entry, at.host, at.port)) return true;
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return false;
}

const std::string& ChooseProxy(const Proxy& proxy, const Url& server) {
  static const std::string kNone;
  const bool choosy = proxy.from_environment || !proxy.no_proxy.empty();
  if (choosy && (IsLoopback(server.host) || IsListed(proxy.no_proxy, server))) {
    return kNone;
  }
  return server.scheme == "http" ? proxy.http_url : proxy.url;
}

}  // namespace operator_connect::config
