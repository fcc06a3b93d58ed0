#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_PROXY_CHOICE_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_PROXY_CHOICE_H_

#include <string>
#include <string_view>

#include "exporter/config/config.h"
#include "exporter/config/url.h"

namespace operator_connect::config {

// The URL of the proxy for requests to `server`; empty: none. With proxy_url
// alone every request uses it. With no_proxy, or with proxies from the
// environment, this machine (localhost and loopback addresses) and the hosts in
// no_proxy are reached directly.
const std::string& ChooseProxy(const Proxy& proxy, const Url& server);

// Whether `no_proxy` lists `server`, by the rules of Go's httpproxy. Entries
// are separated by commas; each is * (everything), an address, a network
// (10.0.0.0/8), a name (with all names below it), or .name or *.name (only the
// names below it). All but networks can end in :port.
bool IsListed(std::string_view no_proxy, const Url& server);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_PROXY_CHOICE_H_
