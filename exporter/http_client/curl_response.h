#ifndef OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_CURL_RESPONSE_H_
#define OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_CURL_RESPONSE_H_

#include <curl/curl.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "exporter/base/clock.h"
#include "exporter/http_client/failure.h"
#include "exporter/http_client/transport.h"

namespace operator_connect::http_client {

// Takes one response as libcurl hands it out, passes on the body that its
// receiver wants, and says when to break off. Refuses what must not be
// believed: more than kMaxHeadBytes of head, a Content-Length that is no number
// or contradicts another, a compression that was not asked for (some need
// 100 MB to undo) or is applied twice.
class CurlResponse {
 public:
  static constexpr std::size_t kMaxHeadBytes = 64 * 1024;

  // `server` is host:port. All outlive this.
  CurlResponse(CURL* easy, const std::string& server, BodyReceiver& receiver,
               std::uint64_t max_body_bytes, const Deadline& deadline)
      : easy_(easy),
        server_(server),
        receiver_(receiver),
        max_body_bytes_(max_body_bytes),
        deadline_(deadline),
        until_(deadline.at()) {}

  // A line of a head, interim ones and trailers included. False: break off.
  // What the receiver throws passes through.
  bool TakeHeadLine(std::string_view line);
  // A piece of the body, decompressed; likewise.
  bool TakeBody(std::string_view piece);

  // When to give up: the deadline, or earlier for a body that is not wanted.
  SteadyTime until() const { return until_; }
  // The final head has come whole.
  bool has_head() const { return has_head_; }
  const HttpResponse& response() const { return response_; }
  // The deadline passed while the body came.
  bool time_up() const { return time_up_; }
  // The head has come, and nobody wants the rest: breaking off is no failure.
  bool done() const { return enough_ || (has_head_ && !wanted_); }
  // What is wrong with the response.
  const std::optional<Failure>& failure() const { return failure_; }
  // Sets it; always false.
  bool Refuse(Failure::Kind kind, const std::string& detail);

 private:
  bool EndHead();
  bool BeginBody(bool compressed);

  CURL* const easy_;
  const std::string& server_;
  BodyReceiver& receiver_;
  const std::uint64_t max_body_bytes_;
  const Deadline& deadline_;
  SteadyTime until_;
  std::size_t head_bytes_ = 0;
  bool has_head_ = false;
  HttpResponse response_;
  bool wanted_ = true;   // the body
  bool enough_ = false;  // its receiver said so
  bool time_up_ = false;
  std::optional<Failure> failure_;
};

// The pause that a Retry-After header asks for: seconds or any of HTTP's three
// forms of a date. A date counts from the response's own `date`, as the clocks
// of platform and exporter may differ, and from `now` if that is no date. At
// most an hour; 0 when it is neither, or lies in the past.
Duration ParseRetryAfter(const std::string& value, const std::string& date,
                         WallTime now);

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_CURL_RESPONSE_H_
