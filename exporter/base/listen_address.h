#ifndef OPERATOR_CONNECT_EXPORTER_BASE_LISTEN_ADDRESS_H_
#define OPERATOR_CONNECT_EXPORTER_BASE_LISTEN_ADDRESS_H_

#include <string>
#include <string_view>

#include "exporter/base/result.h"

namespace operator_connect {

// An address to listen on. An empty host: every address of this machine, IPv6
// and IPv4.
struct ListenAddress {
  std::string host;  // a name or an address, IPv6 without its brackets
  int port = 0;      // 0: any free one

  bool operator==(const ListenAddress&) const = default;
};

// host:port, [v6]:port or :port. The error says what is wrong.
Result<ListenAddress, std::string> ParseListenAddress(std::string_view text);

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_BASE_LISTEN_ADDRESS_H_
