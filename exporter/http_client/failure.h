#ifndef OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_FAILURE_H_
#define OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_FAILURE_H_

#include <string>
#include <utility>

#include "exporter/base/clock.h"

namespace operator_connect::http_client {

// Why a request, or what was made of its answers, is worth nothing.
struct Failure {
  enum class Kind {
    kStatus,       // an HTTP status other than 200
    kTimeout,      // not done in time, or never begun in time
    kTransport,    // no connection, or it broke, or its TLS or proxy failed
    kMalformed,    // an answer that is no answer: not JSON, cut, too deep
    kMismatch,     // numbers of another tenant than the one asked for
    kTooLarge,     // past max_response_bytes, or a record past 4 MiB
    kCredentials,  // no token, or a secret that cannot be read
    kUnstable,     // leads moved between pages while they were read, twice
  };

  Kind kind = Kind::kTransport;
  int status = 0;      // of kStatus, and of any failure that had an answer
  std::string detail;  // what is wrong, for the log; no secret, no body
  // Asking again would change nothing until a person does something: a
  // certificate that is not trusted, a file that cannot be read.
  bool lasting = false;
  // Nothing was sent: there was no turn, or no token.
  bool not_sent = false;
  // How long the server asked to be left alone, by a 429 or 503; 0: it did not.
  Duration retry_after{};

  static Failure Malformed(std::string detail) {
    return {Kind::kMalformed, 0, std::move(detail)};
  }

  // The value of the labels `reason` and `code`: "503", "timeout", ….
  std::string Reason() const;
};

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_FAILURE_H_
