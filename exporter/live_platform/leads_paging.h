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
  // As LeadsReading has them.
  std::vector<Lead> leads;
  std::vector<Lead> excluded;
  // The ids of their tenants, each once, in ascending order.
  std::vector<std::string> tenants;
};

// What is known of the account's leads from earlier collections.
struct LeadsBefore {
  // One was whole since the start or a reload.
  bool whole = false;
  // AllLeads::tenants last published.
  std::vector<std::string> tenants;
};

// A line for the log about an answer that was not believed at once.
using NoteLeads = std::function<void(const std::string& seen)>;

// Reads all leads by ReadLeadsOnce(), whole or not at all:
//
// - Leads that came again on a later page show that pages moved. All is read
//   once more with another page size, and is taken if nothing came again then
//   or both reads have the same leads; else the failure is kUnstable.
// - An answer that lost more than half of the tenants of `before`, and ten at
//   least, is read once more and then believed.
// - Until a collection was whole, the page before the first is asked too; leads
//   there that no other page has are a failure that names the key to set.
//
// Adds to `malformed` the elements that were no objects, also if it fails.
Result<AllLeads, http_client::Failure> ReadAllLeads(
    const config::Account& account, const LeadsBefore& before,
    const GetLeadsPage& get_page, const NoteLeads& note,
    std::uint64_t& malformed);

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_LEADS_PAGING_H_
