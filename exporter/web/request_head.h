#ifndef OPERATOR_CONNECT_EXPORTER_WEB_REQUEST_HEAD_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_REQUEST_HEAD_H_

#include <string>
#include <string_view>

#include "exporter/base/result.h"
#include "exporter/web/http.h"

namespace operator_connect::web {

// A request's head, read as RFC 9112 demands.
struct RequestHead {
  // For the HTTP library, with its CRLF: scheme and host before the path are
  // left out, and a question mark within the query is encoded.
  std::string line;
  Headers headers;  // the values without white space around them
};

// Reads the head of a request, from the request line to the empty line. What
// programs, or versions of the HTTP library, understand differently is an
// error, and its connection must be closed: lines that do not end in CRLF,
// folded lines, names that are no tokens, control characters, a Host that is
// missing, doubled or impossible, and every doubt about where the body ends.
// Nothing of the request is in the error.
Result<RequestHead, Refusal> ReadRequestHead(std::string_view head);

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_REQUEST_HEAD_H_
