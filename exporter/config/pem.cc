#include "exporter/config/pem.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

#include <memory>

#include "exporter/base/file.h"
#include "exporter/config/problem.h"

namespace operator_connect::config {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

Bio Open(std::string_view pem) {
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free};
}

int NoPassphrase(char*, int, int, void*) { return -1; }

Certificate ReadCertificate(const std::string& file) {
  const Result<std::string, FileError> text = ReadFile(file);
  if (!text.ok()) return nullptr;
  const std::vector<Certificate> all = ParseCertificates(*text);
  return all.empty() ? nullptr : all.front();
}

PrivateKey ReadKey(const std::string& file) {
  Result<std::string, FileError> text = ReadFile(file);
  if (!text.ok()) return nullptr;
  PrivateKey key = ParsePrivateKey(*text);
  OPENSSL_cleanse(text->data(), text->size());
  return key;
}

}  // namespace

std::vector<Certificate> ParseCertificates(std::string_view pem) {
  const Bio bio = Open(pem);
  std::vector<Certificate> all;
  while (X509* one =
             PEM_read_bio_X509_AUX(bio.get(), nullptr, NoPassphrase, nullptr)) {
    all.emplace_back(one, X509_free);
  }
  // The end of the text is an error to OpenSSL, and the next use of the library
  // on this thread would meet it.
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

std::string WrongAuthorities(const std::string& file) {
  const std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> store(
      X509_STORE_new(), X509_STORE_free);
  const bool loaded = X509_STORE_load_file(store.get(), file.c_str()) == 1;
  ERR_clear_error();
  if (loaded) return "";
  return Quoted(file) +
         " holds no certificate in PEM form, or a broken one; write the path "
         "of a file with the authorities to trust, each from -----BEGIN "
         "CERTIFICATE----- on";
}

std::string WrongCertificate(const std::string& file) {
  if (ReadCertificate(file)) return "";
  return Quoted(file) +
         " holds no certificate in PEM form; write the path of a file that "
         "has one, from -----BEGIN CERTIFICATE----- on";
}

std::string WrongKey(const std::string& file, bool rsa) {
  const PrivateKey key = ReadKey(file);
  if (!key) {
    return Quoted(file) +
           " holds no private key in PEM form without a passphrase; write the "
           "path of a file that has one";
  }
  if (rsa && EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) {
    return Quoted(file) +
           " holds a key that is not an RSA key; write the path of one, with "
           "its certificate";
  }
  return "";
}

std::string WrongPair(const std::string& certificate_file,
                      const std::string& key_file) {
  const Certificate certificate = ReadCertificate(certificate_file);
  const PrivateKey key = ReadKey(key_file);
  const bool fits = X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  if (fits) return "";
  return Quoted(key_file) + " is not the key of " + Quoted(certificate_file) +
         "; write the path of the key that the certificate was made with";
}

}  // namespace operator_connect::config
