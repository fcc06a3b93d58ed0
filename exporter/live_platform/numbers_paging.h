#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_NUMBERS_PAGING_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_NUMBERS_PAGING_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "exporter/base/mutex.h"
#include "exporter/live_platform/number_tally.h"
#include "exporter/live_platform/numbers_reader.h"
#include "exporter/live_platform/records_reader.h"

namespace operator_connect::live_platform {

// What the pages of one read of v3's numbers share: which tenants are wanted,
// and which numbers were met, so that one that moves from page to page between
// two requests counts once. It remembers 12 bytes a number, in a table that is
// a third to two thirds full. Thread-safe.
class NumbersMet {
 public:
  NumbersMet() = default;
  NumbersMet(const NumbersMet&) = delete;
  NumbersMet& operator=(const NumbersMet&) = delete;

  // An attempt to read a page begins; its number is told by its records.
  std::uint32_t BeginAttempt(int page) OC_EXCLUDES(mutex_);
  // True if the number is to be counted: it was met on no other page, and not
  // yet by this attempt.
  bool Meet(std::uint64_t identity, std::uint32_t attempt) OC_EXCLUDES(mutex_);

 private:
  static constexpr std::uint64_t kEmpty = 0;

  std::size_t Find(std::uint64_t identity) const OC_REQUIRES(mutex_);
  void Grow() OC_REQUIRES(mutex_);

  Mutex mutex_;
  std::vector<int> pages_ OC_GUARDED_BY(mutex_);  // by attempt
  // An open hash table: who was met, and by which attempt.
  std::vector<std::uint64_t> identities_ OC_GUARDED_BY(mutex_);
  std::vector<std::uint32_t> attempts_ OC_GUARDED_BY(mutex_);
  std::size_t used_ OC_GUARDED_BY(mutex_) = 0;
};

// Reads one page of v3's numbers:
// {"currentPage":1,"pageSize":200,"totalPages":1,"totalRecords":10,"data":[…]}
class NumbersPageReader : public RecordsReader {
 public:
  // The places of the wanted tenants by their ids, in lower case.
  using Places = std::unordered_map<std::string_view, std::size_t>;

  // Both outlive the reader.
  NumbersPageReader(const Places& places, NumbersMet& met);

  // Which page is read next.
  void Expect(int page) { page_ = page; }

  // Of the page read last; no value: it does not say.
  std::optional<std::int64_t> current_page() const { return current_page_; }
  std::optional<std::int64_t> total_pages() const { return total_pages_; }
  std::optional<std::int64_t> total_records() const { return total_records_; }
  // Elements that were met for the first time, wanted or not.
  std::uint64_t fresh() const { return fresh_; }
  // Numbers that say they belong to a tenant that is not wanted.
  std::uint64_t unwanted() const { return unwanted_; }
  // Numbers that do not say whose they are, unless such are wanted.
  std::uint64_t nameless() const { return nameless_; }
  // The wanted tenants' numbers on the page, by place.
  const std::map<std::size_t, NumberTally>& tallies() const { return tallies_; }
  const NumberLabels& labels() const { return records_.labels(); }

 private:
  void OnRestart() override;
  void OnRecord(const Record& record) override;
  void OnPageMember(std::string_view name,
                    std::optional<std::int64_t> value) override;

  const Places& places_;
  NumbersMet& met_;
  NumberRecordTally records_;
  int page_ = 1;
  std::uint32_t attempt_ = 0;
  std::optional<std::int64_t> current_page_;
  std::optional<std::int64_t> total_pages_;
  std::optional<std::int64_t> total_records_;
  std::uint64_t fresh_ = 0;
  std::uint64_t unwanted_ = 0;
  std::uint64_t nameless_ = 0;
  std::map<std::size_t, NumberTally> tallies_;
};

// Adds what one page says of a tenant's numbers to what others said; the ids
// of both are of the same tables.
void AddUp(const TenantNumbers& part, TenantNumbers& sum);

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_NUMBERS_PAGING_H_
