#include "exporter/web/request_head.h"

#include "exporter/base/text.h"

namespace operator_connect::web {
namespace {

bool StartsWithHeader(std::string_view line, std::string_view name) {
  return line.size() > name.size() && line[name.size()] == ':' &&
         EqualIgnoringCase(line.substr(0, name.size()), name);
}

// A header's line as RFC 9112 demands it: its name begins the line, so that
// no line continues another, and the colon follows at once.
bool IsHeader(std::string_view line) {
  const std::string_view name = line.substr(0, line.find(':'));
  return !name.empty() && name.size() < line.size() &&
         name.find_first_of(" \t") == std::string_view::npos;
}

// Nothing that the library would take for a request: it answers 400.
constexpr std::string_view kNoRequest = "?\r\n\r\n";

// The request line with path and query alone: a client, or a proxy, may name
// scheme and host before them, and every server must take that (absolute form,
// RFC 9112 section 3.2.2).
std::string OriginForm(std::string_view line) {
  const std::size_t target = line.find(' ') + 1;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (target == 0 ||
        !EqualIgnoringCase(line.substr(target, scheme.size()), scheme)) {
      continue;
    }
    const auto path = line.find_first_of("/? ", target + scheme.size());
    if (path == std::string_view::npos) break;
    const std::string_view root = line[path] == '/' ? "" : "/";
    return std::string(line.substr(0, target))
        .append(root)
        .append(line.substr(path));
  }
  return std::string(line);
}

}  // namespace

std::string SanitizeHead(std::string_view head) {
  std::string kept;
  kept.reserve(head.size());
  while (!head.empty()) {
    const auto end = head.find("\r\n");
    if (end == std::string_view::npos) return std::string(kNoRequest);
    const std::string_view line = head.substr(0, end + 2);
    head.remove_prefix(line.size());
    const bool first = kept.empty();
    const bool last = line == "\r\n";
    if (line.find('\n') != end + 1 || (!first && !last && !IsHeader(line))) {
      return std::string(kNoRequest);
    }
    if (first) {
      kept += OriginForm(line);
    } else if (!StartsWithHeader(line, "Range") &&
               !StartsWithHeader(line, "Expect")) {
      kept += line;
    }
  }
  return kept;
}

}  // namespace operator_connect::web
