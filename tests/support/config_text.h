#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_CONFIG_TEXT_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_CONFIG_TEXT_H_

#include <string>

#include "exporter/config/load.h"

namespace operator_connect::config {

// The smallest valid account, with the indentation of a list entry; more keys
// may follow.
inline const char kAccount[] =
    "accounts:\n"
    "  - name: emea\n"
    "    base_url: https://live.example.com/tenantui\n"
    "    authorization: {credentials: hunter2}\n";

// kAccount without its credentials.
inline const char kNoCredentials[] =
    "accounts:\n"
    "  - name: emea\n"
    "    base_url: https://live.example.com/tenantui\n";

// "account" and further lines, each with the account's indentation.
inline std::string With(std::string account, const std::string& lines) {
  std::string line;
  for (const char c : lines + "\n") {
    if (c != '\n') {
      line += c;
      continue;
    }
    account += "    " + line + "\n";
    line.clear();
  }
  return account;
}

// All problems, one a line; "ok" without any.
template <typename R>
std::string Said(const R& result) {
  if (result.ok()) return "ok";
  std::string out;
  for (const Problem& problem : result.error()) {
    out += problem.ToString() + "\n";
  }
  return out;
}

inline std::string SaidOf(const std::string& yaml) {
  return Said(ParseConfig(yaml, "exporter.yml"));
}

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_CONFIG_TEXT_H_
