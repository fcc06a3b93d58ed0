#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_LEADS_PAGING_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_LEADS_PAGING_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "exporter/base/result.h"
#include "exporter/config/config.h"
#include "exporter/http_client/failure.h"
#include "exporter/live_platform/client.h"
#include "exporter/live_platform/lead.h"

namespace operator_connect::live_platform {

// All leads of an account, read to the last page.
struct AllLeads {
  // Each once, also those without an id, and without its key.
  std::vector<Lead> leads;
  // Likewise, those of `exclude_tenants`: for the history alone.
  std::vector<Lead> excluded;
  int pages = 0;
};

// Past these, paging is taken for endless: a platform that makes up leads must
// not take the memory of the accounts beside it.
inline constexpr int kMaxLeadPages = 5'000;
inline constexpr std::size_t kMaxLeads = 500'000;

// Asks for one page; Client::GetLeads() with its deadline bound.
using GetLeadsPage = std::function<Result<Done, http_client::Failure>(
    const Client::LeadsRequest& request, AnswerReader& reader)>;

// Reads page after page, from `account.leads.first_page`, until the last one.
// The answers have no total, so the end is known by a page that is not full,
// by its elements; a first page that is not full may come from a platform that
// lowers PageSize, and then it goes on until a page is empty or brings nothing
// new. Whole or not at all: any page that fails, and paging that does not move
// on, is a failure of the whole, its detail naming the page.
//
// Adds to `malformed` the elements that were no objects, also if it fails.
Result<AllLeads, http_client::Failure> ReadAllLeads(
    const config::Account& account, const GetLeadsPage& get_page,
    std::uint64_t& malformed);

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_LEADS_PAGING_H_
