#include "exporter/config/web_headers.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

namespace operator_connect::config {
namespace {

// The values that the toolkit allows for `header`; empty: any. nullopt: the
// toolkit does not set this header.
std::optional<std::vector<std::string_view>> AllowedValues(
    std::string_view header) {
  using Values = std::vector<std::string_view>;
  if (header == "X-Content-Type-Options") return Values{"nosniff"};
  if (header == "X-Frame-Options") return Values{"deny", "sameorigin"};
  if (header == "Strict-Transport-Security" || header == "X-XSS-Protection" ||
      header == "Content-Security-Policy") {
    return Values{};
  }
  return std::nullopt;
}

}  // namespace

std::map<std::string, std::string> ReadWebHeaders(MapReader& reader) {
  std::map<std::string, std::string> out;
  for (const std::string_view header :
       {"Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options",
        "X-XSS-Protection", "Strict-Transport-Security"}) {
    std::string value;
    if (!reader.ReadText(header, value) || value.empty()) continue;
    const auto allowed = AllowedValues(header);
    if (allowed->empty() ||
        std::find(allowed->begin(), allowed->end(), value) != allowed->end()) {
      out.emplace(header, value);
      continue;
    }
    std::string names;
    for (const std::string_view name : *allowed) {
      names += (names.empty() ? "" : " or ") + std::string(name);
    }
    reader.Report(header, "must be " + names + ", not " + Quoted(value));
  }
  return out;
}

}  // namespace operator_connect::config
