#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_WEB_USERS_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_WEB_USERS_H_

#include <string>

namespace operator_connect::config {

// Checks an entry of basic_auth_users: a name without a colon, and a bcrypt
// hash that takes at most about a second to check. Returns the fault, or empty
// if there is none. The fault shows nothing of the hash but its cost.
std::string CheckWebUser(const std::string& name, const std::string& hash);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_WEB_USERS_H_
