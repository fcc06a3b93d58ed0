#ifndef OPERATOR_CONNECT_EXPORTER_WEB_HTTP_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_HTTP_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exporter/base/clock.h"

namespace operator_connect::web {

// Orders header names without regard to the case of ASCII letters.
struct IgnoreCase {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const;
};

using Headers = std::multimap<std::string, std::string, IgnoreCase>;

// One request, read to the end of its head. A body is never read: no endpoint
// has a use for one. Plain data; nothing in it may be trusted.
struct Request {
  std::string method;  // as sent, such as GET
  std::string path;    // percent-decoded, without the query
  std::multimap<std::string, std::string> query;
  Headers headers;
  std::string peer;        // address of the client, for the log
  bool encrypted = false;  // came over TLS
  SteadyTime received;     // when its head was whole
  // Stops when the client hangs up: nothing needs to be waited for any more.
  std::stop_token hung_up;

  // The first value of a query parameter; nullopt: it is not there.
  std::optional<std::string> Query(std::string_view name) const;
  // The first value of a header; empty: it is not there.
  std::string_view Header(std::string_view name) const;
};

// One answer. Either `body`, or `pieces`, which are shared and never copied.
struct Response {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::vector<std::shared_ptr<const std::string>> pieces;
  // Compress while sending. The client must have asked for it.
  bool gzip = false;
  // Answer of a HEAD whose body would cost something to make: leave out its
  // length rather than name a wrong one.
  bool unknown_length = false;
};

// A short answer in plain text; a newline is added.
Response Text(int status, std::string_view text);

// Why a connection is closed without its request being understood.
struct Refusal {
  int status = 400;
  std::string_view why;  // a constant, for the client

  // The whole answer, from its status line to a newline.
  std::string ToAnswer() const;
};

// Answers a request. Called by many threads at once; may block.
using Handler = std::function<Response(const Request&)>;

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_HTTP_H_
