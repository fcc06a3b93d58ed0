#include "exporter/web/http.h"

#include <algorithm>

namespace operator_connect::web {
namespace {

// std::tolower would ask the locale.
char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool IgnoreCase::operator()(std::string_view a, std::string_view b) const {
  return std::lexicographical_compare(
      a.begin(), a.end(), b.begin(), b.end(),
      [](char x, char y) { return Lower(x) < Lower(y); });
}

bool EqualIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return Lower(x) == Lower(y); });
}

std::optional<std::string> Request::Query(std::string_view name) const {
  // find() of a multimap gives any of them, lower_bound() the first.
  const auto found = query.lower_bound(std::string(name));
  if (found == query.end() || found->first != name) return std::nullopt;
  return found->second;
}

std::string_view Request::Header(std::string_view name) const {
  const auto found = headers.lower_bound(name);
  if (found == headers.end() || !EqualIgnoringCase(found->first, name)) {
    return {};
  }
  return found->second;
}

Response Text(int status, std::string_view text) {
  Response response;
  response.status = status;
  response.body.reserve(text.size() + 1);
  response.body.append(text).push_back('\n');
  return response;
}

}  // namespace operator_connect::web
