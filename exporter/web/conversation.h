#ifndef OPERATOR_CONNECT_EXPORTER_WEB_CONVERSATION_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_CONVERSATION_H_

#include <stop_token>
#include <string>
#include <string_view>

#include "exporter/base/clock.h"
#include "exporter/web/http.h"

namespace operator_connect::web {

// Where an answer goes.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  // Blocks until the bytes are on their way, for a bounded time. False: the
  // client is gone or too slow, and nothing more needs to be written.
  virtual bool Write(std::string_view bytes) = 0;
};

// One request as its connection read it.
struct Exchange {
  std::string head;         // from the request line to the empty line
  std::string peer;         // address of the client
  bool encrypted = false;   // came over TLS
  bool may_keep = true;     // the connection may serve another request
  SteadyTime received;      // when the head was whole
  std::stop_token hung_up;  // stops when the client hangs up
};

// Reads a request's head, asks `handler`, and writes the answer. Range and
// Expect are ignored; what is no request gets 400; a body is announced to be
// too large (413), encoded (415), or is left unread. An exception of the
// handler becomes a 500 that does not tell its text. True: the connection may
// serve another request; false: it must be closed.
//
// The HTTP library is met here and nowhere else.
bool Converse(const Exchange& exchange, const Handler& handler, ByteSink& sink);

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_CONVERSATION_H_
