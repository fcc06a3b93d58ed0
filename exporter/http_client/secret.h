#ifndef OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_SECRET_H_
#define OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_SECRET_H_

#include <string>
#include <string_view>

#include "exporter/base/result.h"
#include "exporter/config/config.h"
#include "exporter/http_client/failure.h"

namespace operator_connect::http_client {

// Returns the secret's value, or the present content of its file, trimmed of
// white space. The failure is kCredentials; its detail names `what`, such as
// "the client secret", and the file.
Result<std::string, Failure> ReadSecret(const config::Secret& secret,
                                        std::string_view what);

}  // namespace operator_connect::http_client

#endif  // OPERATOR_CONNECT_EXPORTER_HTTP_CLIENT_SECRET_H_
