#include "exporter/collector/numbers_pages.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "exporter/base/mutex.h"
#include "exporter/base/work_together.h"
#include "exporter/live_platform/numbers_paging.h"

namespace operator_connect::collector {
namespace {

using http_client::Failure;
using live_platform::NumberLabels;
using live_platform::NumbersMet;
using live_platform::NumbersPageReader;
using live_platform::NumberTranslator;
using live_platform::TenantNumbers;
using Places = NumbersPageReader::Places;

// Past this, a platform's totalPages is taken for nonsense.
constexpr std::int64_t kMaxPages = 1'000'000;
// A sum that is not the total is read once more: records come and go.
constexpr int kReads = 2;

// How much the pages of one read held.
struct Census {
  std::uint64_t rows = 0;     // elements of all pages
  std::uint64_t records = 0;  // of these, those met for the first time
  bool operator==(const Census&) const = default;
};

// One read of all pages, of one tenant or of all. Thread-safe.
class Reading {
 public:
  // `tenant_id` empty: of all tenants.
  Reading(const NumbersContext& context, const Places& places,
          std::string tenant_id, const Deadline& deadline)
      : context_(context),
        places_(places),
        tenant_id_(std::move(tenant_id)),
        deadline_(deadline) {}

  // Reads the first page, and with it learns how many there are.
  void ReadFirst() {
    NumbersPageReader reader(places_, met_);
    ReadPage(1, reader);
  }

  // Reads the other pages with up to `workers` threads.
  void ReadRest(std::size_t workers) {
    const auto turns = static_cast<std::size_t>(pages() - 1);
    WorkTogether(context_.pool, std::min(workers, turns), turns, deadline_,
                 [this] {
                   const auto reader =
                       std::make_shared<NumbersPageReader>(places_, met_);
                   return [this, reader](std::size_t turn) {
                     if (!failed()) {
                       ReadPage(static_cast<int>(turn) + 2, *reader);
                     }
                   };
                 });
    MutexLock lock(mutex_);
    if (!failure_ && read_ < total_pages_) {
      failure_ = http_client::Failure{http_client::Failure::Kind::kTimeout, 0,
                                      std::to_string(read_) + " of " +
                                          std::to_string(total_pages_) +
                                          " pages were read in time"};
    }
  }

  bool failed() OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return failure_.has_value();
  }
  // Whether as many records were read as the platform says there are. One that
  // lists some twice for good says more: then as many rows must have been
  // read, and the same records as by the read `before`.
  bool Complete(const std::optional<Census>& before) OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    if (totals_differ_) return false;
    return census_.records == total_records_ ||
           (census_.rows == total_records_ && census_ == before);
  }

  // What came of it. Call these when all threads are done.
  const std::optional<http_client::Failure>& failure() OC_NO_ANALYSIS {
    return failure_;
  }
  std::map<std::size_t, TenantNumbers>& numbers() OC_NO_ANALYSIS {
    return numbers_;
  }
  const NumberLabels& labels() OC_NO_ANALYSIS { return labels_; }
  std::uint64_t unwanted() OC_NO_ANALYSIS { return unwanted_; }
  std::uint64_t nameless() OC_NO_ANALYSIS { return nameless_; }
  std::uint64_t malformed() OC_NO_ANALYSIS { return malformed_; }
  const Census& census() OC_NO_ANALYSIS { return census_; }
  http_client::Failure Incomplete() OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return {http_client::Failure::Kind::kMalformed, 0,
            "its pages have " + std::to_string(census_.records) +
                " records, but totalRecords is " +
                std::to_string(total_records_)};
  }

 private:
  std::int64_t pages() OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return std::max<std::int64_t>(total_pages_, 1);
  }

  void ReadPage(int page, NumbersPageReader& reader) OC_EXCLUDES(mutex_) {
    reader.Expect(page);
    reader.Restart();
    const Result<Done, http_client::Failure> result =
        context_.client.GetNumbersPage(
            {.page_number = page,
             .page_size = context_.client.account().numbers.page_size,
             .tenant_id = tenant_id_},
            reader, deadline_);
    MutexLock lock(mutex_);
    malformed_ += reader.malformed();
    std::optional<http_client::Failure> failure;
    if (!result.ok()) {
      failure = result.error();
    } else {
      failure = Take(page, reader);
    }
    if (failure && !failure_) {
      failure->detail = "page " + std::to_string(page) + ": " + failure->detail;
      failure_ = std::move(failure);
    }
  }

  std::optional<http_client::Failure> Take(int page,
                                           const NumbersPageReader& reader)
      OC_REQUIRES(mutex_) {
    const std::int64_t total_pages = reader.total_pages().value_or(-1);
    const std::int64_t total_records = reader.total_records().value_or(-1);
    if (total_pages < 0 || total_pages > kMaxPages || total_records < 0) {
      return http_client::Failure{
          http_client::Failure::Kind::kMalformed, 0,
          "it has no sensible totalPages and totalRecords"};
    }
    if (reader.current_page().value_or(page) != page) {
      return http_client::Failure{
          http_client::Failure::Kind::kMalformed, 0,
          "it says it is another page: the platform ignores "
          "PageNumber"};
    }
    if (page == 1) {
      total_pages_ = total_pages;
      total_records_ = static_cast<std::uint64_t>(total_records);
    }
    totals_differ_ =
        totals_differ_ || total_pages != total_pages_ ||
        static_cast<std::uint64_t>(total_records) != total_records_;
    ++read_;
    census_.rows += reader.elements();
    census_.records += reader.fresh() + reader.malformed();
    unwanted_ += reader.unwanted();
    nameless_ += reader.nameless();
    NumberTranslator translator(reader.labels(), labels_);
    for (const auto& [place, tally] : reader.tallies()) {
      TenantNumbers numbers = tally.Total();
      translator.Translate(numbers);
      live_platform::AddUp(numbers, numbers_[place]);
    }
    return std::nullopt;
  }

  const NumbersContext& context_;
  const Places& places_;
  const std::string tenant_id_;
  const Deadline deadline_;
  NumbersMet met_;

  Mutex mutex_;
  std::optional<http_client::Failure> failure_ OC_GUARDED_BY(mutex_);
  std::int64_t total_pages_ OC_GUARDED_BY(mutex_) = 0;
  std::uint64_t total_records_ OC_GUARDED_BY(mutex_) = 0;
  bool totals_differ_ OC_GUARDED_BY(mutex_) = false;
  std::int64_t read_ OC_GUARDED_BY(mutex_) = 0;
  Census census_ OC_GUARDED_BY(mutex_);
  std::uint64_t unwanted_ OC_GUARDED_BY(mutex_) = 0;
  std::uint64_t nameless_ OC_GUARDED_BY(mutex_) = 0;
  std::uint64_t malformed_ OC_GUARDED_BY(mutex_) = 0;
  NumberLabels labels_ OC_GUARDED_BY(mutex_);
  std::map<std::size_t, TenantNumbers> numbers_ OC_GUARDED_BY(mutex_);
};

