#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_PEM_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_PEM_H_

#include <string>

namespace operator_connect::config {

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
