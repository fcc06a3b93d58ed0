#ifndef OPERATOR_CONNECT_EXPORTER_BASE_LISTEN_ADDRESS_H_
#define OPERATOR_CONNECT_EXPORTER_BASE_LISTEN_ADDRESS_H_

#include <string>

namespace operator_connect {

// Where to listen. An empty host: every address of this machine, IPv6 and
// IPv4.
struct ListenAddress {
  std::string host;  // a name or an address, IPv6 without its brackets
  int port = 0;      // 0: any free one

  bool operator==(const ListenAddress&) const = default;
};

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_BASE_LISTEN_ADDRESS_H_
