#include "exporter/exposition/freshness.h"

#include <doctest/doctest.h>

namespace operator_connect::exposition {
namespace {

using namespace std::chrono_literals;

const SteadyTime kNow{100h};

TEST_CASE("a count is in use to the end of its lifetime, and no longer") {
  Freshness freshness(kNow);
  CHECK(freshness.InUse(kNow - 1h, 1h));
  CHECK_FALSE(freshness.InUse(kNow - 1h - 1ns, 1h));
  CHECK_FALSE(freshness.InUse(std::nullopt, 1h));
}

TEST_CASE("the result holds until the first count in use is too old") {
  Freshness freshness(kNow);
  CHECK(freshness.valid_until() == SteadyTime::max());
  freshness.InUse(kNow - 2h, 1h);  // not in use
  CHECK(freshness.valid_until() == SteadyTime::max());
  freshness.InUse(kNow - 10min, 1h);
  freshness.InUse(kNow - 30min, 1h);
  freshness.InUse(kNow - 20min, 1h);
  CHECK(freshness.valid_until() == kNow + 30min);
}

TEST_CASE("the longest lifetime never ends") {
  Freshness freshness(kNow);
  CHECK(freshness.InUse(kNow, Duration::max()));
  CHECK(freshness.valid_until() == SteadyTime::max());
}

}  // namespace
}  // namespace operator_connect::exposition
