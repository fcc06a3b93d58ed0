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

// Takes one response from libcurl, passes on the body if the receiver wants it,
// and tells when to break off. Refuses responses that are not trustworthy: a
// head larger than kMaxHeadBytes, a Content-Length that is no number or
// contradicts another, a compression that was not requested (some need 100 MB
// to undo) or is applied twice.
class CurlResponse {
 public:
  static constexpr std::size_t kMaxHeadBytes = 64 * 1024;

  // `server` is host:port. All arguments outlive this.
  CurlResponse(CURL* easy, const std::string& server, BodyReceiver& receiver,
               std::uint64_t max_body_bytes, const Deadline& deadline)
      : easy_(easy),
        server_(server),
        receiver_(receiver),
        max_body_bytes_(max_body_bytes),
        deadline_(deadline),
        until_(deadline.at()) {}

  // Takes a line of a head, including interim heads and trailers. False: break
  // off. Exceptions of the receiver pass through.
  bool TakeHeadLine(std::string_view line);
  // Takes a decompressed piece of the body; the same rules apply.
  bool TakeBody(std::string_view piece);

  // When to give up: the deadline, or earlier for an unwanted body.
  SteadyTime until() const { return until_; }
  // The final head is complete.
  bool has_head() const { return has_head_; }
  const HttpResponse& response() const { return response_; }
  // The deadline passed during the body.
  bool time_up() const { return time_up_; }
  // The head has arrived and the rest is not wanted: breaking off is no
  // failure.
  bool done() const { return enough_ || (has_head_ && !wanted_); }
  // Why the response was refused.
  const std::optional<Failure>& failure() const { return failure_; }
  // Sets failure(); always returns false.
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
  bool enough_ = false;  // by its receiver
  bool time_up_ = false;
  std::optional<Failure> failure_;
};

// The pause of a Retry-After header: seconds, or any of HTTP's three forms of a
// date. A date is relative to the response's own `date`, as the clocks of
// platform and exporter may differ, or to `now` if that is no date. At most an
// hour; 0 if it is neither, or is in the past.
Duration ParseRetryAfter(const std::string& value, const std::string& date,
                         WallTime now);

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_CURL_RESPONSE_H_
