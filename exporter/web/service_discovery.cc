#include "exporter/web/service_discovery.h"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include "exporter/base/json_string.h"
#include "exporter/base/text.h"

namespace operator_connect::web {
namespace {

constexpr std::size_t kLongestName = 253;

bool IsPort(std::string_view text) {
  if (text.empty() || !std::all_of(text.begin(), text.end(), IsDigit)) {
    return false;
  }
  int port = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && port >= 1 && port <= 65535;
}

bool IsName(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return IsAlnum(c) || c == '.' || c == '-' || c == '_';
         });
}

bool IsIpv6(std::string_view text) {
  return text.size() >= 2 && text.size() <= 45 &&
         text.find(':') != std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return IsDigit(c) || (c >= 'a' && c <= 'f') ||
                  (c >= 'A' && c <= 'F') || c == ':' || c == '.';
         });
}

using Labels = std::vector<std::pair<std::string_view, std::string>>;

void AppendTarget(std::string& out, std::string_view address,
                  const Labels& labels) {
  if (out.size() > 1) out += ",\n ";
  out += "{\"targets\": [";
  AppendJsonString(address, out);
  out += "], \"labels\": {";
  bool first = true;
  for (const auto& [name, value] : labels) {
    if (!first) out += ", ";
    first = false;
    AppendJsonString(name, out);
    out += ": ";
    AppendJsonString(value, out);
  }
  out += "}}";
}

}  // namespace

bool IsAddress(std::string_view host) {
  if (!host.empty() && host.front() == '[') {
    const auto end = host.find(']');
    if (end == std::string_view::npos || !IsIpv6(host.substr(1, end - 1))) {
      return false;
    }
    host.remove_prefix(end + 1);
    return host.empty() || (host.front() == ':' && IsPort(host.substr(1)));
  }
  const auto colon = host.find(':');
  if (!IsName(host.substr(0, colon))) return false;
  return colon == std::string_view::npos || IsPort(host.substr(colon + 1));
}

std::string DiscoveryJson(const DiscoveryContext& context,
                          const std::vector<std::string>& accounts) {
  std::string out = "[";
  for (const std::string& account : accounts) {
    AppendTarget(out, context.address,
                 {{"__scheme__", context.scheme},
                  {"__metrics_path__", "/probe"},
                  {"__param_account", account},
                  {"instance", context.address + "/" + account}});
  }
  AppendTarget(out, context.address,
               {{"__scheme__", context.scheme},
                {"__metrics_path__", context.exporter_path},
                {"instance", context.address}});
  out += "]\n";
  return out;
}

}  // namespace operator_connect::web
