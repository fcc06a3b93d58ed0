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

// Orders header names, ignoring the case of ASCII letters.
struct IgnoreCase {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const;
};

using Headers = std::multimap<std::string, std::string, IgnoreCase>;

// One request, read to the end of its head. Bodies are never read, as no
// endpoint needs one. Plain data; nothing in it can be trusted.
struct Request {
  std::string method;  // as sent, such as GET
  std::string path;    // percent-decoded, without the query
  std::multimap<std::string, std::string> query;
  Headers headers;
  std::string peer;        // address of the client, for the log
  bool encrypted = false;  // came over TLS
  SteadyTime received;     // when its head was whole
  // Stops when the client hangs up: end all waits.
  std::stop_token hung_up;

  // The first value of a query parameter; nullopt: it is absent.
  std::optional<std::string> Query(std::string_view name) const;
  // The first value of a header; empty: it is absent.
  std::string_view Header(std::string_view name) const;
};

// One response. Has either `body`, or `pieces`, which are shared and never
// copied.
struct Response {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::vector<std::shared_ptr<const std::string>> pieces;
  // Compress while sending. The client must accept it.
  bool gzip = false;
  // Response to a HEAD whose body would be costly to make: send no length
  // rather than a wrong one.
  bool unknown_length = false;
};

// A short response in plain text; adds a newline.
Response Text(int status, std::string_view text);

// Why a connection is closed although its request was not understood.
struct Refusal {
  int status = 400;
  std::string_view why;  // a constant, for the client

  // The whole response, from its status line to a newline.
  std::string ToResponse() const;
};

// Answers a request. Called by many threads at once; may block.
using Handler = std::function<Response(const Request&)>;

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_HTTP_H_
