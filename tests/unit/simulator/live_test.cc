#include "tests/live_platform/live.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>

#include "tests/live_platform/http.h"
#include "tests/live_platform/simulator.h"
#include "tests/unit/simulator/test_client.h"

namespace operator_connect::simulator {
namespace {

constexpr char kLeads[] = "/tenantui/api/v2/oc/lead";

void Fill(Platform& platform) {
  GenerateOptions options;
  options.tenants = 25;
  options.uniform = true;
  platform.estate().Replace(Generate(options));
}

std::size_t CountNumbers(Platform& platform) {
  std::size_t count = 0;
  const EstateSnapshot data = platform.estate().Snapshot();
  for (const auto& [tenant, numbers] : data->numbers) {
    count += numbers.size();
  }
  return count;
}

// Asks until it is true; false after a minute.
bool ComesTrue(const std::function<bool()>& condition) {
  const Deadline deadline = Deadline::After(std::chrono::seconds(60));
  while (!condition()) {
    if (deadline.expired()) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("a live estate moves while it is read") {
  Simulator simulator;
  Fill(simulator.account());
  const std::string token = simulator.account().IssueToken();
  const std::uint64_t before = simulator.account().estate().Snapshot()->version;
  const Live live(simulator, 1, 2000);
  CHECK(ComesTrue([&] {
    CHECK(StatusOf(Get(simulator, kLeads, token)) == 200);
    return simulator.account().estate().Snapshot()->version >= before + 200;
  }));
}

TEST_CASE("the second account loses a quarter of its numbers at once") {
  Simulator simulator;
  Platform& second = simulator.AddAccount("second");
  Fill(second);
  std::size_t before = CountNumbers(second);
  const Live live(simulator, 1, 200);
  CHECK(ComesTrue([&] {
    const std::size_t now = CountNumbers(second);
    const bool fell = now * 4 <= before * 3 + 3;
    before = now;
    return fell;
  }));
}

TEST_CASE(
    "the third account is throttled, then locked out, then has no leads") {
  Simulator simulator;
  simulator.AddAccount("second");
  Platform& third = simulator.AddAccount("third");
  Fill(third);
  const std::string lead_url = "/third" + std::string(kLeads);
  const std::string tenant = third.estate().Snapshot()->numbers.begin()->first;
  const std::string numbers_url =
      "/third/tenantui/api/v2/oc/numbers?msTenantId=" + tenant;
  const auto status = [&](const std::string& url, const std::string& token) {
    return StatusOf(Get(simulator, url, token));
  };
  const std::string revoked = third.IssueToken();
  const Live live(simulator, 1, 100);
  CHECK(ComesTrue([&] { return status(numbers_url, revoked) == 429; }));
  CHECK(ComesTrue([&] { return status(lead_url, revoked) == 401; }));
  CHECK(ComesTrue([&] { return status(lead_url, third.IssueToken()) == 500; }));
  // And all of it heals.
  CHECK(ComesTrue([&] { return status(lead_url, third.IssueToken()) == 200; }));
}

}  // namespace operator_connect::simulator
