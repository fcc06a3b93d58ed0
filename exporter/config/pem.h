#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_PEM_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_PEM_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct evp_pkey_st;  // OpenSSL's EVP_PKEY
struct x509_st;      // OpenSSL's X509

namespace operator_connect::config {

using Certificate = std::shared_ptr<x509_st>;
using PrivateKey = std::shared_ptr<evp_pkey_st>;

// The certificates of a PEM text up to the first that is broken, also those
// that are written as TRUSTED CERTIFICATE. Empty if there is none.
std::vector<Certificate> ParseCertificates(std::string_view pem);

// The first private key of a PEM text; null if there is none, or none without
// a passphrase. Never asks for a passphrase.
PrivateKey ParsePrivateKey(std::string_view pem);

// What is wrong with the PEM files of a TLS client, and what to write instead;
// empty if nothing is. Each judges as the client will that uses the file, but
// needs no network, and never asks for a passphrase. The files can be read.

// `file` is to hold the certificate authorities to trust.
std::string WrongAuthorities(const std::string& file);
std::string WrongCertificate(const std::string& file);
// `rsa`: only an RSA key will do.
std::string WrongKey(const std::string& file, bool rsa);
// Two files that are right, each by itself.
std::string WrongPair(const std::string& certificate_file,
                      const std::string& key_file);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_PEM_H_
