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
#include "exporter/web/turns.h"

namespace operator_connect::web {

// Checks HTTP basic authentication against bcrypt hashes. Thread-safe.
//
// A hash takes tens of milliseconds on purpose, so that answers are
// remembered: a client with the right password pays once, one that repeats a
// wrong password pays once. Few hashes are computed at once, and few requests
// wait for their turn, in which their addresses alternate: a flood of wrong
// passwords costs the machine some of its processors, never the scrapes that
// are known to be right, and no other address its first one.
class BasicAuth {
 public:
  using Users = std::map<std::string, std::string>;  // name → bcrypt hash
  enum class Verdict {
    kRight,
    kWrong,  // or missing, or not to be read
    kBusy,   // too many wait to be checked: say 503
  };
  // `at_once` hashes are computed at a time, `waiting` requests may wait.
  BasicAuth(int at_once, std::size_t waiting);
  BasicAuth();  // leaves a processor free

  // The value of an Authorization header, and the client's address without
  // its port. An unknown user takes as long as a wrong password. Blocks for
  // some hashes, at most until `deadline` (kBusy).
  Verdict Check(const Users& users, std::string_view authorization,
                const std::string& address, const Deadline& deadline);

 private:
  using Key = std::array<unsigned char, 32>;

  Key MakeKey(std::string_view user, std::string_view hash,
              std::string_view password) const;
  void Remember(const Key& key, bool right);

  const std::array<unsigned char, 32> salt_;
  Turns turns_;

  Mutex mutex_;
  // Apart, so that wrong ones can never push out right ones.
  std::set<Key> right_ OC_GUARDED_BY(mutex_);
  std::set<Key> wrong_ OC_GUARDED_BY(mutex_);
};

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_BASIC_AUTH_H_
