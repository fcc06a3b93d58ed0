#include "exporter/base/descriptors.h"

#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

namespace operator_connect {

void RaiseDescriptorLimit() {
  rlimit limit = {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  // If it is refused, the process keeps its present limit.
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

bool DescriptorsAreScarce() {
  rlimit limit = {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
  // The kernel gives the lowest free number, so the number of a new descriptor
  // tells how many are in use, apart from gaps.
  const int lowest_free = ::eventfd(0, EFD_CLOEXEC);
  if (lowest_free < 0) return true;
  ::close(lowest_free);
  return static_cast<rlim_t>(lowest_free) > limit.rlim_cur / 2;
}

}  // namespace operator_connect
