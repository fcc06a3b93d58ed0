#ifndef OPERATOR_CONNECT_EXPORTER_WEB_SERVICE_DISCOVERY_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_SERVICE_DISCOVERY_H_

#include <string>
#include <string_view>
#include <vector>

namespace operator_connect::web {

// Whether a Host header has the form of an address that Prometheus can use: a
// name, an IPv4 address or a bracketed IPv6 address, with or without a port.
// Nothing else gets into a response.
bool IsAddress(std::string_view host);

// This server as /sd describes it.
struct DiscoveryContext {
  std::string address;        // IsAddress() is true of it
  std::string scheme;         // http or https
  std::string exporter_path;  // of the exporter's own series
};

// Prometheus' HTTP service discovery: a JSON list with one target for each
// account and one for the exporter's own series.
std::string DiscoveryJson(const DiscoveryContext& context,
                          const std::vector<std::string>& accounts);

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_SERVICE_DISCOVERY_H_
