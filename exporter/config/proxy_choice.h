#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_PROXY_CHOICE_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_PROXY_CHOICE_H_

#include <string>
#include <string_view>

#include "exporter/config/config.h"
#include "exporter/config/url.h"

namespace operator_connect::config {

// The URL of the proxy for requests to `server`; empty: none. A proxy_url alone
// takes every request. With no_proxy, or with the environment's proxies, this
// machine (localhost and loopback addresses) is asked without a proxy, and so
// is what no_proxy lists.
const std::string& ChooseProxy(const Proxy& proxy, const Url& server);

// Whether `no_proxy` lists `server`, as Go's httpproxy reads it: entries with
// commas between, of which each is * (everything), an address, a network
// (10.0.0.0/8), a name (which covers the names below it), or .name or *.name
// (those below it alone); any but networks may end in :port.
bool IsListed(std::string_view no_proxy, const Url& server);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_PROXY_CHOICE_H_
