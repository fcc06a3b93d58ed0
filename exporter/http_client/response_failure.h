#ifndef OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_RESPONSE_FAILURE_H_
#define OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_RESPONSE_FAILURE_H_

#include <string>

#include "exporter/http_client/failure.h"
#include "exporter/http_client/transport.h"

namespace operator_connect::http_client {

// The pause that a response demands; 0: none. Only 429 and 503 can.
Duration RetryAfter(const HttpResponse& response);

// Explains a status other than 200: the status, and its usual meaning for a
// Live Platform at `base_url`.
Failure ExplainStatus(const HttpResponse& response,
                      const std::string& base_url);

// Explains a response with status 200 that its reader could not use for
// `reason`.
Failure ExplainAnswer(const HttpResponse& response, Failure reason);

// Explains a response of the token endpoint that is neither a token nor an
// OAuth error: status, content type and the usual meaning. `problem` is the
// fault of the body, or empty.
std::string ExplainTokenAnswer(const HttpResponse& response,
                               const std::string& problem);

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_RESPONSE_FAILURE_H_
