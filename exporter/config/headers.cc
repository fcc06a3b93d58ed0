#include "exporter/config/headers.h"

#include <algorithm>
#include <initializer_list>
#include <set>
#include <utility>

#include "exporter/base/text.h"

namespace operator_connect::config {
namespace {

bool IsOneOf(std::string_view name,
             std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Returns why the header `name`, in lower case, cannot be set; empty: it can.
std::string WhyFramed(std::string_view name) {
  return IsOneOf(name, {"connection", "content-encoding", "content-length",
                        "content-type", "expect", "host", "keep-alive",
                        "proxy-connection", "te", "trailer",
                        "transfer-encoding", "upgrade"})
             ? "belongs to the connection; remove it"
             : "";
}

std::string WhyNotToPlatform(std::string_view name) {
  if (name == "authorization") {
    return "is set from oauth2 or authorization; write it there";
  }
  if (name == "x-ovoc-channel-id") {
    return "is set from channel_id; write that";
  }
  if (IsOneOf(name, {"accept", "accept-encoding", "range", "user-agent"})) {
    return "is set by the exporter; remove it";
  }
  if (name == "proxy-authorization") {
    return "is for a proxy; write it under proxy_connect_header";
  }
  return WhyFramed(name);
}

std::string CheckValue(const std::string&) { return ""; }

std::string CheckSecret(const std::string& text) {
  return text.empty() ? "must not be empty; write it, or remove it" : "";
}

constexpr std::string_view kEmpty =
    "is empty; write values, secrets or files, each a list";

HeaderValues ReadValues(MapReader& reader) {
  HeaderValues out;
  const bool values = reader.ReadStrings("values", out.values, CheckValue);
  const bool secrets = reader.ReadStrings("secrets", out.secrets, CheckSecret);
  const bool files = reader.ReadSecretPaths("files", out.files);
  if (values && secrets && files && out == HeaderValues()) {
    reader.Report(std::string(kEmpty));
  }
  return out;
}

using Reason = std::string (*)(std::string_view name);

Headers ReadHeaders(MapReader& reader, std::string_view key, Reason why_not,
                    bool lists) {
  Headers out;
  std::set<std::string> seen;
  reader.ReadMap(key, [&](MapReader& map) {
    for (const std::string& name : map.Keys()) {
      const std::string lower = LowerCase(name);
      std::string wrong = why_not(lower);
      if (!IsHttpToken(name)) {
        wrong = "holds a name that is no header's; write one such as X-Api-Key";
      } else if (!seen.insert(lower).second) {
        wrong = "is a duplicate, as headers have no case; keep one of the two";
      }
      if (!wrong.empty()) {
        map.Refuse(name, std::move(wrong));
        continue;
      }
      const YamlNode* node = map.Find(name);
      if (node == nullptr || (node->kind == YamlNode::Kind::kList && lists &&
                              node->items.empty())) {
        map.Report(name, std::string(kEmpty));
      } else if (lists && node->kind == YamlNode::Kind::kList) {
        map.ReadStrings(name, out[name].secrets, CheckSecret);
      } else {
        map.ReadMap(name,
                    [&](MapReader& values) { out[name] = ReadValues(values); });
      }
    }
  });
  return out;
}

}  // namespace

Headers ReadHttpHeaders(MapReader& reader) {
  return ReadHeaders(reader, "http_headers", WhyNotToPlatform, false);
}

Headers ReadProxyConnectHeader(MapReader& reader) {
  return ReadHeaders(reader, "proxy_connect_header", WhyFramed, true);
}

}  // namespace operator_connect::config
