#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "tests/simulator/simulator.h"

namespace operator_connect::simulator {

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

[[noreturn]] void Fail(const std::string& what) {
  throw std::runtime_error("cannot make a certificate: " + what);
}

Key MakeKey(bool rsa = false) {
  Key key(rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256"), EVP_PKEY_free);
  if (!key) Fail("no key");
  return key;
}

void AddExtension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension =
      X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  if (extension == nullptr) Fail(value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// `issuer` null: an authority, signed by itself.
Certificate MakeCertificate(const std::string& name, int serial, EVP_PKEY* key,
                            X509* issuer, EVP_PKEY* issuer_key,
                            const char* alternative_names) {
  Certificate made(X509_new(), X509_free);
  X509* const certificate = made.get();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -86400L);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3650L * 86400);
  X509_set_pubkey(certificate, key);
  X509_NAME* subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(
      subject, "CN", MBSTRING_UTF8,
      reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509* const signer = issuer == nullptr ? certificate : issuer;
  X509_set_issuer_name(certificate, X509_get_subject_name(signer));
  AddExtension(certificate, signer, NID_basic_constraints,
               issuer == nullptr ? "critical,CA:TRUE" : "CA:FALSE");
  AddExtension(certificate, signer, NID_subject_key_identifier, "hash");
  if (issuer == nullptr) {
    AddExtension(certificate, signer, NID_key_usage,
                 "critical,keyCertSign,cRLSign");
  } else {
    AddExtension(certificate, signer, NID_authority_key_identifier, "keyid");
  }
  if (alternative_names != nullptr) {
    AddExtension(certificate, signer, NID_subject_alt_name, alternative_names);
  }
  if (X509_sign(certificate, issuer == nullptr ? key : issuer_key,
                EVP_sha256()) == 0) {
    Fail("cannot sign");
  }
  return made;
}

File Open(const std::filesystem::path& path) {
  File file(std::fopen(path.c_str(), "w"), std::fclose);
  if (!file) Fail("cannot write " + path.string());
  return file;
}

void WriteCertificate(const std::filesystem::path& path, X509* certificate) {
  if (PEM_write_X509(Open(path).get(), certificate) != 1) Fail(path.string());
}

void WriteKey(const std::filesystem::path& path, EVP_PKEY* key) {
  const File file = Open(path);
  std::filesystem::permissions(path, std::filesystem::perms::owner_read |
                                         std::filesystem::perms::owner_write);
  if (PEM_write_PrivateKey(file.get(), key, nullptr, nullptr, 0, nullptr,
                           nullptr) != 1) {
    Fail(path.string());
  }
}

}  // namespace

void MakeSelfSigned(const std::string& folder) {
  const std::filesystem::path path(folder);
  std::error_code error;
  std::filesystem::create_directories(path, error);
  const Key ca_key = MakeKey();
  const Certificate ca = MakeCertificate("Simulator authority", 1, ca_key.get(),
                                         nullptr, nullptr, nullptr);
  const Key key = MakeKey();
  const Certificate server =
      MakeCertificate("localhost", 2, key.get(), ca.get(), ca_key.get(),
                      "DNS:localhost,IP:127.0.0.1,IP:::1");
  // RSA, for client assertions.
  const Key client_key = MakeKey(true);
  const Certificate client = MakeCertificate("client", 3, client_key.get(),
                                             ca.get(), ca_key.get(), nullptr);
  WriteCertificate(path / "ca.pem", ca.get());
  WriteCertificate(path / "cert.pem", server.get());
  WriteKey(path / "key.pem", key.get());
  WriteCertificate(path / "client.pem", client.get());
  WriteKey(path / "client-key.pem", client_key.get());
}

}  // namespace operator_connect::simulator
