#ifndef OPERATOR_CONNECT_EXPORTER_WEB_CONVERSATION_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_CONVERSATION_H_

#include <stop_token>
#include <string>
#include <string_view>

#include "exporter/base/clock.h"
#include "exporter/web/http.h"

namespace operator_connect::web {

// The destination of a response.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  // Blocks until the bytes are sent, for a bounded time. False: the client is
  // gone or too slow; write no more.
  virtual bool Write(std::string_view bytes) = 0;
};

// One request as read from its connection.
struct Exchange {
  std::string head;         // from the request line to the empty line
  std::string peer;         // address of the client
  bool encrypted = false;   // came over TLS
  bool may_keep = true;     // the connection may serve another request
  SteadyTime received;      // when the head was whole
  std::stop_token hung_up;  // stops when the client hangs up
};

// Reads a request's head, calls `handler`, and writes the response. Ignores
// Range and Expect. Refuses what is no request (400), and a body that is
// announced as too large (413) or encoded (415); leaves any other body unread.
// An exception of the handler becomes a 500 without its text. True: the
// connection may serve another request; false: close it.
//
// The only user of the HTTP library.
bool Converse(const Exchange& exchange, const Handler& handler, ByteSink& sink);

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_CONVERSATION_H_
