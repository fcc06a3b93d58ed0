#include "exporter/config/config_watch.h"

#include <openssl/evp.h>

#include <utility>

#include "exporter/base/file.h"
#include "exporter/config/config_file.h"

namespace operator_connect::config {
namespace {

std::string Digest(const std::string& text) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(),
             reinterpret_cast<unsigned char*>(digest.data()), &size,
             EVP_sha256(), nullptr);
  digest.resize(size);
  return digest;
}

std::string ContentOf(const std::string& path) {
  const Result<std::string, FileError> text = ReadFile(path, kMaxConfigFile);
  return text.ok() ? Digest(*text) : text.error().message;
}

}  // namespace

ConfigWatch::ConfigWatch(std::string path) : path_(std::move(path)) {
  known_[path_] = ContentOf(path_);
}

ConfigWatch::Contents ConfigWatch::Read() const {
  Contents contents;
  for (const auto& file : known_) {
    contents[file.first] = ContentOf(file.first);
  }
  return contents;
}

void ConfigWatch::BeginLoad() {
  known_ = Read();
  before_.clear();
}

bool ConfigWatch::IsUnchanged() const {
  return ContentOf(path_) == known_.at(path_);
}

void ConfigWatch::Loaded(const Config& config) {
  Contents contents;
  contents[path_] = known_.at(path_);
  const auto add = [&](const std::string& file) {
    if (!file.empty() && !contents.contains(file)) {
      contents[file] = ContentOf(file);
    }
  };
  for (const Account& account : config.accounts) {
    add(account.tls_config.ca_file);
    add(account.tls_config.cert_file);
    if (!account.oauth2) continue;
    add(account.oauth2->tls_config.ca_file);
    add(account.oauth2->tls_config.cert_file);
    add(account.oauth2->client_certificate_file);
  }
  known_ = std::move(contents);
}

ConfigWatch::Look ConfigWatch::LookAgain() {
  Contents now = Read();
  if (now == known_) {
    before_.clear();
    return Look::kSame;
  }
  if (now == before_) return Look::kChanged;
  before_ = std::move(now);
  return Look::kChanging;
}

}  // namespace operator_connect::config
