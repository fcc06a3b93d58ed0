#ifndef OPERATOR_CONNECT_EXPORTER_COLLECTOR_ACCOUNT_CHANGE_H_
#define OPERATOR_CONNECT_EXPORTER_COLLECTOR_ACCOUNT_CHANGE_H_

#include "exporter/config/config.h"

namespace operator_connect::collector {

// Whether both ask the same platform for the same tenants, so that results of
// `before` are valid for `now`.
bool ReadsTheSame(const config::Account& before, const config::Account& now);

// Whether only the pace and the size of requests differ: no reason to ask the
// platform again at once.
bool DiffersInPaceAlone(const config::Account& before, config::Account now);

}  // namespace operator_connect::collector

#endif  // OPERATOR_CONNECT_EXPORTER_COLLECTOR_ACCOUNT_CHANGE_H_
