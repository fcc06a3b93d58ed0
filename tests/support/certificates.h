#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_CERTIFICATES_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_CERTIFICATES_H_

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

namespace operator_connect {

// A certificate and its key.
struct Identity {
  std::shared_ptr<EVP_PKEY> key;
  std::shared_ptr<X509> certificate;

  std::string CertificatePem() const {
    return Pem(
        [this](BIO* bio) { PEM_write_bio_X509(bio, certificate.get()); });
  }
  std::string KeyPem() const {
    return Pem([this](BIO* bio) {
      PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr,
                               nullptr);
    });
  }

 private:
  template <typename Write>
  static std::string Pem(const Write& write) {
    BIO* const bio = BIO_new(BIO_s_mem());
    write(bio);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    std::string text(data, static_cast<std::size_t>(size));
    BIO_free(bio);
    return text;
  }
};

struct IdentityOptions {
  std::string name = "localhost";
  std::string alternative_names = "DNS:localhost,IP:127.0.0.1";
  long valid_from = -3600;  // seconds from now
  long valid_to = 3600;
  bool authority = false;
  bool rsa = false;
};

// Signed by `issuer`; null: self-signed.
inline Identity MakeIdentity(const IdentityOptions& options,
                             const Identity* issuer = nullptr) {
  Identity made;
  made.key.reset(options.rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256"),
                 EVP_PKEY_free);
  X509* const x509 = X509_new();
  made.certificate.reset(x509, X509_free);
  static long serial = 1;
  X509_set_version(x509, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), serial++);
  X509_gmtime_adj(X509_getm_notBefore(x509), options.valid_from);
  X509_gmtime_adj(X509_getm_notAfter(x509), options.valid_to);
  X509_set_pubkey(x509, made.key.get());
  X509_NAME* const name = X509_get_subject_name(x509);
  X509_NAME_add_entry_by_txt(
      name, "CN", MBSTRING_ASC,
      reinterpret_cast<const unsigned char*>(options.name.c_str()), -1, -1, 0);
  X509_set_issuer_name(x509,
                       issuer == nullptr
                           ? name
                           : X509_get_subject_name(issuer->certificate.get()));
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer == nullptr ? x509 : issuer->certificate.get(),
                 x509, nullptr, nullptr, 0);
  const auto extend = [&](int nid, const std::string& value) {
    X509_EXTENSION* const extension =
        X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    X509_add_ext(x509, extension, -1);
    X509_EXTENSION_free(extension);
  };
  extend(NID_basic_constraints,
         options.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  extend(NID_subject_key_identifier, "hash");
  if (issuer != nullptr) extend(NID_authority_key_identifier, "keyid");
  if (!options.authority && !options.alternative_names.empty()) {
    extend(NID_subject_alt_name, options.alternative_names);
  }
  X509_sign(x509, issuer == nullptr ? made.key.get() : issuer->key.get(),
            EVP_sha256());
  return made;
}

// A server's TLS settings with `identity`. With `clients`, demands a client
// certificate signed by it.
inline std::shared_ptr<SSL_CTX> MakeServerTls(
    const Identity& identity, const Identity* clients = nullptr) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()),
                                   SSL_CTX_free);
  SSL_CTX_use_certificate(context.get(), identity.certificate.get());
  SSL_CTX_use_PrivateKey(context.get(), identity.key.get());
  if (clients != nullptr) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()),
                        clients->certificate.get());
    SSL_CTX_set_verify(context.get(),
                       SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                       nullptr);
  }
  return context;
}

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_CERTIFICATES_H_
