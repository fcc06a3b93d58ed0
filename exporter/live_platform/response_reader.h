#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_RESPONSE_READER_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_RESPONSE_READER_H_

#include <optional>
#include <string_view>

#include "exporter/http_client/failure.h"
#include "exporter/http_client/transport.h"

namespace operator_connect::live_platform {

// Reads the body of one response with status 200, piece by piece. A repeated
// request starts it anew.
class ResponseReader : public http_client::BodyReceiver {
 public:
  // Forgets everything at the start of an attempt.
  virtual void Restart() = 0;
  // Reads the next piece of the body. False: reading on is useless.
  virtual bool Read(std::string_view piece) = 0;
  // Called when the body has ended, or Read() returned false. A failure
  // (kMalformed or kTooLarge, its detail without a byte of the body) fails the
  // attempt.
  virtual std::optional<http_client::Failure> Finish() = 0;

  // Skips the bodies of all other statuses.
  bool OnHead(int status) final { return status == 200; }
  bool OnBody(std::string_view piece) final { return Read(piece); }
};

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_RESPONSE_READER_H_
