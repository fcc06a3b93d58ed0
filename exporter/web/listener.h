#ifndef OPERATOR_CONNECT_EXPORTER_WEB_LISTENER_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_LISTENER_H_

#include <sys/socket.h>

#include <string>
#include <vector>

#include "exporter/base/file_descriptor.h"
#include "exporter/base/listen_address.h"
#include "exporter/base/result.h"

namespace operator_connect::web {

// A listening socket, non-blocking.
struct Listener {
  FileDescriptor socket;
  std::string address;  // as bound, such as 127.0.0.1:10390 or [::]:10390
};

// Opens a socket for each address. Never shares a port with another process.
// The error names the address and what to do. Looks up names alone.
Result<std::vector<Listener>, std::string> OpenListeners(
    const std::vector<ListenAddress>& addresses);

// Advice for the error of a listener at `at`, for the end of a sentence.
// `ours`: another listener of this exporter has the port. Empty: no advice.
std::string ListenRemedy(int error, const ListenAddress& at, bool ours);

// The sockets passed by systemd (LISTEN_PID, LISTEN_FDS); empty without any.
// Removes the variables from the environment. Call once, before other threads
// start.
std::vector<Listener> TakeActivatedListeners();

// Formats 127.0.0.1:10390 or [::1]:10390. An IPv4 address of an IPv6 socket is
// shown as IPv4.
std::string FormatAddress(const sockaddr_storage& address);

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_LISTENER_H_
