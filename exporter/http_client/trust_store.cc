#include "exporter/http_client/trust_store.h"

#include <dirent.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

#include "exporter/config/pem.h"

namespace operator_connect::http_client {
namespace {

std::string FromEnvironment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

// Whether `folder` has certificates named by the hash of their subject, such as
// 4042bcee.0.
bool IsHashed(const std::string& folder) {
  DIR* const dir = opendir(folder.c_str());
  if (dir == nullptr) return false;
  bool found = false;
  while (const dirent* const entry = readdir(dir)) {
    const std::string_view name = entry->d_name;
    if (name.size() == 10 && name[8] == '.' &&
        std::isxdigit(static_cast<unsigned char>(name[0])) &&
        std::isdigit(static_cast<unsigned char>(name[9]))) {
      found = true;
      break;
    }
  }
  closedir(dir);
  return found;
}

std::string SystemBundle() {
  constexpr const char* kDebian = "/etc/ssl/certs/ca-certificates.crt";
  const char* const built_in = X509_get_default_cert_file();
  return access(built_in, R_OK) == 0 ? built_in : kDebian;
}

void Prepare(X509_STORE* store) {
  // A trusted certificate ends the chain, whoever signed it, as in curl.
  X509_STORE_set_flags(store,
                       X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN);
  // OpenSSL reads a certificate's extensions at its first verification and
  // caches them. Doing it here avoids contention among many handshakes at once.
  const STACK_OF(X509_OBJECT)* const all = X509_STORE_get0_objects(store);
  for (int i = 0; i < sk_X509_OBJECT_num(all); ++i) {
    X509* const one = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(all, i));
    if (one != nullptr) X509_check_purpose(one, -1, 0);
  }
}

}  // namespace

TrustStore::TrustStore(std::string ca_file, const std::string& ca)
    : path_(std::move(ca_file)) {
  if (!ca.empty()) {
    given_.reset(X509_STORE_new(), X509_STORE_free);
    for (const config::Certificate& one : config::ParseCertificates(ca)) {
      X509_STORE_add_cert(given_.get(), one.get());
    }
    Prepare(given_.get());
    return;
  }
  if (!path_.empty()) return;
  path_ = FromEnvironment(X509_get_default_cert_file_env());
  if (!path_.empty()) return;
  path_ = FromEnvironment(X509_get_default_cert_dir_env());
  is_folder_ = true;
  if (!path_.empty()) return;
  path_ = X509_get_default_cert_dir();
  if (IsHashed(path_)) return;
  path_ = SystemBundle();
  is_folder_ = false;
}

Result<X509StorePtr, std::string> TrustStore::Get() {
  if (given_) return given_;
  MutexLock lock(mutex_);
  const FileStamp stamp = FileStamp::Of(path_);
  if (stamp == FileStamp()) {
    return "the certificate authorities in " + path_ +
           " cannot be read: " + std::strerror(errno);
  }
  if (store_ && stamp == stamp_) return store_;

  X509StorePtr store(X509_STORE_new(), X509_STORE_free);
  bool loaded = false;
  if (store && is_folder_) {
    X509_LOOKUP* const lookup =
        X509_STORE_add_lookup(store.get(), X509_LOOKUP_hash_dir());
    loaded = lookup != nullptr &&
             X509_LOOKUP_add_dir(lookup, path_.c_str(), X509_FILETYPE_PEM) == 1;
  } else if (store) {
    loaded = X509_STORE_load_file(store.get(), path_.c_str()) == 1;
  }
  ERR_clear_error();
  if (!loaded) {
    return "the file " + path_ +
           " cannot be read or holds no certificate authority in PEM form";
  }
  Prepare(store.get());
  store_ = std::move(store);
  stamp_ = stamp;
  return store_;
}

}  // namespace operator_connect::http_client
