#include "exporter/web/http.h"

#include <algorithm>

#include "exporter/base/text.h"

namespace operator_connect::web {
namespace {

std::string_view ReasonOf(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 408:
      return "Request Timeout";
    case 414:
      return "URI Too Long";
    case 431:
      return "Request Header Fields Too Large";
    default:
      return "Service Unavailable";
  }
}

}  // namespace

bool IgnoreCase::operator()(std::string_view a, std::string_view b) const {
  return std::lexicographical_compare(
      a.begin(), a.end(), b.begin(), b.end(),
      [](char x, char y) { return LowerCase(x) < LowerCase(y); });
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

std::string Refusal::ToResponse() const {
  std::string response = "HTTP/1.1 ";
  response.append(std::to_string(status))
      .append(" ")
      .append(ReasonOf(status))
      .append("\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ")
      .append(std::to_string(why.size() + 1))
      .append("\r\nConnection: close\r\n\r\n")
      .append(why)
      .append("\n");
  return response;
}

Response Text(int status, std::string_view text) {
  Response response;
  response.status = status;
  response.body.reserve(text.size() + 1);
  response.body.append(text).push_back('\n');
  return response;
}

}  // namespace operator_connect::web
