#include "exporter/http_client/observer.h"

namespace operator_connect::http_client {

std::string_view ToString(Endpoint endpoint) {
  switch (endpoint) {
    case Endpoint::kToken:
      return "token";
    case Endpoint::kLeads:
      return "leads";
    case Endpoint::kNumbers:
      return "numbers";
  }
  return "";
}

}  // namespace operator_connect::http_client
