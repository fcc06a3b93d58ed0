#include "exporter/config/web_users.h"

#include <algorithm>
#include <string_view>

#include "exporter/base/text.h"

namespace operator_connect::config {
namespace {

// $2y$, a cost from 04 to 31, then 22 characters of salt and 31 of hash.
bool IsBcrypt(std::string_view hash) {
  if (hash.size() != 60 || hash.substr(0, 2) != "$2" || hash[3] != '$' ||
      hash[6] != '$') {
    return false;
  }
  if (std::string_view("aby").find(hash[2]) == std::string_view::npos) {
    return false;
  }
  const std::string_view cost = hash.substr(4, 2);
  if (cost < "04" || cost > "31" || cost[1] < '0' || cost[1] > '9') {
    return false;
  }
  const std::string_view rest = hash.substr(7);
  return std::all_of(rest.begin(), rest.end(),
                     [](char c) { return IsAlnum(c) || c == '.' || c == '/'; });
}

// A check takes about a second, and twice as long for the next cost.
constexpr std::string_view kHighestCost = "14";

}  // namespace

std::string CheckWebUser(const std::string& name, const std::string& hash) {
  if (name.empty() || name.find(':') != std::string::npos) {
    return "a user's name must be there, and must not hold a colon; write "
           "name: hash";
  }
  if (IsBcrypt(hash)) {
    if (hash.substr(4, 2) <= kHighestCost) return "";
    return "has a bcrypt cost of " + hash.substr(4, 2) +
           ": each password's check would take seconds to days, and nothing "
           "could end it; write a hash of cost 14 at most, such as `htpasswd "
           "-nBC 10 \"\" | tr -d ':\\n'` prints";
  }
  return "is no bcrypt hash of a password; write what `htpasswd -nBC 10 \"\" | "
         "tr -d ':\\n'` prints";
}

}  // namespace operator_connect::config
