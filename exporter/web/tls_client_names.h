#ifndef OPERATOR_CONNECT_EXPORTER_WEB_TLS_CLIENT_NAMES_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_TLS_CLIENT_NAMES_H_

#include <string>
#include <vector>

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace operator_connect::web {

// Who speaks for the certificate that a client shows.
enum class Vouching {
  kAuthority,  // an authority that `context` trusts
  kNobody,     // any certificate will do, if its names will
};

// From now on, of the certificates shown by clients of `context`, only those
// are taken that have one of `allowed` among their subject alternative names:
// a DNS name, e-mail address or URI as it is spelt there, or an IP address.
// Empty: whatever their names are. The verify mode of `context` is set before.
void CheckClientNames(ssl_ctx_st* context,
                      const std::vector<std::string>& allowed,
                      Vouching vouching);

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_TLS_CLIENT_NAMES_H_