// One tenant, page by page.
class PagedTenantReader : public TenantReader {
 public:
  PagedTenantReader(const NumbersContext& context, NumbersBuilder& builder,
                    const Deadline& deadline)
      : context_(context), builder_(builder), deadline_(deadline) {}

  void Read(std::size_t place) override {
    const Tenant& tenant = builder_.tenants()[place];
    // A number that does not name its tenant is the one's that was asked for.
    const Places places = {{tenant.id, place}, {"", place}};
    std::optional<Census> before;
    for (int read = 1;; ++read) {
      const ReadTime read_at(context_.clock);
      Reading reading(context_, places, tenant.raw, deadline_);
      reading.ReadFirst();
      if (!reading.failed()) reading.ReadRest(/*workers=*/1);
      builder_.AddMalformed(reading.malformed());
      if (reading.failed()) {
        builder_.Failed(place, *reading.failure());
      } else if (reading.unwanted() > 0) {
        builder_.Failed(place, Mismatch(reading.unwanted()));
      } else if (reading.Complete(before)) {
        builder_.Answered(place, std::move(reading.numbers()[place]),
                          reading.labels(), read_at);
      } else if (read < kReads) {
        before = reading.census();
        continue;
      } else {
        builder_.Failed(place, reading.Incomplete());
      }
      return;
    }
  }

 private:
  const NumbersContext context_;
  NumbersBuilder& builder_;
  const Deadline deadline_;
};

Places PlacesOf(const NumbersBuilder& builder) {
  Places places;
  for (std::size_t i = 0; i < builder.tenants().size(); ++i) {
    places.emplace(builder.tenants()[i].id, i);
  }
  return places;
}

void TellAll(Reading& reading, const ReadTime& read_at,
             NumbersBuilder& builder) {
  for (std::size_t place = 0; place < builder.tenants().size(); ++place) {
    builder.Answered(place, std::move(reading.numbers()[place]),
                     reading.labels(), read_at);
  }
}

}  // namespace

bool ReadAllPages(const NumbersContext& context, NumbersBuilder& builder,
                  const Deadline& deadline) {
  constexpr int kBadRequest = 400;
  const Places places = PlacesOf(builder);
  std::optional<Census> before;
  for (int read = 1;; ++read) {
    const ReadTime read_at(context.clock);
    Reading reading(context, places, "", deadline);
    reading.ReadFirst();
    const bool bad_request =
        reading.failed() &&
        reading.failure()->kind == http_client::Failure::Kind::kStatus &&
        reading.failure()->status == kBadRequest;
    if (bad_request) return false;
    if (!reading.failed() && reading.nameless() == 0) {
      reading.ReadRest(PlacesForNumbers(context.client.account()));
    }
    // Whose they are only a request for one tenant tells.
    if (!reading.failed() && reading.nameless() > 0) return false;
    builder.AddMalformed(reading.malformed());
    if (reading.failed()) {
      builder.AllFailed(*reading.failure());
    } else if (reading.Complete(before)) {
      TellAll(reading, read_at, builder);
    } else if (read < kReads) {
      before = reading.census();
      continue;
    } else {
      builder.AllFailed(reading.Incomplete());
    }
    return true;
  }
}

std::unique_ptr<TenantReader> MakePagedTenantReader(
    const NumbersContext& context, NumbersBuilder& builder,
    const Deadline& deadline) {
  return std::make_unique<PagedTenantReader>(context, builder, deadline);
}

}  // namespace operator_connect::collector
