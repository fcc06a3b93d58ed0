#ifndef OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_FAILURE_H_
#define OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_FAILURE_H_

#include <string>
#include <utility>

#include "exporter/base/clock.h"

namespace operator_connect::http_client {

// Why a request, or the evaluation of its responses, failed.
struct Failure {
  enum class Kind {
    kStatus,       // an HTTP status other than 200
    kTimeout,      // not done in time, or not begun in time
    kTransport,    // no connection, or it broke, or its TLS or proxy failed
    kMalformed,    // an unusable response: not JSON, cut, too deep
    kMismatch,     // numbers of another tenant than requested
    kTooLarge,     // over max_response_bytes, or a record over 4 MiB
    kCredentials,  // no token, or a secret that cannot be read
    kUnstable,     // leads moved between pages while they were read, twice
  };

  Kind kind = Kind::kTransport;
  int status = 0;      // of kStatus, and of failures with a response
  std::string detail;  // the fault, for the log; no secret, no body
  // Repeating is useless until a person acts: an untrusted certificate, an
  // unreadable file.
  bool lasting = false;
  // No request was sent: there was no turn, or no token.
  bool not_sent = false;
  // The pause that a 429 or 503 demands; 0: none.
  Duration retry_after{};

  static Failure Malformed(std::string detail) {
    return {Kind::kMalformed, 0, std::move(detail)};
  }

  // The value of the labels `reason` and `code`: "503", "timeout", ….
  std::string Reason() const;
};

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_FAILURE_H_
