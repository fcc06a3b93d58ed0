#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_LEADS_READING_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_LEADS_READING_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "exporter/base/result.h"
#include "exporter/config/config.h"
#include "exporter/http_client/failure.h"
#include "exporter/live_platform/client.h"
#include "exporter/live_platform/lead.h"
#include "exporter/live_platform/response_reader.h"

namespace operator_connect::live_platform {

// Beyond these limits paging counts as endless: a platform that invents leads
// must not take the memory of other accounts.
inline constexpr int kMaxLeadPages = 5'000;
inline constexpr std::size_t kMaxLeads = 500'000;

// Reads one page: Client::GetLeads() with a bound deadline.
using GetLeadsPage = std::function<Result<Done, http_client::Failure>(
    const Client::LeadsRequest& request, ResponseReader& reader)>;

// Identifies a lead: its key, or without one all of its fields.
std::string Identity(const Lead& lead);

// One read of all pages of leads.
struct LeadsReading {
  // Each lead once, also those without an id; the keys are removed.
  std::vector<Lead> leads;
  // The leads of `exclude_tenants` in the same form, for the history alone.
  std::vector<Lead> excluded;
  // All leads with the page of their first occurrence, and their number: leads
  // without an id can share an identity, but each counts.
  std::unordered_map<std::string, int> met;
  std::size_t leads_met = 0;
  std::size_t pages = 0;
  std::uint64_t longest_page = 0;  // in elements
  // Not empty: leads were repeated on a later page, so pages have moved, or
  // the platform starts over too early, and leads may be missing.
  // "page 3 repeated 4 leads of page 2"
  std::string repeats;
};

// Reads page after page from `account.leads.first_page` on, until a page is
// empty or has only known leads. After a page with leads, two responses of 404,
// 204 or null count as an empty page. A short page proves nothing. Whole or not
// at all: a failed page, a page with the same leads as the page before, and
// endless paging are failures that name the page.
//
// Adds to `malformed` the elements that were not objects, also on failure.
Result<LeadsReading, http_client::Failure> ReadLeadsOnce(
    const config::Account& account, int page_size, bool check_online,
    const GetLeadsPage& get_page, std::uint64_t& malformed);

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_LEADS_READING_H_
