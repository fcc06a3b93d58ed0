#ifndef OPERATOR_CONNECT_EXPORTER_WEB_REQUEST_HEAD_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_REQUEST_HEAD_H_

#include <string>
#include <string_view>

namespace operator_connect::web {

// What the HTTP library is shown of a request's head (from the request line to
// the empty line). Left out are the headers Range and Expect: the library
// spends memory on ranges, and matches them with a recursive regular
// expression, before anybody is asked, and it answers Expect before a body
// could be refused. Scheme and host before the path are left out as well. A
// head with a line that has no CR, or a header without a proper name, which
// the library's versions and other programs understand differently, becomes
// something that is no request.
std::string SanitizeHead(std::string_view head);

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_REQUEST_HEAD_H_
