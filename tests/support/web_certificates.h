#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_WEB_CERTIFICATES_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_WEB_CERTIFICATES_H_

#include <openssl/ssl.h>

#include <string>

#include "tests/support/certificates.h"

namespace operator_connect::web {

// A self-signed certificate and its key, for a server or a client.
class TestCertificate {
 public:
  // `names` as in openssl's subjectAltName; valid until `days` from now.
  explicit TestCertificate(const std::string& common_name,
                           const std::string& names = "", int days = 1,
                           bool rsa = false)
      : identity_(MakeIdentity({.name = common_name,
                                .alternative_names = names,
                                .valid_from = -10L * 24 * 3600,
                                .valid_to = 24L * 3600 * days,
                                .rsa = rsa})) {}

  void Use(SSL_CTX* context) const {
    SSL_CTX_use_certificate(context, identity_.certificate.get());
    SSL_CTX_use_PrivateKey(context, identity_.key.get());
  }
  std::string CertificatePem() const { return identity_.CertificatePem(); }
  std::string KeyPem() const { return identity_.KeyPem(); }

 private:
  const Identity identity_;
};

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_WEB_CERTIFICATES_H_
