#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_BENCH_LEADS_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_BENCH_LEADS_H_

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>

#include "exporter/base/clock.h"
#include "exporter/live_platform/lead.h"

// Leads that are the same in each run, for counts of instructions.

namespace operator_connect {

inline std::string BenchId(unsigned kind, std::size_t index) {
  char text[64];
  std::snprintf(text, sizeof text, "%08zx-6cbd-484d-b4ba-%04x%08zx",
                index * 2654435761u % 0xffffffffu, kind, index);
  return text;
}

inline std::string BenchTenant(std::size_t index) { return BenchId(2, index); }

// An active lead; three of four have a license.
inline live_platform::Lead BenchLead(std::size_t index) {
  live_platform::Lead lead;
  lead.key = lead.id = BenchId(1, index);
  lead.tenant_id = lead.tenant = BenchTenant(index);
  lead.company = "Northwind Logistics GmbH " + std::to_string(index);
  lead.status = live_platform::kLeadActive;
  lead.licensed = index % 4 != 0;
  lead.consented = WallTime(std::chrono::seconds(1700000000 + index));
  lead.modified = WallTime(std::chrono::seconds(1750000000 + index));
  return lead;
}

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_BENCH_LEADS_H_
