#ifndef OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_REPLY_INTAKE_H_
#define OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_REPLY_INTAKE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "exporter/base/clock.h"
#include "exporter/http_client/failure.h"
#include "exporter/http_client/gunzip.h"
#include "exporter/http_client/reply_head.h"
#include "exporter/http_client/transport.h"

namespace operator_connect::http_client {

// Takes one answer as it arrives, line by line and piece by piece, hands on
// what its receiver wants, and says when to break off.
class ReplyIntake {
 public:
  // `server` is host:port. All three outlive this.
  ReplyIntake(const std::string& server, BodyReceiver& receiver,
              std::uint64_t max_body_bytes, const Deadline& deadline)
      : server_(server),
        receiver_(receiver),
        max_body_bytes_(max_body_bytes),
        deadline_(deadline),
        until_(deadline.at()) {}

  // False: break off. What the receiver throws passes through.
  bool TakeHeadLine(std::string_view line);
  // `piece` as it came over the wire, compressed or not.
  bool TakeBody(std::string_view piece);
  // The transport saw the end of the answer.
  void TakeEnd();

  // When to give up: the deadline, or earlier for a body that is not wanted.
  SteadyTime until() const { return until_; }
  const ReplyHead& head() const { return head_; }
  // Of the body, decompressed.
  std::uint64_t body_bytes() const { return body_bytes_; }
  // The deadline passed while the body came.
  bool time_up() const { return time_up_; }
  // The head has come, and nobody wants the rest: breaking off is no failure.
  bool done() const { return enough_ || (head_.final() && !wanted_); }
  // What is wrong with the answer.
  const std::optional<Failure>& failure() const { return failure_; }
  // Puts it there; always false.
  bool Refuse(Failure::Kind kind, const std::string& detail);

 private:
  void BeginBody();
  bool TakePlain(std::string_view piece);

  const std::string& server_;
  BodyReceiver& receiver_;
  const std::uint64_t max_body_bytes_;
  const Deadline& deadline_;
  SteadyTime until_;
  ReplyHead head_;
  Gunzip gunzip_;
  std::uint64_t body_bytes_ = 0;
  bool wanted_ = true;   // the body
  bool enough_ = false;  // its receiver said so
  bool time_up_ = false;
  std::optional<Failure> failure_;
};

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_REPLY_INTAKE_H_
