#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_PEM_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_PEM_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct evp_pkey_st;  // OpenSSL's EVP_PKEY
struct x509_st;      // OpenSSL's X509

namespace operator_connect::config {

// PEM that is in a file, read at each use, or in the configuration. At most one
// of the two is set.
struct Pem {
  std::string file;
  std::string text;
  int line = 0;  // of the configuration, for messages
  bool empty() const { return file.empty() && text.empty(); }
  bool operator==(const Pem&) const = default;
};

using Certificate = std::shared_ptr<x509_st>;
using PrivateKey = std::shared_ptr<evp_pkey_st>;

// The certificates of a PEM text up to the first broken one; TRUSTED
// CERTIFICATE counts. Empty if there is none.
std::vector<Certificate> ParseCertificates(std::string_view pem);

// The first private key of a PEM text; null if there is none without a
// passphrase. Never prompts for a passphrase.
PrivateKey ParsePrivateKey(std::string_view pem);

// Return the fault in the PEM of a TLS client, and its remedy; empty if there
// is none. Each judges as the client will, but needs no network, and never
// prompts for a passphrase. Files must be readable.

// For certificate authorities to trust.
std::string WrongAuthorities(const Pem& pem);
std::string WrongCertificate(const Pem& pem);
// `rsa`: only an RSA key is valid.
std::string WrongKey(const Pem& pem, bool rsa);
// For a certificate and a key that are each valid by themselves.
std::string WrongPair(const Pem& certificate, const Pem& key);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_PEM_H_
