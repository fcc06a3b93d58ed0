#ifndef OPERATOR_CONNECT_EXPORTER_WEB_LISTENER_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_LISTENER_H_

#include <sys/socket.h>

#include <string>
#include <vector>

#include "exporter/base/file_descriptor.h"
#include "exporter/base/listen_address.h"
#include "exporter/base/result.h"

namespace operator_connect::web {

// A socket that listens, non-blocking.
struct Listener {
  FileDescriptor socket;
  std::string address;  // as bound, such as 127.0.0.1:10390 or [::]:10390
};

// Opens a socket for each address. A port is never shared with another
// process. The error names the address and what to do. Only a host that is a
// name is looked up.
Result<std::vector<Listener>, std::string> OpenListeners(
    const std::vector<ListenAddress>& addresses);

// What to do about the error of a listener at `at`, for the end of a sentence.
// `ours`: a listener of this exporter has the port. Empty: nothing is known.
std::string ListenRemedy(int error, const ListenAddress& at, bool ours);

// The sockets that systemd handed over (LISTEN_PID, LISTEN_FDS); none if it
// did not. Takes the variables out of the environment. Call once, before there
// are threads.
std::vector<Listener> TakeActivatedListeners();

// Such as 127.0.0.1:10390 or [::1]:10390. An IPv4 address that came through
// an IPv6 socket is shown as the IPv4 address it is.
std::string FormatAddress(const sockaddr_storage& address);

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_LISTENER_H_
