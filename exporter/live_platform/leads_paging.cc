#include "exporter/live_platform/leads_paging.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "exporter/live_platform/labels.h"

namespace operator_connect::live_platform {
namespace {

// What tells a lead from another on the page next to it. One without an id is
// told by what else it has.
std::string Identity(const Lead& lead) {
  if (!lead.key.empty()) return lead.key;
  std::string identity = lead.tenant + '\n' + lead.company + '\n' + lead.status;
  for (const std::optional<WallTime>& time : {lead.consented, lead.modified}) {
    identity += '\n';
    if (time) identity += std::to_string(time->time_since_epoch().count());
  }
  return identity;
}

class Paging {
 public:
  Paging(const config::Account& account, const GetLeadsPage& get_page,
         std::uint64_t& malformed)
      : account_(account),
        get_page_(get_page),
        malformed_(malformed),
        excluded_(account.exclude_tenants.begin(),
                  account.exclude_tenants.end()) {}

  Result<AllLeads, http_client::Failure> Run();

 private:
  // Reads a page into reader_. Nothing: it went well.
  std::optional<http_client::Failure> ReadPage(int number);
  // Judges the page in reader_ and takes its leads. Nothing: it went well,
  // and done_ says whether it was the last.
  std::optional<http_client::Failure> TakePage(int number);
  // Takes the leads of the page that were not met before; returns how many.
  std::size_t TakeLeads();
  // Nothing came from the first page: is the account empty, or does the
  // platform count its pages from another number?
  std::optional<http_client::Failure> LookBesideFirstPage();
  http_client::Failure Describe(int number, http_client::Failure failure) const;

  const config::Account& account_;
  const GetLeadsPage& get_page_;
  std::uint64_t& malformed_;
  const std::unordered_set<std::string> excluded_;
  LeadsPageReader reader_;
  AllLeads all_;
  std::unordered_set<std::string> keys_;
  std::size_t leads_met_ = 0;             // each once, also those without an id
  std::vector<std::string> page_before_;  // the identities on it, each once
  bool lowered_ = false;  // the platform may serve smaller pages than asked
  bool done_ = false;
};

Result<AllLeads, http_client::Failure> Paging::Run() {
  for (int number = account_.leads.first_page; !done_; ++number) {
    if (all_.pages >= kMaxLeadPages || leads_met_ > kMaxLeads) {
      return http_client::Failure{
          http_client::Failure::Kind::kMalformed, 0,
          "paging does not end: " + std::to_string(all_.pages) + " pages read"};
    }
    std::optional<http_client::Failure> failure = ReadPage(number);
    if (!failure) failure = TakePage(number);
    if (failure) return Describe(number, *std::move(failure));
  }
  return std::move(all_);
}

std::optional<http_client::Failure> Paging::ReadPage(int number) {
  const bool first = number == account_.leads.first_page;
  const Result<Done, http_client::Failure> read =
      get_page_({.page_number = number,
                 .page_size = account_.leads.page_size,
                 .check_online = account_.leads.check_online && first},
                reader_);
  malformed_ += reader_.malformed();
  if (!read.ok()) return read.error();
  ++all_.pages;
  return std::nullopt;
}

std::optional<http_client::Failure> Paging::TakePage(int number) {
  const bool first = number == account_.leads.first_page;
  const std::uint64_t elements = reader_.elements();
  const bool full =
      elements >= static_cast<std::uint64_t>(account_.leads.page_size);
  if (elements == 0) {
    done_ = true;
    return first ? LookBesideFirstPage() : std::nullopt;
  }
  std::vector<std::string> identities;
  for (const Lead& lead : reader_.leads()) identities.push_back(Identity(lead));
  std::sort(identities.begin(), identities.end());
  // A lead that is on a page twice makes no other page of it.
  identities.erase(std::unique(identities.begin(), identities.end()),
                   identities.end());
  if (!first && identities == page_before_) {
    return http_client::Failure{
        http_client::Failure::Kind::kMalformed, 0,
        "it has the same leads as the page before: the platform "
        "ignores PageNumber"};
  }
  page_before_ = std::move(identities);
  const std::size_t added = TakeLeads();
  if (first) lowered_ = !full;
  if (lowered_) {
    done_ = added == 0;
  } else if (full && added == 0) {
    return http_client::Failure{
        http_client::Failure::Kind::kMalformed, 0,
        "it is full and has only leads of earlier pages: the "
        "platform repeats its pages"};
  } else {
    done_ = !full;
  }
  return std::nullopt;
}

std::size_t Paging::TakeLeads() {
  std::size_t added = 0;
  for (Lead& lead : reader_.leads()) {
    // The key is needed no longer than the paging: a lead is kept without it.
    if (!lead.key.empty() && !keys_.insert(std::move(lead.key)).second) {
      continue;
    }
    lead.key.clear();
    if (!account_.leads.company) lead.company.clear();
    ++added;
    ++leads_met_;
    const bool excluded = excluded_.contains(IdKey(lead.tenant));
    (excluded ? all_.excluded : all_.leads).push_back(std::move(lead));
  }
  return added;
}

std::optional<http_client::Failure> Paging::LookBesideFirstPage() {
  // Nothing is before page 0, but a platform that counts from 1 may answer it
  // with an empty page.
  const int first = account_.leads.first_page;
  const int beside = first == 0 ? 1 : first - 1;
  const Result<Done, http_client::Failure> read =
      get_page_({.page_number = beside,
                 .page_size = account_.leads.page_size,
                 .check_online = false,
                 .repeat = false},
                reader_);
  if (!read.ok() || reader_.leads().empty()) return std::nullopt;
  return http_client::Failure{
      http_client::Failure::Kind::kMalformed, 0,
      "it is empty, but page " + std::to_string(beside) +
          " has leads: set leads.first_page to " + std::to_string(beside)};
}

http_client::Failure Paging::Describe(int number,
                                      http_client::Failure failure) const {
  failure.detail = "page " + std::to_string(number) + ": " + failure.detail;
  return failure;
}

}  // namespace

Result<AllLeads, http_client::Failure> ReadAllLeads(
    const config::Account& account, const GetLeadsPage& get_page,
    std::uint64_t& malformed) {
  return Paging(account, get_page, malformed).Run();
}

}  // namespace operator_connect::live_platform
