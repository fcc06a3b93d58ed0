#ifndef OPERATOR_CONNECT_EXPORTER_WEB_BASIC_AUTH_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_BASIC_AUTH_H_

#include <array>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "exporter/base/clock.h"
#include "exporter/base/mutex.h"

namespace operator_connect::web {

// Checks HTTP basic authentication against bcrypt hashes. Thread-safe.
//
// A hash takes tens of milliseconds by design, so verdicts are remembered: a
// client that repeats a password, right or wrong, pays for one hash. Few hashes
// are computed at once, and few requests wait for one. A flood of wrong
// passwords occupies some of the processors, but never delays passwords that
// are known to be right.
class BasicAuth {
 public:
  using Users = std::map<std::string, std::string>;  // name → bcrypt hash
  enum class Verdict {
    kRight,
    kWrong,  // or missing, or not to be read
    kBusy,   // too many requests wait for a check: 503
  };
  // Computes `at_once` hashes at a time; lets `waiting` requests wait.
  BasicAuth(int at_once, std::size_t waiting);
  BasicAuth();  // leaves a processor free

  // `authorization` is the value of the header. An unknown user takes as long
  // as a wrong password. Waits for other hashes until `deadline` at the latest
  // (kBusy), and then computes its own.
  Verdict Check(const Users& users, std::string_view authorization,
                const Deadline& deadline) OC_EXCLUDES(mutex_);
  // Requests that wait now.
  std::size_t waiting() const OC_EXCLUDES(mutex_);

 private:
  using Key = std::array<unsigned char, 32>;

  Key MakeKey(std::string_view user, std::string_view hash,
              std::string_view password) const;
  // Whether a hash may be computed now; EndHash() must follow.
  bool BeginHash(const Deadline& deadline) OC_EXCLUDES(mutex_);
  void EndHash() OC_EXCLUDES(mutex_);
  void Remember(const Key& key, bool right) OC_EXCLUDES(mutex_);

  const int at_once_;
  const std::size_t most_waiting_;
  const std::array<unsigned char, 32> salt_;

  mutable Mutex mutex_;
  CondVar changed_;
  int hashing_ OC_GUARDED_BY(mutex_) = 0;
  std::size_t waiting_ OC_GUARDED_BY(mutex_) = 0;
  // Separate sets, so that wrong passwords never displace right ones.
  std::set<Key> right_ OC_GUARDED_BY(mutex_);
  std::set<Key> wrong_ OC_GUARDED_BY(mutex_);
};

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_BASIC_AUTH_H_
