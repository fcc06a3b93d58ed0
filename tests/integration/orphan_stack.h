#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_INTEGRATION_ORPHAN_STACK_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_INTEGRATION_ORPHAN_STACK_H_

#include <doctest/doctest.h>

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "tests/integration/fixture.h"

namespace operator_connect::integration {

inline constexpr char kFamily[] = "operator_connect_orphan_numbers";

inline double Orphaned(const Samples& samples, const char* reason) {
  return Value(samples, kFamily, {{"reason", reason}});
}
inline double Orphaned(const std::string& text, const char* reason) {
  return Value(text, kFamily, {{"reason", reason}});
}
inline double Removed(const std::string& text) {
  return Orphaned(text, "removed");
}

// Eight tenants of ten numbers; removed ones are asked once a day.
class OrphanStack : public CheckedStack {
 public:
  OrphanStack() : CheckedStack({.tenants = 8, .uniform = true}) {
    account().numbers.removed_tenants_interval = std::chrono::hours(24);
    const std::set<std::string> asked = Asked();
    tenants.assign(asked.begin(), asked.end());
  }

  void Change(const std::string& tenant,
              const std::function<void(simulator::Lead&)>& change) {
    estate().Change([&](simulator::EstateData& data) {
      for (simulator::Lead& lead : data.leads) {
        if (simulator::ToLower(lead.tenant_id.value_or("")) != tenant) continue;
        change(lead);
        lead.raw_record.clear();
      }
    });
  }
  void Remove(std::size_t tenant) {
    Change(tenants.at(tenant),
           [](simulator::Lead& lead) { lead.status = "Removed"; });
  }
  void SetNumbers(std::size_t tenant, std::size_t numbers) {
    estate().SetNumbers(
        tenants.at(tenant),
        simulator::TenantNumbers::Generated(7, tenants.at(tenant), numbers));
  }

  // Scrapes without waiting until removed tenants have that many numbers.
  bool ShowsRemoved(double numbers) {
    return ScrapeUntil([numbers](const Samples& shown) {
      return Orphaned(shown, "removed") == numbers;
    });
  }
  // Starts collections after that time, and waits until a tenant has been asked
  // that often.
  bool AsksAfter(Duration time, std::size_t tenant, std::size_t requests) {
    clock.Pass(time);
    Scrape();
    return WaitForAsks(tenant, requests);
  }
  bool WaitForAsks(std::size_t tenant, std::size_t requests) {
    return ScrapeUntil(
        [&](const Samples&) { return Asks(tenant) == requests; });
  }
  std::size_t Asks(std::size_t tenant) {
    return Requests(Match::NumbersOf(tenants.at(tenant)));
  }
  // Collects leads, and then the numbers of their tenants.
  std::string ScrapeLeadsThenNumbers() {
    PassInterval();
    Scrape();
    PassInterval();
    return Scrape();
  }
  void Fail(const Match& match) {
    simulator.AddFault(Fault::Status(match, 403));
  }

  std::vector<std::string> tenants;
};

}  // namespace operator_connect::integration

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_INTEGRATION_ORPHAN_STACK_H_
