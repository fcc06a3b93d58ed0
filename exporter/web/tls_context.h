#ifndef OPERATOR_CONNECT_EXPORTER_WEB_TLS_CONTEXT_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_TLS_CONTEXT_H_

#include <memory>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/config/web_config.h"
#include "exporter/config/yaml/problem.h"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace operator_connect::web {

// The settings of TLS connections. Thread-safe; never changes.
using TlsContext = std::shared_ptr<ssl_ctx_st>;

// Reads certificate, key and client authorities into a context. The error lists
// all problems in the order of the lines: a file that cannot be read, a key
// that does not belong to the certificate, cipher suites that this OpenSSL
// lacks. `warnings` gets what does not prevent serving, such as a certificate
// that has expired at `now`. Neither names the configuration's file, which is
// unknown here. Never asks for a passphrase.
Result<TlsContext, config::Problems> MakeTlsContext(
    const config::TlsServerConfig& config, WallTime now,
    config::Problems& warnings);

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_TLS_CONTEXT_H_
