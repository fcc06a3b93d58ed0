#ifndef OPERATOR_CONNECT_EXPORTER_COLLECTOR_ACCOUNT_CHANGE_H_
#define OPERATOR_CONNECT_EXPORTER_COLLECTOR_ACCOUNT_CHANGE_H_

#include "exporter/config/config.h"

namespace operator_connect::collector {

// Whether both ask the same platform for the same tenants, so that results of
// `before` are results of `now`.
bool ReadsTheSame(const config::Account& before, const config::Account& now);

// Whether nothing differs but how fast and in what portions the platform is
// asked: no reason to ask it again at once.
bool DiffersInPaceAlone(const config::Account& before, config::Account now);

}  // namespace operator_connect::collector

#endif  // OPERATOR_CONNECT_EXPORTER_COLLECTOR_ACCOUNT_CHANGE_H_
