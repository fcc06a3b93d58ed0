#include "exporter/live_platform/numbers_paging.h"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "exporter/base/mutex.h"
#include "exporter/base/work_together.h"

namespace operator_connect::live_platform {
namespace {

using http_client::Failure;
using Places = NumbersPageReader::Places;

// A larger totalPages counts as nonsense.
constexpr std::int64_t kMaxPages = 1'000'000;

// One read of all pages. Thread-safe.
class NumbersReading {
 public:
  // All arguments outlive this.
  NumbersReading(const Places& places, WallTime now,
                 const GetNumbersPage& get_page)
      : places_(places), now_(now), get_page_(get_page) {}

  void ReadFirst() {
    NumbersPageReader reader(places_, now_);
    ReadPage(1, reader);
  }

  // Reads the other pages.
  void ReadRest(ThreadPool& pool, std::size_t workers,
                const Deadline& deadline) {
    const auto turns =
        static_cast<std::size_t>(std::max<std::int64_t>(total_pages() - 1, 0));
    WorkTogether(pool, std::min(workers, turns), turns, deadline, [this] {
      const auto reader = std::make_shared<NumbersPageReader>(places_, now_);
      return [this, reader](std::size_t turn) {
        if (wanted()) ReadPage(static_cast<int>(turn) + 2, *reader);
      };
    });
    MutexLock lock(mutex_);
    if (failure_ || all_->nameless > 0 || read_ >= total_pages_) return;
    failure_ =
        Failure{Failure::Kind::kTimeout, 0,
                std::to_string(read_) + " of " + std::to_string(total_pages_) +
                    " pages were read in time"};
  }

  // Whether nothing has failed and all numbers name their tenant.
  bool wanted() OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return !failure_ && all_->nameless == 0;
  }
  bool whole() OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return !totals_differ_ && records_ == total_records_;
  }
  std::uint64_t malformed() OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return malformed_;
  }
  Failure Incomplete() OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return Failure::Malformed("its pages have " + std::to_string(records_) +
                              " records, but totalRecords is " +
                              std::to_string(total_records_));
  }
  // Returns the result. Call once.
  Result<std::unique_ptr<AllNumbers>, Failure> Take() OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    if (failure_) return *std::move(failure_);
    return std::move(all_);
  }

 private:
  std::int64_t total_pages() OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return total_pages_;
  }

  void ReadPage(int page, NumbersPageReader& reader) OC_EXCLUDES(mutex_) {
    reader.Restart();
    const Result<Done, Failure> result = get_page_(page, reader);
    MutexLock lock(mutex_);
    malformed_ += reader.malformed();
    std::optional<Failure> failure =
        result.ok() ? TakePage(page, reader) : result.error();
    if (!failure || failure_) return;
    failure->detail = "page " + std::to_string(page) + ": " + failure->detail;
    failure_ = std::move(failure);
  }

  std::optional<Failure> TakePage(int page, const NumbersPageReader& reader)
      OC_REQUIRES(mutex_) {
    const std::int64_t total_pages = reader.total_pages().value_or(-1);
    const std::int64_t total_records = reader.total_records().value_or(-1);
    if (total_pages < 0 || total_pages > kMaxPages || total_records < 0) {
      return Failure::Malformed(
          "it has no sensible totalPages and totalRecords");
    }
    if (reader.current_page().value_or(page) != page) {
      return Failure::Malformed(
          "it says it is another page: the platform ignores PageNumber");
    }
    const auto [same, added] = pages_.emplace(reader.fingerprint(), page);
    if (!added && reader.fingerprint() != 0) {
      return Failure::Malformed("it has the same numbers as page " +
                                std::to_string(same->second) +
                                ": the platform ignores PageNumber");
    }
    if (page == 1) {
      total_pages_ = total_pages;
      total_records_ = total_records;
    }
    totals_differ_ = totals_differ_ || total_pages != total_pages_ ||
                     total_records != total_records_;
    ++read_;
    records_ += static_cast<std::int64_t>(reader.elements());
    AddNumbers(reader);
    return std::nullopt;
  }

  void AddNumbers(const NumbersPageReader& reader) OC_REQUIRES(mutex_) {
    for (const auto& [tenant, numbers] : reader.unwanted()) {
      CountNumbers(tenant, numbers, all_->unwanted);
    }
    all_->nameless += reader.nameless();
    NumberTranslator translator(reader.labels(), all_->labels);
    for (const auto& [place, tally] : reader.tallies()) {
      TenantNumbers numbers = tally.Total();
      translator.Translate(numbers);
      AddUp(numbers, all_->numbers[place]);
    }
  }

  const Places& places_;
  const WallTime now_;
  const GetNumbersPage& get_page_;

  Mutex mutex_;
  std::optional<Failure> failure_ OC_GUARDED_BY(mutex_);
  std::int64_t total_pages_ OC_GUARDED_BY(mutex_) = 0;
  std::int64_t total_records_ OC_GUARDED_BY(mutex_) = 0;
  bool totals_differ_ OC_GUARDED_BY(mutex_) = false;
  std::int64_t read_ OC_GUARDED_BY(mutex_) = 0;  // pages
  std::int64_t records_ OC_GUARDED_BY(mutex_) = 0;
  std::uint64_t malformed_ OC_GUARDED_BY(mutex_) = 0;
  // Pages by the fingerprints of their numbers.
  std::unordered_map<std::uint64_t, int> pages_ OC_GUARDED_BY(mutex_);
  std::unique_ptr<AllNumbers> all_ OC_GUARDED_BY(mutex_) =
      std::make_unique<AllNumbers>();
};

}  // namespace

Result<std::unique_ptr<AllNumbers>, Failure> ReadAllNumbers(
    const Places& places, WallTime now, const GetNumbersPage& get_page,
    ThreadPool& pool, std::size_t workers, std::uint64_t& malformed,
    const Deadline& deadline) {
  for (bool again = false;; again = true) {
    NumbersReading reading(places, now, get_page);
    reading.ReadFirst();
    if (reading.wanted()) reading.ReadRest(pool, workers, deadline);
    malformed += reading.malformed();
    if (!reading.wanted() || reading.whole()) return reading.Take();
    if (again) return reading.Incomplete();
  }
}

}  // namespace operator_connect::live_platform
