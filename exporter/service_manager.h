#ifndef OPERATOR_CONNECT_EXPORTER_SERVICE_MANAGER_H_
#define OPERATOR_CONNECT_EXPORTER_SERVICE_MANAGER_H_

#include <string_view>

namespace operator_connect {

// Reports a state to systemd as sd_notify() does: one datagram to the socket
// named by NOTIFY_SOCKET, if any. `state` is such as "READY=1" or "STOPPING=1".
// Never blocks; errors are ignored.
void NotifyServiceManager(std::string_view state);

// Reports the begin of a reload, which includes the time. Another READY=1
// reports its end.
void NotifyReloading();

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_SERVICE_MANAGER_H_
