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
#include "exporter/live_platform/answer_reader.h"
#include "exporter/live_platform/client.h"
#include "exporter/live_platform/lead.h"

namespace operator_connect::live_platform {

// Past these, paging is taken for endless: a platform that makes up leads must
// not take the memory of the accounts beside it.
inline constexpr int kMaxLeadPages = 5'000;
inline constexpr std::size_t kMaxLeads = 500'000;

// Asks for one page; Client::GetLeads() with its deadline bound.
using GetLeadsPage = std::function<Result<Done, http_client::Failure>(
    const Client::LeadsRequest& request, AnswerReader& reader)>;

// Tells a lead from others: its key, or without one all that is known of it.
std::string Identity(const Lead& lead);

// One read of all pages of leads.
struct LeadsReading {
  // Each once, also those without an id, and without its key.
  std::vector<Lead> leads;
  // Likewise, those of `exclude_tenants`: for the history alone.
  std::vector<Lead> excluded;
  // All of them, with the pages where they were met first, and how many: leads
  // without an id may share an identity, but each counts.
  std::unordered_map<std::string, int> met;
  std::size_t leads_met = 0;
  std::size_t pages = 0;
  std::uint64_t longest_page = 0;  // in elements
  // Not empty: leads came again on a later page, so that pages have moved and
  // others may have been missed. "page 3 repeated 4 leads of page 2"
  std::string repeats;
};

// Reads page after page from `account.leads.first_page` on, until a page is
// empty or has known leads alone; a page behind one with leads is empty too if
// it is 404, 204 or null, twice. A page that is short proves nothing. Whole or
// not at all: a page that fails, one with the same leads as the page before,
// and paging that does not end, are a failure that names the page.
//
// Adds to `malformed` the elements that were no objects, also if it fails.
Result<LeadsReading, http_client::Failure> ReadLeadsOnce(
    const config::Account& account, int page_size, bool check_online,
    const GetLeadsPage& get_page, std::uint64_t& malformed);

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_LEADS_READING_H_
