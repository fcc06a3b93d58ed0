#include "tests/integration/fault_matrix.h"

#include <string>

#include "exporter/base/file.h"

namespace operator_connect::integration {

using simulator::EstateData;

namespace {

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
    : stack({.tenants = 12, .numbers_per_tenant = 6, .tls = tls}),
      relay(stack.simulator.port()),
      ca_file(tls ? *ReadFile(CertificateFolder() + "/ca.pem") : "") {
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

}  // namespace operator_connect::integration
