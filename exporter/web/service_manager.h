#ifndef OPERATOR_CONNECT_EXPORTER_WEB_SERVICE_MANAGER_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_SERVICE_MANAGER_H_

#include <string_view>

namespace operator_connect::web {

// Tells systemd how the service is, as sd_notify() does: one datagram to the
// socket that NOTIFY_SOCKET names, none if it names none. A `state` such as
// "READY=1" or "STOPPING=1". Never blocks; what goes wrong is nobody's loss.
void NotifyServiceManager(std::string_view state);

// The same for the begin of a reload, which must tell the time; its end is
// another READY=1.
void NotifyReloading();

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_SERVICE_MANAGER_H_
