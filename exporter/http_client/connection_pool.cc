#include "exporter/http_client/connection_pool.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "exporter/base/descriptors.h"

namespace operator_connect::http_client {
namespace {

constexpr Duration kMaxIdle = std::chrono::seconds(90);

}  // namespace

std::unique_ptr<HttpConnection> ConnectionPool::Take() {
  std::vector<Idle> old;  // closed without the lock
  {
    MutexLock lock(mutex_);
    const SteadyTime limit = clock_.Steady() - kMaxIdle;
    const auto young =
        std::find_if(idle_.begin(), idle_.end(),
                     [limit](const Idle& idle) { return idle.since > limit; });
    std::move(idle_.begin(), young, std::back_inserter(old));
    idle_.erase(idle_.begin(), young);
    if (!idle_.empty()) {
      std::unique_ptr<HttpConnection> newest =
          std::move(idle_.back().connection);
      idle_.pop_back();
      return newest;
    }
  }
  return transport_->Connect();
}

void ConnectionPool::Give(std::unique_ptr<HttpConnection> connection) {
  // With thousands of accounts, idle connections could take all descriptors
  // from the next request.
  if (DescriptorsAreScarce()) return;
  MutexLock lock(mutex_);
  idle_.push_back({std::move(connection), clock_.Steady()});
}

}  // namespace operator_connect::http_client
