#include "exporter/http_client/failure.h"

namespace operator_connect::http_client {

std::string Failure::Reason() const {
  switch (kind) {
    case Kind::kStatus:
      return std::to_string(status);
    case Kind::kTimeout:
      return "timeout";
    case Kind::kTransport:
      return "transport";
    case Kind::kMalformed:
      return "malformed";
    case Kind::kMismatch:
      return "mismatch";
    case Kind::kTooLarge:
      return "too_large";
    case Kind::kCredentials:
      return "credentials";
    case Kind::kUnstable:
      return "unstable";
  }
  return "transport";
}

}  // namespace operator_connect::http_client
