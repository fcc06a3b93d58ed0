#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_UNIT_WEB_TEST_CERTIFICATES_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_UNIT_WEB_TEST_CERTIFICATES_H_

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

namespace operator_connect::web {

// A self-signed certificate with a key of its own, made in a millisecond.
class TestCertificate {
 public:
  // `names` as in openssl's subjectAltName; valid until `days` from now. Owns
  // `key`.
  explicit TestCertificate(const std::string& common_name,
                           const std::string& names = "", int days = 1,
                           EVP_PKEY* key = EVP_EC_gen("P-256"))
      : key_(key, EVP_PKEY_free), certificate_(X509_new(), X509_free) {
    X509* x = certificate_.get();
    X509_set_version(x, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_gmtime_adj(X509_getm_notBefore(x), -10L * 24 * 3600);
    X509_gmtime_adj(X509_getm_notAfter(x), 24L * 3600 * days);
    X509_set_pubkey(x, key_.get());
    X509_NAME_add_entry_by_txt(
        X509_get_subject_name(x), "CN", MBSTRING_UTF8,
        reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0);
    X509_set_issuer_name(x, X509_get_subject_name(x));
    if (!names.empty()) {
      X509_EXTENSION* extension = X509V3_EXT_conf_nid(
          nullptr, nullptr, NID_subject_alt_name, names.c_str());
      X509_add_ext(x, extension, -1);
      X509_EXTENSION_free(extension);
    }
    X509_sign(x, key_.get(), EVP_sha256());
  }

  void Use(SSL_CTX* context) const {
    SSL_CTX_use_certificate(context, certificate_.get());
    SSL_CTX_use_PrivateKey(context, key_.get());
  }

  std::string CertificatePem() const {
    return Pem(
        [this](BIO* bio) { PEM_write_bio_X509(bio, certificate_.get()); });
  }
  std::string KeyPem() const {
    return Pem([this](BIO* bio) {
      PEM_write_bio_PrivateKey(bio, key_.get(), nullptr, nullptr, 0, nullptr,
                               nullptr);
    });
  }

 private:
  template <typename Write>
  static std::string Pem(Write write) {
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(
        BIO_new(BIO_s_mem()), BIO_free_all);
    write(bio.get());
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return std::string(text, static_cast<std::size_t>(size));
  }

  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
  std::unique_ptr<X509, decltype(&X509_free)> certificate_;
};

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_UNIT_WEB_TEST_CERTIFICATES_H_
