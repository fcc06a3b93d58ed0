#include "exporter/config/tls.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "tests/support/certificates.h"
#include "tests/support/config_text.h"
#include "tests/support/temp_dir.h"

namespace operator_connect::config {
namespace {

// `pem` as a block under `key` of tls_config.
std::string Block(const std::string& key, const std::string& pem) {
  std::string text = "  " + key + ": |\n    ";
  for (const char c : pem) {
    text += c;
    if (c == '\n') text += "    ";
  }
  return text + "\n";
}

std::string TlsSaid(const std::string& lines) {
  return SaidOf(With(kAccount, "tls_config:\n" + lines));
}

// The problem of the only wrong key, from its name on.
std::string Wrong(const std::string& lines) {
  const std::string said = TlsSaid(lines);
  CAPTURE(said);
  CHECK(std::count(said.begin(), said.end(), '\n') == 1);
  CHECK(said.find("hunter2") == std::string::npos);
  const std::size_t at = said.find("accounts[0].tls_config.");
  REQUIRE(at != std::string::npos);
  return said.substr(at + 23);
}

TEST_CASE("PEM can be written as a block") {
  const Identity identity = MakeIdentity({});
  const std::string lines = Block("ca", identity.CertificatePem()) +
                            Block("cert", identity.CertificatePem()) +
                            Block("key", identity.KeyPem());
  const auto config =
      ParseConfig(With(kAccount, "tls_config:\n" + lines), "exporter.yml");
  CAPTURE(Said(config));
  REQUIRE(config.ok());
  const TlsConfig& tls = config->accounts.at(0).tls_config;
  CHECK(tls.ca == identity.CertificatePem());
  CHECK(tls.cert == identity.CertificatePem());
  CHECK(tls.key == identity.KeyPem());
  CHECK(TlsSaid("  ca: ''\n  cert:\n  key: ''") == "ok");
}

TEST_CASE("a certificate in a file can have its key written") {
  const Identity identity = MakeIdentity({});
  const TempFile cert(identity.CertificatePem());
  CHECK(TlsSaid("  cert_file: " + cert.path() + "\n" +
                Block("key", identity.KeyPem())) == "ok");
  CHECK(Wrong("  cert_file: " + cert.path() + "\n" +
              Block("key", MakeIdentity({}).KeyPem()))
            .find("key: is not the key of \"" + cert.path() +
                  "\"; write the key that") == 0);
}

TEST_CASE("unusable PEM in the configuration is reported by its key") {
  const Identity identity = MakeIdentity({});
  const std::string cert = Block("cert", identity.CertificatePem());
  const std::string key = Block("key", identity.KeyPem());
  const std::string broken =
      "-----BEGIN CERTIFICATE-----\nhunter2\n-----END CERTIFICATE-----\n";
  CHECK(Wrong("  ca: hunter2")
            .find("ca: must be PEM, from -----BEGIN on, as a "
                  "block (|); write it so, or ca_file") == 0);
  CHECK(Wrong("  ca: [hunter2]").find("ca: must be PEM") == 0);
  CHECK(Wrong(Block("ca", broken))
            .find("ca: holds no certificate in PEM form, or a broken one; "
                  "write the authorities to trust, each from") == 0);
  CHECK(Wrong(Block("cert", broken) + key)
            .find("cert: holds no certificate in PEM form; write one,") == 0);
  CHECK(Wrong(cert + Block("key", broken))
            .find("key: holds no private key in PEM form without a "
                  "passphrase; write one") == 0);
  CHECK(Wrong(cert + Block("key", MakeIdentity({}).KeyPem()))
            .find("key: is not the key of cert; write the key that") == 0);
  CHECK(Wrong(cert).find("key: is missing beside cert; write both") == 0);
  CHECK(Wrong(key).find("cert: is missing beside key; write both") == 0);
}

TEST_CASE("PEM is in a file or written, not both") {
  const Identity identity = MakeIdentity({});
  const TempFile pem(identity.CertificatePem() + identity.KeyPem());
  const std::string cert = "  cert_file: " + pem.path() + "\n";
  const std::string key = "  key_file: " + pem.path() + "\n";
  CHECK(Wrong("  ca_file: " + pem.path() + "\n" +
              Block("ca", identity.CertificatePem()))
            .find("ca: is there beside ca_file; keep one of the two") == 0);
  CHECK(Wrong(cert + key + Block("cert", identity.CertificatePem()))
            .find("cert: is there beside cert_file") == 0);
  CHECK(Wrong(cert + key + Block("key", identity.KeyPem()))
            .find("key: is there beside key_file") == 0);
}

TEST_CASE("versions of TLS have Go's names, the lower one first") {
  CHECK(TlsSaid("  min_version: TLS10\n  max_version: TLS11") == "ok");
  CHECK(TlsSaid("  min_version: TLS13") == "ok");
  CHECK(Wrong("  min_version: TLS1.3")
            .find("min_version: must be one of TLS10, TLS11, TLS12, TLS13, "
                  "not \"TLS1.3\"") == 0);
  CHECK(Wrong("  max_version: 13").find("max_version: must be a string") == 0);
  CHECK(Wrong("  max_version: TLS11")
            .find("max_version: max_version is below min_version") == 0);
}

}  // namespace
}  // namespace operator_connect::config
