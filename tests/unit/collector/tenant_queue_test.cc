#include "exporter/collector/tenant_queue.h"

#include <doctest/doctest.h>

#include <vector>

namespace operator_connect::collector {
namespace {

std::vector<std::size_t> TakeAll(TenantQueue& queue, bool failing_first) {
  std::vector<std::size_t> taken;
  for (int i = 0; i < 5; ++i) taken.push_back(queue.Take(failing_first));
  return taken;
}

const AskingOrder kOrder = {{3, 1, 4}, {2, 0}, false};
const AskingOrder kOverdue = {{3, 1, 4}, {2, 0}, true};

TEST_CASE("those that fail come last") {
  TenantQueue queue(kOrder, 7);
  CHECK(TakeAll(queue, false) == std::vector<std::size_t>{3, 1, 4, 2, 0});
}

TEST_CASE("one worker, the second to come, begins with them") {
  TenantQueue queue(kOrder, 7);
  CHECK_FALSE(queue.Join());
  CHECK(queue.Join());
  CHECK_FALSE(queue.Join());
  CHECK(TakeAll(queue, true) == std::vector<std::size_t>{2, 0, 3, 1, 4});
}

TEST_CASE("an only worker begins with one of them that is overdue") {
  TenantQueue alone(kOverdue, 1);
  CHECK(TakeAll(alone, false) == std::vector<std::size_t>{2, 3, 1, 4, 0});
  TenantQueue not_overdue(kOrder, 1);
  CHECK(TakeAll(not_overdue, false) == std::vector<std::size_t>{3, 1, 4, 2, 0});
  TenantQueue several(kOverdue, 2);
  CHECK(TakeAll(several, false) == std::vector<std::size_t>{3, 1, 4, 2, 0});
}

}  // namespace
}  // namespace operator_connect::collector
