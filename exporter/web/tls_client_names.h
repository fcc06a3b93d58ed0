#ifndef OPERATOR_CONNECT_EXPORTER_WEB_TLS_CLIENT_NAMES_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_TLS_CLIENT_NAMES_H_

#include <string>
#include <vector>

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace operator_connect::web {

// The signer that a client's certificate needs.
enum class Vouching {
  kAuthority,  // an authority that `context` trusts
  kNobody,     // any certificate will do, if its names will
};

// Makes `context` accept only client certificates that have one of `allowed`
// among their subject alternative names: a DNS name, e-mail address or URI in
// the same spelling, or an IP address. Empty: any names. Set the verify mode of
// `context` before.
void CheckClientNames(ssl_ctx_st* context,
                      const std::vector<std::string>& allowed,
                      Vouching vouching);

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_TLS_CLIENT_NAMES_H_
