#include "exporter/live_platform/leads_reading.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "exporter/live_platform/labels.h"

namespace operator_connect::live_platform {
namespace {

using http_client::Failure;

// Passes a body on, and detects whether it is the word null.
class NullWatch : public ResponseReader {
 public:
  explicit NullWatch(ResponseReader& reader) : reader_(reader) {}

  void Restart() override {
    start_.clear();
    reader_.Restart();
  }
  bool Read(std::string_view piece) override {
    start_ += piece.substr(0, kEnough - std::min(kEnough, start_.size()));
    return reader_.Read(piece);
  }
  std::optional<Failure> Finish() override { return reader_.Finish(); }

  bool null() const {
    constexpr std::string_view kSpace = " \t\r\n";
    const std::size_t begin = start_.find_first_not_of(kSpace);
    if (begin == std::string::npos) return false;
    const std::size_t end = start_.find_last_not_of(kSpace) + 1;
    return std::string_view(start_).substr(begin, end - begin) == "null";
  }

 private:
  static constexpr std::size_t kEnough = 64;
  ResponseReader& reader_;
  std::string start_;
};

// Whether a platform without more leads may respond like this.
bool MayBeEmpty(const Failure& failure, bool null) {
  constexpr int kNoContent = 204;
  constexpr int kNotFound = 404;
  return null ||
         (failure.kind == Failure::Kind::kStatus &&
          (failure.status == kNoContent || failure.status == kNotFound));
}

class PageReading {
 public:
  PageReading(const config::Account& account, int page_size, bool check_online,
              const GetLeadsPage& get_page, std::uint64_t& malformed)
      : account_(account),
        page_size_(page_size),
        check_online_(check_online),
        get_page_(get_page),
        malformed_(malformed),
        excluded_(account.exclude_tenants.begin(),
                  account.exclude_tenants.end()) {}

  Result<LeadsReading, Failure> Run() {
    for (int number = account_.leads.first_page; !done_; ++number) {
      if (read_.pages >= static_cast<std::size_t>(kMaxLeadPages) ||
          read_.leads_met > kMaxLeads) {
        return Failure::Malformed("paging does not end: " +
                                  std::to_string(read_.pages) + " pages read");
      }
      std::optional<Failure> failure = ReadPage(number);
      if (!failure) failure = JudgePage(number);
      if (failure) {
        failure->detail =
            "page " + std::to_string(number) + ": " + failure->detail;
        return *std::move(failure);
      }
    }
    return std::move(read_);
  }

 private:
  // Reads a page into reader_. nullopt: success.
  std::optional<Failure> ReadPage(int number) {
    const bool first = number == account_.leads.first_page;
    for (bool again = false;; again = true) {
      NullWatch watch(reader_);
      const Result<Done, Failure> read =
          get_page_({.page_number = number,
                     .page_size = page_size_,
                     .check_online = check_online_ && first},
                    watch);
      malformed_ += reader_.malformed();
      if (!read.ok()) {
        if (first || !MayBeEmpty(read.error(), watch.null())) {
          return read.error();
        }
        if (!again) continue;
        reader_.Restart();
      }
      ++read_.pages;
      return std::nullopt;
    }
  }

  // Checks the page in reader_ and takes its leads. nullopt: success, and done_
  // tells whether it was the last page.
  std::optional<Failure> JudgePage(int number) {
    read_.longest_page = std::max(read_.longest_page, reader_.elements());
    if (reader_.elements() == 0) {
      done_ = true;
      return std::nullopt;
    }
    const auto [same, is_new] = pages_.emplace(Fingerprint(), number);
    if (is_new) {
      done_ = TakeLeads(number) == 0;
      last_elements_ = reader_.elements();
      return std::nullopt;
    }
    if (same->second == number - 1) {
      return Failure::Malformed(
          "it has the same leads as the page before: the platform "
          "ignores PageNumber");
    }
    // The platform starts over after its last page. If the page before was
    // full, it may not have been the last: other page borders will tell.
    if (last_elements_ == read_.longest_page && read_.repeats.empty()) {
      read_.repeats = "page " + std::to_string(number) +
                      " has the same leads as page " +
                      std::to_string(same->second);
    }
    done_ = true;
    return std::nullopt;
  }

  // Equal for pages with the same leads, in any order and with any repeats.
  std::uint64_t Fingerprint() const {
    const std::hash<std::string> hash;
    std::vector<std::uint64_t> leads;
    leads.reserve(reader_.leads().size());
    for (const Lead& lead : reader_.leads()) {
      leads.push_back(hash(Identity(lead)));
    }
    std::sort(leads.begin(), leads.end());
    leads.erase(std::unique(leads.begin(), leads.end()), leads.end());
    return hash(std::string(reinterpret_cast<const char*>(leads.data()),
                            leads.size() * sizeof(leads.front())));
  }

  // Takes the new leads of the page and returns their number.
  std::size_t TakeLeads(int number) {
    std::size_t added = 0;
    std::size_t repeated = 0;
    int repeated_page = 0;
    for (Lead& lead : reader_.leads()) {
      const auto [met, is_new] = read_.met.emplace(Identity(lead), number);
      if (!is_new && !lead.key.empty()) {
        if (met->second == number) continue;
        if (repeated == 0) repeated_page = met->second;
        if (met->second == repeated_page) ++repeated;
        continue;
      }
      ++added;
      if (!account_.leads.company) lead.company.clear();
      // The key is only needed while paging.
      lead.key.clear();
      const bool excluded = excluded_.contains(IdKey(lead.tenant));
      (excluded ? read_.excluded : read_.leads).push_back(std::move(lead));
    }
    read_.leads_met += added;
    if (repeated > 0 && read_.repeats.empty()) {
      read_.repeats = "page " + std::to_string(number) + " repeated " +
                      std::to_string(repeated) +
                      (repeated == 1 ? " lead" : " leads") + " of page " +
                      std::to_string(repeated_page);
    }
    return added;
  }

  const config::Account& account_;
  const int page_size_;
  const bool check_online_;
  const GetLeadsPage& get_page_;
  std::uint64_t& malformed_;
  const std::unordered_set<std::string> excluded_;
  LeadsPageReader reader_;
  LeadsReading read_;
  std::unordered_map<std::uint64_t, int> pages_;  // by fingerprint
  std::uint64_t last_elements_ = 0;               // of the last new page
  bool done_ = false;
};

}  // namespace

std::string Identity(const Lead& lead) {
  if (!lead.key.empty()) return lead.key;
  std::string identity = lead.tenant + '\n' + lead.company + '\n' + lead.status;
  for (const std::optional<WallTime>& time : {lead.consented, lead.modified}) {
    identity += '\n';
    if (time) identity += std::to_string(time->time_since_epoch().count());
  }
  return identity;
}

Result<LeadsReading, Failure> ReadLeadsOnce(const config::Account& account,
                                            int page_size, bool check_online,
                                            const GetLeadsPage& get_page,
                                            std::uint64_t& malformed) {
  return PageReading(account, page_size, check_online, get_page, malformed)
      .Run();
}

}  // namespace operator_connect::live_platform
