#include "exporter/config/tls.h"

#include <utility>

#include "exporter/config/pem.h"
#include "exporter/config/prometheus_keys.h"
#include "exporter/config/url.h"

namespace operator_connect::config {
namespace {

// Reports the fault `wrong` of the file at `key`. True: there is none.
bool Report(MapReader& reader, std::string_view key, std::string wrong) {
  if (wrong.empty()) return true;
  reader.Report(key, std::move(wrong));
  return false;
}

void CheckPair(MapReader& reader, const PairKeys& keys, const Pem& cert,
               const Pem& key) {
  const bool cert_fine = Report(reader, keys.cert, WrongCertificate(cert));
  const bool key_fine = Report(reader, keys.key, WrongKey(key, keys.rsa));
  if (cert_fine && key_fine) Report(reader, keys.key, WrongPair(cert, key));
}

// Reads PEM at `key`, or the path of its file at `key`_file. False: a fault was
// reported.
bool ReadPem(MapReader& reader, const std::string& key, std::string& file,
             std::string& text) {
  const std::string file_key = key + "_file";
  const bool file_read = reader.ReadFilePath(file_key, file);
  const bool text_read = ReadPemText(reader, key, text);
  if (!file.empty() && !text.empty()) {
    reader.Report(key, "is there beside " + file_key + "; keep one of the two");
    return false;
  }
  return file_read && text_read;
}

// Reads the client's certificate and its key, each in a file or written.
void ReadIdentity(MapReader& reader, TlsConfig& out) {
  const bool cert_read = ReadPem(reader, "cert", out.cert_file, out.cert);
  const bool key_read = ReadPem(reader, "key", out.key_file, out.key);
  const Pem cert = {out.cert_file, out.cert};
  const Pem key = {out.key_file, out.key};
  if (!cert_read || !key_read) return;
  if (cert.empty() != key.empty()) {
    const std::string there = cert.empty() ? "key" : "cert";
    const std::string suffix =
        (cert.empty() ? key.file : cert.file).empty() ? "" : "_file";
    reader.Report(
        (cert.empty() ? "cert" : "key") + suffix,
        "is missing beside " + there + suffix + "; write both or neither");
  } else if (!cert.empty()) {
    CheckPair(reader,
              {cert.file.empty() ? "cert" : "cert_file",
               key.file.empty() ? "key" : "key_file"},
              cert, key);
  }
}

void ReadServerName(MapReader& reader, std::string& out) {
  std::string name;
  if (!reader.ReadString("server_name", name) || name.empty()) return;
  const auto url = ParseUrl("https://" + name);
  if (url && url->port == 0 && !url->user_info && url->path.empty() &&
      !url->query && !url->fragment) {
    out = name;
  } else {
    reader.Report("server_name",
                  "is no host name; write one without scheme and port, such as "
                  "live.example.com");
  }
}

}  // namespace

bool ReadPemText(MapReader& reader, const std::string& key, std::string& out) {
  const YamlNode* text = reader.Find(key);
  if (text == nullptr) return true;
  const bool scalar = text->kind == YamlNode::Kind::kScalar;
  if (scalar && text->scalar.empty()) return true;
  // PEM has line breaks, which ReadString refuses.
  if (scalar && text->scalar.find("-----BEGIN ") != std::string::npos) {
    out = text->scalar;
    return true;
  }
  reader.Report(key,
                "must be PEM, from -----BEGIN on, as a block (|); write it so, "
                "or " +
                    key + "_file");
  return false;
}

void ReadTlsVersions(MapReader& reader, TlsVersion& min, TlsVersion& max) {
  const auto read = [&](std::string_view key, TlsVersion& version) {
    return reader.ReadWord(key, version,
                           {{"TLS10", TlsVersion::kTls10},
                            {"TLS11", TlsVersion::kTls11},
                            {"TLS12", TlsVersion::kTls12},
                            {"TLS13", TlsVersion::kTls13}});
  };
  const bool min_read = read("min_version", min);
  const bool max_read = read("max_version", max);
  if (min_read && max_read && max < min) {
    reader.Report(reader.Has("max_version") ? "max_version" : "min_version",
                  "max_version is below min_version; write TLS13, or remove "
                  "it");
  }
}

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
  CheckPair(reader, keys, {cert, ""}, {key, ""});
}

TlsConfig ReadTlsConfig(MapReader& reader) {
  TlsConfig out;
  RefuseForeignTlsKeys(reader);
  const bool ca_read = ReadPem(reader, "ca", out.ca_file, out.ca);
  ReadIdentity(reader, out);
  ReadServerName(reader, out.server_name);
  reader.Read("insecure_skip_verify", out.insecure_skip_verify);
  ReadTlsVersions(reader, out.min_version, out.max_version);
  // Authorities are not checked if nothing is verified.
  const Pem ca = {out.ca_file, out.ca};
  if (ca_read && !ca.empty() && !out.insecure_skip_verify) {
    Report(reader, ca.file.empty() ? "ca" : "ca_file", WrongAuthorities(ca));
  }
  return out;
}

}  // namespace operator_connect::config
