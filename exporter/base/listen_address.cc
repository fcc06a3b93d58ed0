#include "exporter/base/listen_address.h"

#include <charconv>
#include <cstdint>

namespace operator_connect {

Result<ListenAddress, std::string> ParseListenAddress(std::string_view text) {
  const std::string wrong =
      "write host:port, [v6]:port or :port, with a port from 0 to 65535";
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos) return wrong;
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data() + colon + 1, end, port);
  if (parsed.ec != std::errc() || parsed.ptr != end) return wrong;
  std::string_view host = text.substr(0, colon);
  const bool brackets =
      host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (brackets) host = host.substr(1, host.size() - 2);
  constexpr std::string_view kName =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
  constexpr std::string_view kV6 = "0123456789abcdefABCDEF:.";
  // A zone, as in fe80::1%eth0, is a name.
  const std::size_t zone = brackets ? host.find('%') : host.npos;
  const std::string_view address = host.substr(0, zone);
  if (address.find_first_not_of(brackets ? kV6 : kName) != address.npos) {
    return wrong;
  }
  if (zone != host.npos &&
      host.substr(zone + 1).find_first_not_of(kName) != host.npos) {
    return wrong;
  }
  return ListenAddress{std::string(host), port};
}

}  // namespace operator_connect
