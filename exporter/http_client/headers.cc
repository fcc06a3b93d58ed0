#include "exporter/http_client/headers.h"

#include "exporter/http_client/secret.h"

namespace operator_connect::http_client {

std::optional<Failure> AppendHeaders(
    const config::Headers& headers, std::string_view key,
    std::vector<std::pair<std::string, std::string>>& out) {
  for (const auto& [name, from] : headers) {
    for (const std::string& value : from.values) out.emplace_back(name, value);
    std::vector<config::Secret> secrets;
    for (const std::string& value : from.secrets)
      secrets.push_back({value, ""});
    for (const std::string& file : from.files) secrets.push_back({"", file});
    const std::string what = "the header " + std::string(key) + "." + name;
    for (const config::Secret& secret : secrets) {
      Result<std::string, Failure> value = ReadSecret(secret, what);
      if (!value.ok()) return std::move(value).error();
      out.emplace_back(name, *std::move(value));
    }
  }
  return std::nullopt;
}

}  // namespace operator_connect::http_client
