#include "exporter/web/tls_client_names.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>

namespace operator_connect::web {
namespace {

using AllowedSans = std::vector<std::string>;

std::string ToText(const ASN1_STRING* string) {
  return std::string(
      reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
      static_cast<std::size_t>(ASN1_STRING_length(string)));
}

// Compares an address as bytes of the certificate, so that every spelling of an
// IPv6 address matches.
bool SameAddress(const GENERAL_NAME& name, const std::string& allowed) {
  ASN1_OCTET_STRING* wanted = a2i_IPADDRESS(allowed.c_str());
  if (wanted == nullptr) {
    ERR_clear_error();
    return false;
  }
  const bool same = ASN1_STRING_cmp(wanted, name.d.iPAddress) == 0;
  ASN1_OCTET_STRING_free(wanted);
  return same;
}

bool IsSan(const GENERAL_NAME& name, const std::string& allowed) {
  switch (name.type) {
    case GEN_DNS:
    case GEN_EMAIL:
    case GEN_URI:
      return ToText(name.d.ia5) == allowed;
    case GEN_IPADD:
      return SameAddress(name, allowed);
    default:
      return false;
  }
}

bool HasAllowedSan(X509* certificate, const AllowedSans& allowed) {
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(
          certificate, NID_subject_alt_name, nullptr, nullptr)),
      GENERAL_NAMES_free);
  if (!names) return false;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME& name = *sk_GENERAL_NAME_value(names.get(), i);
    for (const std::string& one : allowed) {
      if (IsSan(name, one)) return true;
    }
  }
  return false;
}

void FreeSans(void*, void* sans, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<AllowedSans*>(sans);
}

// The index of a context's allowed names.
int SansIndex() {
  static const int kIndex =
      SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, FreeSans);
  return kIndex;
}

SSL_CTX* ContextOf(X509_STORE_CTX* store) {
  auto* ssl = static_cast<SSL*>(
      X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  return SSL_get_SSL_CTX(ssl);
}

bool IsAllowed(X509* certificate, X509_STORE_CTX* store) {
  const auto* allowed = static_cast<const AllowedSans*>(
      SSL_CTX_get_ex_data(ContextOf(store), SansIndex()));
  return allowed == nullptr || HasAllowedSan(certificate, *allowed);
}

// Replaces all verification, as such a certificate needs no authority.
int CheckNamesOnly(X509_STORE_CTX* store, void*) {
  const bool allowed = IsAllowed(X509_STORE_CTX_get0_cert(store), store);
  X509_STORE_CTX_set_error(
      store, allowed ? X509_V_OK : X509_V_ERR_APPLICATION_VERIFICATION);
  return allowed ? 1 : 0;
}

// Called after OpenSSL has verified one certificate of the chain.
int CheckNamesToo(int verified, X509_STORE_CTX* store) {
  if (verified != 1 || X509_STORE_CTX_get_error_depth(store) != 0 ||
      IsAllowed(X509_STORE_CTX_get_current_cert(store), store)) {
    return verified;
  }
  X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
  return 0;
}

}  // namespace

void CheckClientNames(SSL_CTX* context, const std::vector<std::string>& allowed,
                      Vouching vouching) {
  if (!allowed.empty()) {
    SSL_CTX_set_ex_data(context, SansIndex(), new AllowedSans(allowed));
  }
  if (vouching == Vouching::kNobody) {
    SSL_CTX_set_cert_verify_callback(context, CheckNamesOnly, nullptr);
  } else {
    SSL_CTX_set_verify(context, SSL_CTX_get_verify_mode(context),
                       CheckNamesToo);
  }
}

}  // namespace operator_connect::web
