#include "exporter/config/tls.h"

#include <utility>

#include "exporter/config/pem.h"
#include "exporter/config/prometheus_keys.h"
#include "exporter/config/url.h"

namespace operator_connect::config {
namespace {

// Says what is wrong with the file at `key`; true: nothing is.
bool Report(MapReader& reader, std::string_view key, std::string wrong) {
  if (wrong.empty()) return true;
  reader.Report(key, std::move(wrong));
  return false;
}

}  // namespace

bool ReadCertificatePair(MapReader& reader, const PairKeys& keys,
                         std::string& cert, std::string& key) {
  const bool cert_read = reader.ReadFilePath(keys.cert, cert);
  const bool key_read = reader.ReadFilePath(keys.key, key);
  const bool has_cert = reader.Has(keys.cert);
  if (has_cert == reader.Has(keys.key)) {
    return cert_read && key_read && !cert.empty() && !key.empty();
  }
  reader.Report(has_cert ? keys.key : keys.cert,
                "is missing beside " +
                    std::string(has_cert ? keys.cert : keys.key) +
                    "; write both or neither");
  return false;
}

void CheckCertificatePair(MapReader& reader, const PairKeys& keys,
                          const std::string& cert, const std::string& key) {
  const bool cert_fine = Report(reader, keys.cert, WrongCertificate(cert));
  const bool key_fine = Report(reader, keys.key, WrongKey(key, keys.rsa));
  if (cert_fine && key_fine) Report(reader, keys.key, WrongPair(cert, key));
}

TlsConfig ReadTlsConfig(MapReader& reader) {
  TlsConfig out;
  RefuseForeignTlsKeys(reader);
  const bool ca_read = reader.ReadFilePath("ca_file", out.ca_file);
  constexpr PairKeys kKeys = {"cert_file", "key_file"};
  if (ReadCertificatePair(reader, kKeys, out.cert_file, out.key_file)) {
    CheckCertificatePair(reader, kKeys, out.cert_file, out.key_file);
  }
  std::string name;
  if (reader.ReadString("server_name", name) && !name.empty()) {
    const auto url = ParseUrl("https://" + name);
    if (url && url->port == 0 && !url->user_info && url->path.empty() &&
        !url->query && !url->fragment) {
      out.server_name = name;
    } else {
      reader.Report("server_name",
                    "is no host name; write one without scheme and port, such "
                    "as live.example.com");
    }
  }
  reader.Read("insecure_skip_verify", out.insecure_skip_verify);
  // Where nothing is verified, authorities are not looked at.
  if (ca_read && !out.ca_file.empty() && !out.insecure_skip_verify) {
    Report(reader, "ca_file", WrongAuthorities(out.ca_file));
  }
  return out;
}

}  // namespace operator_connect::config
