#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_ANSWER_READER_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_ANSWER_READER_H_

#include <optional>
#include <string_view>

#include "exporter/http_client/failure.h"
#include "exporter/http_client/transport.h"

namespace operator_connect::live_platform {

// Makes sense of the body of one answer with status 200, piece by piece. A
// request that is repeated starts it anew.
class AnswerReader : public http_client::BodyReceiver {
 public:
  // Forgets everything: an attempt begins.
  virtual void Restart() = 0;
  // The next piece of the body. False: it is no use to read on.
  virtual bool Read(std::string_view piece) = 0;
  // The body has ended, or Read() said false. A failure (kMalformed or
  // kTooLarge, its detail without a byte of the body) makes the attempt one.
  virtual std::optional<http_client::Failure> Finish() = 0;

  // Bodies with another status are not wanted.
  bool OnHead(int status) final { return status == 200; }
  bool OnBody(std::string_view piece) final { return Read(piece); }
};

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_ANSWER_READER_H_
