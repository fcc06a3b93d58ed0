#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_LEADS_PAGING_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_LEADS_PAGING_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "exporter/base/result.h"
#include "exporter/config/config.h"
#include "exporter/http_client/failure.h"
#include "exporter/live_platform/lead.h"
#include "exporter/live_platform/leads_reading.h"

namespace operator_connect::live_platform {

// All leads of an account, read to the last page.
struct AllLeads {
  // As in LeadsReading.
  std::vector<Lead> leads;
  std::vector<Lead> excluded;
  // The ids of their tenants, each once, ascending.
  std::vector<std::string> tenants;
};

// The account's leads in earlier collections.
struct LeadsBefore {
  // A collection was whole since the start or a reload.
  bool whole = false;
  // AllLeads::tenants as last published.
  std::vector<std::string> tenants;
};

// Takes a line for the log about a response that was not believed at once.
using NoteLeads = std::function<void(const std::string& seen)>;

// Reads all leads with ReadLeadsOnce(), whole or not at all:
//
// - Leads that repeat on a later page show that pages have moved. All leads are
//   read once more with another page size. That read counts if it repeats no
//   lead or has the same leads as the first; else the failure is kUnstable.
// - A response that lost more than half of the tenants of `before`, at least
//   ten of them, is read once more and then believed.
// - Until a collection was whole, the page before the first is read, too. Leads
//   there that no other page has are a failure that names the key to set.
//
// Adds to `malformed` the elements that were not objects, also on failure.
Result<AllLeads, http_client::Failure> ReadAllLeads(
    const config::Account& account, const LeadsBefore& before,
    const GetLeadsPage& get_page, const NoteLeads& note,
    std::uint64_t& malformed);

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_LEADS_PAGING_H_
