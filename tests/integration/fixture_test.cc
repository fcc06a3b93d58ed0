#include "tests/integration/fixture.h"

#include <doctest/doctest.h>

namespace operator_connect::integration {

TEST_CASE("leaks of forbidden texts are noticed") {
  Outlet outlet;
  outlet.log().Info("test", "harmless", {{"detail", "status 401"}});
  CHECK(outlet.Leaks() == "");
  outlet.log().Info("test", "told", {{"detail", "ask Jordan"}});
  CHECK(outlet.Leaks().find("ask Jordan") != std::string::npos);
}

TEST_CASE("a whole collection gives exactly the truth") {
  CheckedStack stack;
  stack.Start();
  CHECK(simulator::Difference(stack.Truth(), stack.ScrapeEstate()) == "");
}

TEST_CASE("no request is sent before the first scrape") {
  CheckedStack stack;
  stack.Start();
  CHECK(stack.Requests({}) == 0);
}

}  // namespace operator_connect::integration
