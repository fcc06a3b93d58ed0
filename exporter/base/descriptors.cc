#include "exporter/base/descriptors.h"

#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

namespace operator_connect {

void RaiseDescriptorLimit() {
  rlimit limit = {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  // Refused, the process lives with what it has.
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

bool DescriptorsAreScarce() {
  rlimit limit = {};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
  // A new descriptor is the lowest that is free, so its number says how many
  // there are, short of gaps.
  const int lowest_free = ::eventfd(0, EFD_CLOEXEC);
  if (lowest_free < 0) return true;
  ::close(lowest_free);
  return static_cast<rlim_t>(lowest_free) > limit.rlim_cur / 2;
}

}  // namespace operator_connect
