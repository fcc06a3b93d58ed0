// Messages about certificates and keys that can never work.

#include "exporter/config/pem.h"

#include <doctest/doctest.h>

#include <string>

#include "exporter/config/load.h"
#include "tests/support/certificates.h"
#include "tests/support/config_text.h"
#include "tests/support/temp_dir.h"

namespace operator_connect::config {
namespace {

// A folder of PEM files, valid and invalid.
class Files {
 public:
  Files() {
    const Identity one = MakeIdentity({});
    const Identity rsa = MakeIdentity({.rsa = true});
    dir_.Write("ec.pem", one.CertificatePem());
    dir_.Write("ec.key", one.KeyPem());
    dir_.Write("rsa.pem", rsa.CertificatePem());
    dir_.Write("rsa.key", rsa.KeyPem());
    dir_.Write("two.pem", one.CertificatePem() + rsa.CertificatePem());
    dir_.Write("text", "hunter2");
    dir_.Write("empty", "");
    dir_.Write("broken.pem", one.CertificatePem() +
                                 "-----BEGIN CERTIFICATE-----\nhunter2\n"
                                 "-----END CERTIFICATE-----\n");
    dir_.Write("encrypted.key", Encrypted(one));
  }

  // The problems of an account with these lines, without the folder.
  std::string SaidOf(const char* account, const std::string& lines) const {
    const std::string path = dir_.Write("exporter.yml", With(account, lines));
    std::string said = Said(LoadConfig(path));
    CHECK(said.find("hunter2") == std::string::npos);
    const std::string folder = dir_.path() + "/";
    for (std::size_t at = 0; (at = said.find(folder)) != said.npos;) {
      said.erase(at, folder.size());
    }
    return said;
  }
  std::string Tls(const std::string& settings) const {
    return SaidOf(kAccount, "tls_config: {" + settings + "}");
  }
  std::string OAuth2(const std::string& settings) const {
    return SaidOf(
        kNoCredentials,
        "oauth2:\n  client_id: id\n  token_url: https://login/token\n  " +
            settings);
  }

 private:
  static std::string Encrypted(const Identity& identity) {
    BIO* const bio = BIO_new(BIO_s_mem());
    unsigned char passphrase[] = "hunter2";
    PEM_write_bio_PrivateKey(bio, identity.key.get(), EVP_aes_128_cbc(),
                             passphrase, sizeof passphrase - 1, nullptr,
                             nullptr);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    const std::string text(data, static_cast<std::size_t>(size));
    BIO_free(bio);
    return text;
  }

  TempDir dir_;
};

// Whether there is one problem, and it begins with `words`.
bool OnlySays(const std::string& said, const std::string& words) {
  CAPTURE(said);
  return said.starts_with(words) && said.find('\n') == said.size() - 1;
}

TEST_CASE("certificates are read in order, up to the first broken one") {
  const Identity one = MakeIdentity({.name = "one"});
  const Identity two = MakeIdentity({.name = "two"});
  const std::string text = one.CertificatePem() + two.CertificatePem();
  const auto both = ParseCertificates("in front\n" + text);
  REQUIRE(both.size() == 2);
  CHECK(X509_cmp(both[0].get(), one.certificate.get()) == 0);
  CHECK(X509_cmp(both[1].get(), two.certificate.get()) == 0);
  CHECK(ParseCertificates(one.CertificatePem() +
                          "-----BEGIN CERTIFICATE-----\nx\n"
                          "-----END CERTIFICATE-----\n" +
                          two.CertificatePem())
            .size() == 1);
  CHECK(ParseCertificates(one.KeyPem()).empty());
  CHECK(ParseCertificates("").empty());
}

TEST_CASE("a private key is found after other PEM, and never unlocked") {
  const Identity one = MakeIdentity({});
  const PrivateKey key = ParsePrivateKey(one.CertificatePem() + one.KeyPem());
  REQUIRE(key);
  CHECK(X509_check_private_key(one.certificate.get(), key.get()) == 1);
  CHECK_FALSE(ParsePrivateKey(one.CertificatePem()));
  CHECK_FALSE(ParsePrivateKey(""));
}

TEST_CASE("certificates and keys that belong together are valid") {
  const Files files;
  CHECK(files.Tls("ca_file: ec.pem") == "ok");
  CHECK(files.Tls("ca_file: two.pem") == "ok");
  CHECK(files.Tls("cert_file: ec.pem, key_file: ec.key") == "ok");
  CHECK(files.Tls("cert_file: two.pem, key_file: ec.key") == "ok");
  CHECK(files.OAuth2("client_certificate_file: rsa.pem\n"
                     "  client_certificate_key_file: rsa.key") == "ok");
}

TEST_CASE("a ca_file without certificates is a problem") {
  const Files files;
  for (const std::string wrong : {"text", "empty", "ec.key", "broken.pem"}) {
    CAPTURE(wrong);
    CHECK(OnlySays(files.Tls("ca_file: " + wrong),
                   "exporter.yml:5: accounts[0].tls_config.ca_file: \"" +
                       wrong +
                       "\" holds no certificate in PEM form, or a "
                       "broken one; write the path of a file with"));
    CHECK(files.Tls("insecure_skip_verify: true, ca_file: " + wrong) == "ok");
  }
  CHECK(OnlySays(files.OAuth2("client_secret: x\n"
                              "  tls_config: {ca_file: text}"),
                 "exporter.yml:8: accounts[0].oauth2.tls_config.ca_file: "));
}

TEST_CASE("an unusable cert_file or key_file is a problem") {
  const Files files;
  const std::string at = "exporter.yml:5: accounts[0].tls_config.";
  for (const std::string wrong : {"text", "empty", "ec.key"}) {
    CAPTURE(wrong);
    CHECK(OnlySays(files.Tls("cert_file: " + wrong + ", key_file: ec.key"),
                   at + "cert_file: \"" + wrong +
                       "\" holds no certificate in PEM form; write"));
  }
  for (const std::string wrong : {"text", "empty", "ec.pem", "encrypted.key"}) {
    CAPTURE(wrong);
    CHECK(OnlySays(files.Tls("cert_file: ec.pem, key_file: " + wrong),
                   at + "key_file: \"" + wrong +
                       "\" holds no private key in PEM form without a "
                       "passphrase; write"));
  }
  CHECK(OnlySays(files.Tls("cert_file: ec.pem, key_file: rsa.key"),
                 at + "key_file: \"rsa.key\" is not the key of \"ec.pem\"; "
                      "write"));
  // Missing files have been reported before.
  CHECK(OnlySays(files.Tls("cert_file: text, key_file: none"),
                 at + "key_file: cannot read \"none\": no such file"));
}

TEST_CASE("a client_certificate_file and its key are checked likewise") {
  const Files files;
  const auto said = [&](const std::string& cert, const std::string& key) {
    return files.OAuth2("client_certificate_file: " + cert +
                        "\n  client_certificate_key_file: " + key);
  };
  CHECK(OnlySays(said("text", "rsa.key"),
                 "exporter.yml:7: accounts[0].oauth2.client_certificate_file: "
                 "\"text\" holds no certificate"));
  const std::string key =
      "exporter.yml:8: accounts[0].oauth2.client_certificate_key_file: ";
  CHECK(OnlySays(said("rsa.pem", "text"), key + "\"text\" holds no private"));
  CHECK(OnlySays(said("ec.pem", "ec.key"),
                 key + "\"ec.key\" holds a key that is not an RSA key; write"));
  CHECK(
      OnlySays(said("ec.pem", "rsa.key"), key + "\"rsa.key\" is not the key"));
}

}  // namespace
}  // namespace operator_connect::config
