#ifndef OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_RESPONSE_FAILURE_H_
#define OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_RESPONSE_FAILURE_H_

#include <string>

#include "exporter/http_client/failure.h"
#include "exporter/http_client/transport.h"

namespace operator_connect::http_client {

// The pause that a response asks for; 0: none. Only a 429 or 503 may.
Duration RetryAfter(const HttpResponse& response);

// An answer with another status than 200: what it was, and what it usually
// means of a Live Platform under `base_url`.
Failure ExplainStatus(const HttpResponse& response,
                      const std::string& base_url);

// An answer with status 200 that its reader could not use, for `reason`.
Failure ExplainAnswer(const HttpResponse& response, Failure reason);

// An answer of the token endpoint that is neither a token nor an OAuth error:
// status, content type and what it usually means. `problem` is what is wrong
// with the body, or empty.
std::string ExplainTokenAnswer(const HttpResponse& response,
                               const std::string& problem);

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_RESPONSE_FAILURE_H_
