#include "exporter/base/descriptors.h"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <vector>

namespace operator_connect {
namespace {

// Restores the limit.
class Limit {
 public:
  Limit() { ::getrlimit(RLIMIT_NOFILE, &before_); }
  ~Limit() { ::setrlimit(RLIMIT_NOFILE, &before_); }

  void Set(rlim_t current) const {
    rlimit limit = before_;
    limit.rlim_cur = current;
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
  }
  static rlim_t Current() {
    rlimit limit = {};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
  }
  rlim_t most() const { return before_.rlim_max; }

 private:
  rlimit before_ = {};
};

TEST_CASE("the limit of descriptors is raised to the system's maximum") {
  const Limit limit;
  limit.Set(64);
  RaiseDescriptorLimit();
  CHECK(Limit::Current() == limit.most());
}

TEST_CASE("descriptors are scarce when half of them are in use") {
  const Limit limit;
  limit.Set(64);
  CHECK_FALSE(DescriptorsAreScarce());
  std::vector<int> open;
  while (open.size() < 48) {
    const int copy = ::dup(STDERR_FILENO);
    if (copy < 0) break;
    open.push_back(copy);
  }
  CHECK(DescriptorsAreScarce());
  for (const int copy : open) ::close(copy);
  CHECK_FALSE(DescriptorsAreScarce());
}

}  // namespace
}  // namespace operator_connect
