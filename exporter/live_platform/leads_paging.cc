#include "exporter/live_platform/leads_paging.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace operator_connect::live_platform {
namespace {

using http_client::Failure;

constexpr std::uint64_t kMaxPageSize = 20'000;
// Losing fewer tenants is no reason to doubt a response.
constexpr std::size_t kMinLost = 10;

bool SameLeads(const LeadsReading& a, const LeadsReading& b) {
  if (a.leads_met != b.leads_met || a.met.size() != b.met.size()) return false;
  return std::all_of(a.met.begin(), a.met.end(), [&](const auto& lead) {
    return b.met.contains(lead.first);
  });
}

// The page size for a second read: one that holds all leads, so that no lead
// can cross a page's border. If the platform has cut its pages, a smaller one
// instead, so that the borders differ.
int OtherPageSize(int page_size, const LeadsReading& read) {
  const auto size = static_cast<std::uint64_t>(page_size);
  const std::uint64_t larger =
      std::clamp(2 * std::uint64_t{read.leads_met}, size, kMaxPageSize);
  const bool cut = read.longest_page < size;
  if (!cut && larger > size) return static_cast<int>(larger);
  const std::uint64_t longest = std::min(size, read.longest_page);
  return static_cast<int>(
      longest == 1 ? 2 : longest - std::max(longest / 3, std::uint64_t{1}));
}

std::vector<std::string> TenantsOf(const std::vector<Lead>& leads) {
  std::vector<std::string> tenants;
  for (const Lead& lead : leads) {
    if (!lead.tenant_id.empty()) tenants.push_back(lead.tenant_id);
  }
  std::sort(tenants.begin(), tenants.end());
  tenants.erase(std::unique(tenants.begin(), tenants.end()), tenants.end());
  return tenants;
}

class Paging {
 public:
  Paging(const config::Account& account, const LeadsBefore& before,
         const GetLeadsPage& get_page, const NoteLeads& note,
         std::uint64_t& malformed)
      : account_(account),
        before_(before),
        get_page_(get_page),
        note_(note),
        malformed_(malformed),
        check_online_(account.leads.check_online) {}

  Result<AllLeads, Failure> Run() {
    Result<LeadsReading, Failure> read = ReadSteady();
    if (!read.ok()) return read.error();
    std::vector<std::string> tenants = TenantsOf(read->leads);
    const std::size_t lost = Lost(tenants);
    if (lost >= kMinLost && 2 * lost > before_.tenants.size()) {
      note_(std::to_string(lost) + " of " +
            std::to_string(before_.tenants.size()) +
            " tenants are gone; reading again");
      read = ReadSteady();
      if (!read.ok()) return read.error();
      tenants = TenantsOf(read->leads);
    }
    if (!before_.whole) {
      if (auto failure = LookBesideFirstPage(*read)) return *std::move(failure);
    }
    return AllLeads{std::move(read->leads), std::move(read->excluded),
                    std::move(tenants)};
  }

 private:
  Result<LeadsReading, Failure> Read(int page_size) {
    // The first read has started the sync.
    return ReadLeadsOnce(account_, page_size,
                         std::exchange(check_online_, false), get_page_,
                         malformed_);
  }

  // Reads all leads, and once more if pages have moved during the read.
  Result<LeadsReading, Failure> ReadSteady() {
    const int page_size = account_.leads.page_size;
    Result<LeadsReading, Failure> first = Read(page_size);
    if (!first.ok() || first->repeats.empty()) return first;
    const int other_size = OtherPageSize(page_size, *first);
    note_(first->repeats + "; reading again, " + std::to_string(other_size) +
          " a page");
    Result<LeadsReading, Failure> second = Read(other_size);
    if (!second.ok() || second->repeats.empty() || SameLeads(*first, *second)) {
      return second;
    }
    return Failure{Failure::Kind::kUnstable, 0,
                   second->repeats +
                       ", as in the read before: the platform lists leads in "
                       "no stable order; a leads.page_size that holds all "
                       "leads helps"};
  }

  std::size_t Lost(const std::vector<std::string>& tenants) const {
    std::vector<std::string> lost;
    std::set_difference(before_.tenants.begin(), before_.tenants.end(),
                        tenants.begin(), tenants.end(),
                        std::back_inserter(lost));
    return lost.size();
  }

  // Finds out whether the platform's page numbers begin elsewhere.
  std::optional<Failure> LookBesideFirstPage(const LeadsReading& read) {
    const int first = account_.leads.first_page;
    // There is no page before 0, and if page 0 has leads, page 1 was read.
    if (first == 0 && read.leads_met > 0) return std::nullopt;
    const int beside = first == 0 ? 1 : first - 1;
    LeadsPageReader reader;
    const Result<Done, Failure> asked =
        get_page_({.page_number = beside,
                   .page_size = account_.leads.page_size,
                   .check_online = false,
                   .repeat = false},
                  reader);
    if (!asked.ok()) return std::nullopt;
    const auto unmet = std::count_if(
        reader.leads().begin(), reader.leads().end(),
        [&](const Lead& lead) { return !read.met.contains(Identity(lead)); });
    if (unmet == 0) return std::nullopt;
    return Failure{
        Failure::Kind::kMalformed, 0,
        "page " + std::to_string(beside) + " has " + std::to_string(unmet) +
            " leads that no other page has: set accounts[" + account_.name +
            "].leads.first_page to " + std::to_string(beside)};
  }

  const config::Account& account_;
  const LeadsBefore& before_;
  const GetLeadsPage& get_page_;
  const NoteLeads& note_;
  std::uint64_t& malformed_;
  bool check_online_;
};

}  // namespace

Result<AllLeads, Failure> ReadAllLeads(const config::Account& account,
                                       const LeadsBefore& before,
                                       const GetLeadsPage& get_page,
                                       const NoteLeads& note,
                                       std::uint64_t& malformed) {
  return Paging(account, before, get_page, note, malformed).Run();
}

}  // namespace operator_connect::live_platform
