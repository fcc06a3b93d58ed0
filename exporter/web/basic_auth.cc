#include "exporter/web/basic_auth.h"

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "exporter/base/text.h"
#include "exporter/web/http.h"

namespace operator_connect::web {
namespace {

constexpr std::size_t kMostRemembered = 256;
constexpr std::size_t kLongestHeader = 4096;
constexpr std::size_t kMostWaiting = 16;

int HashesAtOnce() {
  const int processors = static_cast<int>(std::thread::hardware_concurrency());
  return std::clamp(processors - 1, 1, 4);
}

std::array<unsigned char, 32> RandomSalt() {
  std::array<unsigned char, 32> salt = {};
  RAND_bytes(salt.data(), static_cast<int>(salt.size()));
  return salt;
}

std::optional<std::string> DecodeBase64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  std::string out(text.size() / 4 * 3, '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  // EVP_DecodeBlock counts padding as bytes.
  std::size_t padding = 0;
  while (padding < 2 && text[text.size() - 1 - padding] == '=') ++padding;
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

struct Credentials {
  std::string user;
  std::string password;
};

std::optional<Credentials> Parse(std::string_view authorization) {
  constexpr std::string_view kScheme = "Basic ";
  if (authorization.size() > kLongestHeader ||
      authorization.size() < kScheme.size() ||
      !EqualIgnoringCase(authorization.substr(0, kScheme.size()), kScheme)) {
    return std::nullopt;
  }
  const auto decoded = DecodeBase64(authorization.substr(kScheme.size()));
  if (!decoded) return std::nullopt;
  const auto colon = decoded->find(':');
  // The C library would end the password at a NUL.
  if (colon == std::string::npos || decoded->find('\0') != std::string::npos) {
    return std::nullopt;
  }
  return Credentials{decoded->substr(0, colon), decoded->substr(colon + 1)};
}

bool MatchesHash(const std::string& password, const std::string& hash) {
  const auto data = std::make_unique<crypt_data>();
  const char* made = crypt_r(password.c_str(), hash.c_str(), data.get());
  return made != nullptr && std::strlen(made) == hash.size() &&
         CRYPTO_memcmp(made, hash.data(), hash.size()) == 0;
}

}  // namespace

BasicAuth::BasicAuth() : BasicAuth(HashesAtOnce(), kMostWaiting) {}

BasicAuth::BasicAuth(int at_once, std::size_t waiting)
    : at_once_(at_once), most_waiting_(waiting), salt_(RandomSalt()) {}

BasicAuth::Verdict BasicAuth::Check(const Users& users,
                                    std::string_view authorization,
                                    const Deadline& deadline) {
  const std::optional<Credentials> given = Parse(authorization);
  if (!given || users.empty()) return Verdict::kWrong;
  const auto user = users.find(given->user);
  const bool known = user != users.end();
  const std::string& hash = known ? user->second : users.begin()->second;
  const Key key = MakeKey(given->user, hash, given->password);
  {
    MutexLock lock(mutex_);
    if (right_.count(key) > 0) return Verdict::kRight;
    if (wrong_.count(key) > 0) return Verdict::kWrong;
  }
  if (!BeginHash(deadline)) return Verdict::kBusy;
  const bool matches = MatchesHash(given->password, hash);
  EndHash();
  const bool right = known && matches;
  Remember(key, right);
  return right ? Verdict::kRight : Verdict::kWrong;
}

std::size_t BasicAuth::waiting() const {
  MutexLock lock(mutex_);
  return waiting_;
}

bool BasicAuth::BeginHash(const Deadline& deadline) {
  // A stop must wake the wait. Taking the lock ensures that the wait sees it.
  const std::stop_callback wake(deadline.stop(), [this] {
    MutexLock lock(mutex_);
    changed_.NotifyAll();
  });
  MutexLock lock(mutex_);
  if (hashing_ >= at_once_ && waiting_ >= most_waiting_) return false;
  ++waiting_;
  while (hashing_ >= at_once_ && !deadline.expired()) {
    changed_.WaitUntil(mutex_, deadline.at());
  }
  --waiting_;
  if (hashing_ >= at_once_) return false;
  ++hashing_;
  return true;
}

void BasicAuth::EndHash() {
  MutexLock lock(mutex_);
  --hashing_;
  changed_.NotifyAll();
}

// A key reveals nothing to a later reader of the memory.
BasicAuth::Key BasicAuth::MakeKey(std::string_view user, std::string_view hash,
                                  std::string_view password) const {
  std::string text(reinterpret_cast<const char*>(salt_.data()), salt_.size());
  for (std::string_view part : {user, hash, password}) {
    text.append(std::to_string(part.size())).append(":").append(part);
  }
  Key key = {};
  EVP_Digest(text.data(), text.size(), key.data(), nullptr, EVP_sha256(),
             nullptr);
  OPENSSL_cleanse(text.data(), text.size());
  return key;
}

void BasicAuth::Remember(const Key& key, bool right) {
  MutexLock lock(mutex_);
  std::set<Key>& keys = right ? right_ : wrong_;
  // Keys are random, so the first is a random victim.
  if (keys.size() >= kMostRemembered) keys.erase(keys.begin());
  keys.insert(key);
}

}  // namespace operator_connect::web
