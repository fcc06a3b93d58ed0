#include <cstdlib>

#include "tests/simulator/estate.h"
#include "tests/simulator/http.h"

namespace operator_connect::simulator {

namespace {

constexpr std::size_t kMaxHead = 256 << 10;
constexpr std::size_t kMaxBody = 64 << 20;

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string Decode(std::string_view text, bool form) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 &&
        HexDigit(text[i + 2]) >= 0) {
      decoded +=
          static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2]));
      i += 2;
    } else {
      decoded += form && text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

// Removes a line from the front and returns it without its end.
std::string_view TakeLine(std::string_view& text) {
  const std::size_t end = std::min(text.find("\r\n"), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 2, text.size()));
  return line;
}

std::optional<HttpRequest> ParseHead(std::string_view head) {
  HttpRequest request;
  const std::string_view line = TakeLine(head);
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || last <= first) return std::nullopt;
  request.method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const std::size_t mark = std::min(target.find('?'), target.size());
  request.path = Decode(target.substr(0, mark), false);
  if (mark < target.size()) request.query = ParseForm(target.substr(mark + 1));
  while (!head.empty()) {
    const std::string_view field = TakeLine(head);
    const std::size_t colon = field.find(':');
    if (colon == std::string_view::npos) continue;
    request.headers[ToLower(field.substr(0, colon))] =
        Trim(field.substr(colon + 1));
  }
  return request;
}

}  // namespace

std::string_view HttpRequest::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string_view() : found->second;
}

std::optional<std::string> HttpRequest::param(const std::string& name) const {
  const auto found = query.find(name);
  if (found == query.end()) return std::nullopt;
  return found->second;
}

std::map<std::string, std::string> ParseForm(std::string_view text) {
  std::map<std::string, std::string> fields;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view field = text.substr(0, end);
    const std::size_t equals = std::min(field.find('='), field.size());
    if (!field.empty()) {
      fields[Decode(field.substr(0, equals), true)] =
          equals < field.size() ? Decode(field.substr(equals + 1), true) : "";
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return fields;
}

bool RequestReader::Fill() {
  char piece[16384];
  const std::size_t count = stream_.Read(piece, sizeof(piece));
  buffer_.append(piece, count);
  return count > 0;
}

std::optional<HttpRequest> RequestReader::Next() {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (buffer_.size() > kMaxHead || !Fill()) return std::nullopt;
  }
  std::optional<HttpRequest> request =
      ParseHead(std::string_view(buffer_).substr(0, end + 2));
  if (!request) return std::nullopt;
  buffer_.erase(0, end + 4);
  const std::size_t length = std::strtoull(
      std::string(request->header("content-length")).c_str(), nullptr, 10);
  if (length > kMaxBody) return std::nullopt;
  if (request->header("expect") == "100-continue" &&
      !stream_.Write("HTTP/1.1 100 Continue\r\n\r\n")) {
    return std::nullopt;
  }
  while (buffer_.size() < length) {
    if (!Fill()) return std::nullopt;
  }
  request->body = buffer_.substr(0, length);
  buffer_.erase(0, length);
  return request;
}

}  // namespace operator_connect::simulator
