#include "tests/simulator/live.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/simulator/http.h"
#include "tests/simulator/simulator.h"
#include "tests/simulator/truth.h"
#include "tests/support/test_client.h"

namespace operator_connect::simulator {
namespace {

constexpr char kLeads[] = "/tenantui/api/v2/oc/lead";

void Fill(Platform& platform) {
  GenerateOptions options;
  options.tenants = 25;
  options.uniform = true;
  platform.estate().Replace(Generate(options));
}

// The numbers that an exporter requests.
std::size_t CountNumbers(Platform& platform) {
  std::size_t count = 0;
  const EstateSnapshot data = platform.estate().Snapshot();
  for (const std::string& tenant : AskedTenants(*data, {})) {
    const auto numbers = data->numbers.find(tenant);
    if (numbers != data->numbers.end()) count += numbers->second.size();
  }
  return count;
}

}  // namespace

TEST_CASE("a live estate changes while it is read") {
  Simulator simulator;
  Fill(simulator.account());
  const std::string token = simulator.account().IssueToken();
  const auto version = [&] {
    return simulator.account().estate().Snapshot()->version;
  };
  const std::uint64_t before = version();
  Live live(simulator, 1);
  live.Start(2000);
  const Deadline deadline = Deadline::After(std::chrono::seconds(60));
  while (version() < before + 200 && !deadline.expired()) {
    CHECK(StatusOf(Get(simulator, kLeads, token)) == 200);
  }
  CHECK(version() >= before + 200);
}

TEST_CASE("the second account loses a quarter of its numbers at once") {
  Simulator simulator;
  Platform& second = simulator.AddAccount("second");
  Fill(second);
  Live live(simulator, 1);
  for (int step = 1; step < 30; ++step) {
    const std::size_t before = CountNumbers(second);
    live.Step();
    CAPTURE(step);
    CHECK(CountNumbers(second) * 10 > before * 9);
  }
  const std::size_t before = CountNumbers(second);
  live.Step();
  CHECK(CountNumbers(second) * 4 <= before * 3);
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
  Live live(simulator, 1);
  int step = 0;
  const auto step_to = [&](int target) {
    for (; step < target; ++step) live.Step();
  };

  step_to(5);  // seven of ten requests for numbers
  int throttled = 0;
  for (int i = 0; i < 100; ++i)
    throttled += status(numbers_url, revoked) == 429;
  CHECK(throttled > 0);
  CHECK(throttled < 100);
  CHECK(status(lead_url, revoked) == 200);

  step_to(20);
  for (int i = 0; i < 100; ++i) CHECK(status(numbers_url, revoked) == 200);

  step_to(25);
  CHECK(status(lead_url, revoked) == 401);

  step_to(45);
  CHECK(status(lead_url, third.IssueToken()) == 500);
  CHECK(status(numbers_url, third.IssueToken()) == 200);

  step_to(125);
  CHECK(status(lead_url, third.IssueToken()) == 200);
}

}  // namespace operator_connect::simulator
