#include "exporter/config/pem.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

#include <memory>

#include "exporter/base/file.h"
#include "exporter/config/yaml/problem.h"

namespace operator_connect::config {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

Bio Open(std::string_view pem) {
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free};
}

int NoPassphrase(char*, int, int, void*) { return -1; }

std::string TextOf(const Pem& pem) {
  if (pem.file.empty()) return pem.text;
  Result<std::string, FileError> text = ReadFile(pem.file);
  return text.ok() ? *std::move(text) : "";
}

Certificate ReadCertificate(const Pem& pem) {
  const std::vector<Certificate> all = ParseCertificates(TextOf(pem));
  return all.empty() ? nullptr : all.front();
}

PrivateKey ReadKey(const Pem& pem) {
  std::string text = TextOf(pem);
  PrivateKey key = ParsePrivateKey(text);
  OPENSSL_cleanse(text.data(), text.size());
  return key;
}

// For a file, puts its name before "holds".
std::string Holds(const Pem& pem) {
  return pem.file.empty() ? "holds " : Quoted(pem.file) + " holds ";
}

// Ends a message with the remedy for a file, or for PEM in the configuration.
std::string Write(const Pem& pem, const std::string& of_file,
                  const std::string& of_text) {
  return "; write " + (pem.file.empty() ? of_text : of_file);
}

}  // namespace

std::vector<Certificate> ParseCertificates(std::string_view pem) {
  const Bio bio = Open(pem);
  std::vector<Certificate> all;
  while (X509* one =
             PEM_read_bio_X509_AUX(bio.get(), nullptr, NoPassphrase, nullptr)) {
    all.emplace_back(one, X509_free);
  }
  // OpenSSL reports the end of the text as an error, which the next call on
  // this thread would find.
  ERR_clear_error();
  return all;
}

PrivateKey ParsePrivateKey(std::string_view pem) {
  const Bio bio = Open(pem);
  PrivateKey key(
      PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassphrase, nullptr),
      EVP_PKEY_free);
  ERR_clear_error();
  return key;
}

std::string WrongAuthorities(const Pem& pem) {
  bool loaded = false;
  if (pem.file.empty()) {
    loaded = !ParseCertificates(pem.text).empty();
  } else {
    const std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> store(
        X509_STORE_new(), X509_STORE_free);
    loaded = X509_STORE_load_file(store.get(), pem.file.c_str()) == 1;
  }
  ERR_clear_error();
  if (loaded) return "";
  return Holds(pem) + "no certificate in PEM form, or a broken one" +
         Write(pem, "the path of a file with the authorities to trust, each",
               "the authorities to trust, each") +
         " from -----BEGIN CERTIFICATE----- on";
}

std::string WrongCertificate(const Pem& pem) {
  if (ReadCertificate(pem)) return "";
  return Holds(pem) + "no certificate in PEM form" +
         Write(pem, "the path of a file that has one,", "one,") +
         " from -----BEGIN CERTIFICATE----- on";
}

std::string WrongKey(const Pem& pem, bool rsa) {
  const PrivateKey key = ReadKey(pem);
  if (!key) {
    return Holds(pem) + "no private key in PEM form without a passphrase" +
           Write(pem, "the path of a file that has one", "one");
  }
  if (rsa && EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) {
    return Holds(pem) +
           "a key that is not an RSA key; write the path of one, "
           "with its certificate";
  }
  return "";
}

std::string WrongPair(const Pem& certificate, const Pem& key) {
  const Certificate x509 = ReadCertificate(certificate);
  const PrivateKey pkey = ReadKey(key);
  const bool fits = X509_check_private_key(x509.get(), pkey.get()) == 1;
  ERR_clear_error();
  if (fits) return "";
  return (key.file.empty() ? "is not the key of "
                           : Quoted(key.file) + " is not the key of ") +
         (certificate.file.empty() ? "cert" : Quoted(certificate.file)) +
         Write(key, "the path of the key", "the key") +
         " that the certificate was made with";
}

}  // namespace operator_connect::config
