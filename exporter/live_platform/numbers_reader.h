#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_NUMBERS_READER_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_NUMBERS_READER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "exporter/live_platform/number_tally.h"
#include "exporter/live_platform/records_reader.h"

namespace operator_connect::live_platform {

// How many numbers there are, by the ids of their tenants in lower case.
using NumbersByTenant = std::unordered_map<std::string, std::uint64_t>;
// Adds `numbers` to those of `tenant`. Past 100,000 tenants the others share
// the empty id, so that a platform that makes up tenants takes no memory.
void CountNumbers(const std::string& tenant, std::uint64_t numbers,
                  NumbersByTenant& by_tenant);

// Tallies the records of numbers that both API versions answer with, while
// they arrive. Label values keep their ids over all answers that one reader
// reads, so that one reader serves a whole collection's worth of answers.
class NumberRecordTally {
 public:
  static const FieldTable& Fields();

  // The tenant that a record says it belongs to, lower case; empty if it says
  // nothing. Valid until it is asked of another record.
  const std::string& TenantOf(const Record& record);

  // A hash of what tells a number from all others: its tenant and its `id`, or
  // its `telephoneNumber`. 0: it has neither.
  std::uint64_t IdentityOf(const Record& record);

  // Adds one record to `tally`. `now`: the present for ages.
  void Add(const Record& record, WallTime now, NumberTally& tally);

  const NumberLabels& labels() const { return labels_; }

 private:
  LabelIds::Id StatusOf(const Record& record);
  // Counts the number once for each of the texts; false: there are none.
  bool AddTexts(const Record& record, int field, NumberCount::Kind kind,
                LabelIds::Id status, NumberTally& tally);
  void AddPlaces(const Record& record, LabelIds::Id status, NumberTally& tally);
  void AddChecks(const Record& record, NumberTally& tally);
  static void AddDates(const Record& record, LabelIds::Id status, WallTime now,
                       NumberTally& tally);

  NumberLabels labels_;
  // The last record's tenant, as it was sent and in lower case: most often the
  // next one's too.
  std::string tenant_text_;
  std::string tenant_;
  // The list of texts that an id was met in last: a number counts once for
  // each, however often it names it.
  std::vector<std::uint64_t> met_in_;
  std::uint64_t list_ = 0;
};

// Reads the answer to a request for the numbers of one tenant (v2).
class TenantNumbersReader : public RecordsReader {
 public:
  TenantNumbersReader();

  // Before each request: the tenant that is asked, in lower case, and the start
  // of the read, from which ages count.
  void Expect(std::string tenant_id, WallTime now) {
    tenant_id_ = std::move(tenant_id);
    now_ = now;
  }

  // Of the answer read last. Numbers that say they belong to another tenant
  // are not counted but told: the platform ignored the filter.
  TenantNumbers Total() const { return tally_.Total(); }
  std::uint64_t mismatched() const { return mismatched_; }
  const NumberLabels& labels() const { return records_.labels(); }

 private:
  void OnRestart() override;
  void OnRecord(const Record& record) override;

  std::string tenant_id_;
  WallTime now_;
  NumberRecordTally records_;
  NumberTally tally_;
  std::uint64_t mismatched_ = 0;
};

// Reads one page of v3's numbers:
// {"currentPage":1,"pageSize":200,"totalPages":1,"totalRecords":10,"data":[…]}
class NumbersPageReader : public RecordsReader {
 public:
  // The places of the wanted tenants by their ids, in lower case.
  using Places = std::unordered_map<std::string_view, std::size_t>;

  // `places` outlive the reader. `now`: the present for ages.
  NumbersPageReader(const Places& places, WallTime now);

  // Of the page read last; no value: it does not say.
  std::optional<std::int64_t> current_page() const { return current_page_; }
  std::optional<std::int64_t> total_pages() const { return total_pages_; }
  std::optional<std::int64_t> total_records() const { return total_records_; }
  // The same for pages with the same numbers. 0: no number has an identity.
  std::uint64_t fingerprint() const { return fingerprint_; }
  // Numbers that say they belong to a tenant that is not wanted.
  const NumbersByTenant& unwanted() const { return unwanted_; }
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
  const WallTime now_;
  NumberRecordTally records_;
  std::optional<std::int64_t> current_page_;
  std::optional<std::int64_t> total_pages_;
  std::optional<std::int64_t> total_records_;
  std::uint64_t fingerprint_ = 0;
  NumbersByTenant unwanted_;
  std::uint64_t nameless_ = 0;
  std::map<std::size_t, NumberTally> tallies_;
};

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_NUMBERS_READER_H_
