#include "exporter/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <string>

#include "exporter/base/file_descriptor.h"

namespace operator_connect {

void NotifyServiceManager(std::string_view state) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  if (path == nullptr) return;
  const std::string_view name(path);
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (name.empty() || name.size() >= sizeof address.sun_path) return;
  name.copy(address.sun_path, name.size());
  // An abstract socket is written with @ for its leading NUL.
  if (name.front() == '@') address.sun_path[0] = '\0';
  const auto size =
      static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  const FileDescriptor socket(
      ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.ok()) return;
  ::sendto(socket.get(), state.data(), state.size(), MSG_NOSIGNAL,
           reinterpret_cast<const sockaddr*>(&address), size);
}

void NotifyReloading() {
  timespec now = {};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  NotifyServiceManager("RELOADING=1\nMONOTONIC_USEC=" +
                       std::to_string(std::int64_t{now.tv_sec} * 1'000'000 +
                                      now.tv_nsec / 1000));
}

}  // namespace operator_connect
