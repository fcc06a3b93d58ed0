#include "exporter/web/request_head.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "exporter/base/text.h"

namespace operator_connect::web {
namespace {

constexpr std::size_t kLongestTarget = 8 << 10;
constexpr std::size_t kLongestField = 8 << 10;
constexpr std::size_t kMostFields = 100;
// Allowed in tokens besides letters and digits.
constexpr std::string_view kTokenMarks = "!#$%&'*+-.^_`|~";
// The same as Go's server allows.
constexpr std::string_view kHostMarks = "!$%&'()*+,-.:;=[]_~";

// The refusal of a request; nullopt: nothing is wrong so far.
using Wrong = std::optional<Refusal>;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAlphanumeric(char c) {
  return IsDigit(c) || (LowerCase(c) >= 'a' && LowerCase(c) <= 'z');
}

bool IsToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return IsAlphanumeric(c) || kTokenMarks.find(c) != kTokenMarks.npos;
  });
}

bool IsControl(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

// Whether `text` consists of characters of a host and port.
bool IsHost(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return IsAlphanumeric(c) || kHostMarks.find(c) != kHostMarks.npos;
  });
}

// The target without scheme and host. Clients and proxies may send them, and
// every server must accept them (absolute form, RFC 9112 section 3.2.2).
std::string OriginForm(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!EqualIgnoringCase(target.substr(0, scheme.size()), scheme)) continue;
    const auto path = target.find_first_of("/?", scheme.size());
    if (path == target.npos) return "/";
    target.remove_prefix(path);
    return (target[0] == '/' ? "" : "/") + std::string(target);
  }
  return std::string(target);
}

// Older versions of the library refuse a second question mark.
std::string WithoutQuestionMarks(std::string target) {
  auto mark = target.find('?');
  while (mark != target.npos) {
    mark = target.find('?', mark + 1);
    if (mark != target.npos) target.replace(mark, 1, "%3F");
  }
  return target;
}

Wrong ReadRequestLine(std::string_view line, RequestHead& out, bool& http11) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == line.npos || first == last) {
    return Refusal{400, "bad request line"};
  }
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  http11 = version == "HTTP/1.1";
  if (!http11 && version != "HTTP/1.0") {
    return Refusal{400, "the request is not of HTTP/1.1 or HTTP/1.0"};
  }
  if (!IsToken(method) || target.empty() ||
      std::any_of(target.begin(), target.end(),
                  [](char c) { return c == ' ' || IsControl(c); })) {
    return Refusal{400, "bad request line"};
  }
  if (target.size() > kLongestTarget) return Refusal{414, "URI too long"};
  out.line.append(method)
      .append(" ")
      .append(WithoutQuestionMarks(OriginForm(target)))
      .append(" ")
      .append(version)
      .append("\r\n");
  return std::nullopt;
}

Wrong ReadField(std::string_view line, Headers& out) {
  if (line.size() > kLongestField) return Refusal{431, "a header is too long"};
  if (out.size() >= kMostFields) return Refusal{431, "too many headers"};
  const auto colon = line.find(':');
  if (colon == line.npos || !IsToken(line.substr(0, colon))) {
    return Refusal{400, "bad header name"};
  }
  const std::string_view value = line.substr(colon + 1);
  if (std::any_of(value.begin(), value.end(),
                  [](char c) { return c != '\t' && IsControl(c); })) {
    return Refusal{400, "bad header value"};
  }
  out.emplace(line.substr(0, colon), TrimWhitespace(value));
  return std::nullopt;
}

Wrong CheckHost(const Headers& headers, bool http11) {
  const auto count = headers.count("Host");
  if (count > 1) return Refusal{400, "more than one Host header"};
  if (count == 0 && http11) return Refusal{400, "the Host header is missing"};
  if (count == 1 && !IsHost(headers.find("Host")->second)) {
    return Refusal{400, "bad Host header"};
  }
  return std::nullopt;
}

// The end of the body must be certain, or one program's body is the next one's
// request.
Wrong CheckFraming(const Headers& headers, bool http11) {
  const auto lengths = headers.count("Content-Length");
  const auto encodings = headers.count("Transfer-Encoding");
  if (lengths > 0) {
    const std::string& length = headers.find("Content-Length")->second;
    if (lengths > 1 || length.empty() ||
        !std::all_of(length.begin(), length.end(), IsDigit)) {
      return Refusal{400, "bad Content-Length"};
    }
  }
  if (encodings > 0) {
    const std::string& encoding = headers.find("Transfer-Encoding")->second;
    if (encodings > 1 || lengths > 0 || !http11 ||
        !EqualIgnoringCase(encoding, "chunked")) {
      return Refusal{400, "bad Transfer-Encoding"};
    }
  }
  return std::nullopt;
}

}  // namespace

Result<RequestHead, Refusal> ReadRequestHead(std::string_view head) {
  RequestHead out;
  bool http11 = false;
  for (bool first = true;; first = false) {
    const auto end = head.find("\r\n");
    if (end == head.npos) return Refusal{400, "a line does not end in CRLF"};
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end + 2);
    if (line.empty() && !first) break;
    if (Wrong wrong = first ? ReadRequestLine(line, out, http11)
                            : ReadField(line, out.headers)) {
      return *wrong;
    }
  }
  if (Wrong wrong = CheckHost(out.headers, http11)) return *wrong;
  if (Wrong wrong = CheckFraming(out.headers, http11)) return *wrong;
  return out;
}

}  // namespace operator_connect::web
