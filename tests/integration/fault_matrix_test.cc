#include "tests/integration/fault_matrix.h"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

namespace operator_connect::integration {

using simulator::EstateData;

namespace {

// Most of a row's time is spent waiting.
constexpr std::size_t kThreads = 40;

std::string AtPort(std::string url, std::uint16_t from, std::uint16_t to) {
  const std::string old = ":" + std::to_string(from) + "/";
  return url.replace(url.find(old), old.size(), ":" + std::to_string(to) + "/");
}

}  // namespace

std::string ToString(Part part) {
  switch (part) {
    case Part::kLeads:
      return "leads";
    case Part::kTenant:
      return "numbers of one";
    case Part::kNumbers:
      return "numbers";
    case Part::kToken:
      return "token";
    case Part::kPlatform:
      return "leads, numbers";
  }
  return "";
}

Bench::Bench(Part part, bool tls, Duration request_timeout)
    : stack({.tenants = 8, .numbers_per_tenant = 6, .tls = tls}),
      relay(stack.simulator.port()),
      ca_file(tls ? ReadFile(CertificateFolder() + "/ca.pem") : "") {
  config::Account& account = stack.account();
  account.leads.page_size = 3;
  account.concurrency = 4;
  account.request_timeout = request_timeout;
  account.max_response_bytes = std::uint64_t{2} << 20;
  if (part == Part::kToken) {
    account.oauth2->token_url =
        AtPort(account.oauth2->token_url, stack.simulator.port(), relay.port());
    if (tls) account.oauth2->tls_config.ca_file = ca_file.path();
  } else if (part == Part::kPlatform) {
    stack.UseBearer();
    account.base_url =
        AtPort(account.base_url, stack.simulator.port(), relay.port());
    if (tls) account.tls_config.ca_file = ca_file.path();
  }
  stack.estate().Change([&](EstateData& data) {
    for (const simulator::Lead& lead : data.leads) {
      const std::string id = simulator::ToLower(lead.tenant_id.value_or(""));
      data.numbers[id] = simulator::TenantNumbers::Generated(3, id, 6);
    }
  });
  tenant = *stack.Asked().begin();
}

TEST_CASE("every fault is told, and costs no more than it must") {
  const std::vector<Row> rows = FaultRows();
  std::vector<std::string> verdicts(rows.size());
  std::atomic<std::size_t> next = 0;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (std::size_t row = next++; row < rows.size(); row = next++) {
        verdicts[row] = RunRow(rows[row]);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::printf("%-34s %-15s %-6s %-24s %s\n", "fault", "hits", "scheme",
              "reason", "verdict");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    std::printf("%-34s %-15s %-6s %-24s %s\n", row.fault.c_str(),
                ToString(row.part).c_str(), row.tls ? "https" : "http",
                row.reason.empty() ? "none: no harm" : row.reason.c_str(),
                verdicts[i].empty() ? "ok" : "WRONG");
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CAPTURE(rows[i].fault);
    CAPTURE(ToString(rows[i].part));
    CAPTURE(rows[i].tls);
    CHECK(verdicts[i] == "");
  }
}

}  // namespace operator_connect::integration
