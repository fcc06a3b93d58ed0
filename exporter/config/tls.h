#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_TLS_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_TLS_H_

#include <string>
#include <string_view>

#include "exporter/config/config.h"
#include "exporter/config/yaml/map_reader.h"

namespace operator_connect::config {

// The keys of a certificate and of its private key.
struct PairKeys {
  std::string_view cert;
  std::string_view key;
  bool rsa = false;  // the private key must be able to sign with RSA
};

// Reads both paths. True: both are set and their files are readable.
bool ReadCertificatePair(MapReader& reader, const PairKeys& keys,
                         std::string& cert, std::string& key);

// Reports if the files that ReadCertificatePair() read can never work.
void CheckCertificatePair(MapReader& reader, const PairKeys& keys,
                          const std::string& cert, const std::string& key);

TlsConfig ReadTlsConfig(MapReader& reader);

// Reads PEM that is written at `key`, as a block, and reports faults. True if
// there is none; a missing or empty key is none.
bool ReadPemText(MapReader& reader, const std::string& key, std::string& out);

// Read min_version and max_version, with Go's names.
void ReadTlsVersions(MapReader& reader, TlsVersion& min, TlsVersion& max);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_TLS_H_
