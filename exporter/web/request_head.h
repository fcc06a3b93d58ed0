#ifndef OPERATOR_CONNECT_EXPORTER_WEB_REQUEST_HEAD_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_REQUEST_HEAD_H_

#include <string>
#include <string_view>

#include "exporter/base/result.h"
#include "exporter/web/http.h"

namespace operator_connect::web {

// A request's head, read by the rules of RFC 9112.
struct RequestHead {
  // For the HTTP library, with CRLF: without scheme and host before the path,
  // and with question marks in the query encoded.
  std::string line;
  Headers headers;  // the values without white space around them
};

// Reads the head of a request, from the request line to the empty line.
// Everything that programs, or versions of the HTTP library, understand
// differently is an error, after which the connection must be closed: lines
// that do not end in CRLF, folded lines, names that are no tokens, control
// characters, a Host that is missing, doubled or impossible, and any doubt
// about the end of the body. The error contains nothing of the request.
Result<RequestHead, Refusal> ReadRequestHead(std::string_view head);

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_REQUEST_HEAD_H_
