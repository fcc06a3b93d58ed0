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

// Counts of numbers by the ids of their tenants, in lower case.
using NumbersByTenant = std::unordered_map<std::string, std::uint64_t>;
// Adds `numbers` to those of `tenant`. After 100,000 tenants the others share
// the empty id: a platform that invents tenants takes no memory.
void CountNumbers(const std::string& tenant, std::uint64_t numbers,
                  NumbersByTenant& by_tenant);

// Tallies records of numbers, of both API versions, as they arrive. Label
// values keep their ids over all responses of one reader, so one reader can
// serve a whole collection.
class NumberRecordTally {
 public:
  static const FieldTable& Fields();

  // The tenant that a record names, in lower case; empty if it names none.
  // Valid until the next call.
  const std::string& TenantOf(const Record& record);

  // A hash of a number's identity: its tenant and its `id`, else its
  // `telephoneNumber`. 0: it has neither.
  std::uint64_t IdentityOf(const Record& record);

  // Adds one record to `tally`. `now` is the present for ages.
  void Add(const Record& record, WallTime now, NumberTally& tally);

  const NumberLabels& labels() const { return labels_; }

 private:
  LabelIds::Id StatusOf(const Record& record);
  // Counts the number once for each of the texts. False: there are none.
  bool AddTexts(const Record& record, int field, NumberCount::Kind kind,
                LabelIds::Id status, NumberTally& tally);
  void AddPlaces(const Record& record, LabelIds::Id status, NumberTally& tally);
  void AddChecks(const Record& record, NumberTally& tally);
  static void AddDates(const Record& record, LabelIds::Id status, WallTime now,
                       NumberTally& tally);

  NumberLabels labels_;
  // The last record's tenant, as it was sent and in lower case: the next record
  // mostly has the same.
  std::string tenant_text_;
  std::string tenant_;
  // The last list in which an id occurred: a number counts once for each id,
  // however often it names it.
  std::vector<std::uint64_t> met_in_;
  std::uint64_t list_ = 0;
};

// Reads the response to a request for the numbers of one tenant (v2).
class TenantNumbersReader : public RecordsReader {
 public:
  TenantNumbersReader();

  // Call before each request, with the tenant that is asked, in lower case, and
  // the start of the read, from which ages count.
  void Expect(std::string tenant_id, WallTime now) {
    tenant_id_ = std::move(tenant_id);
    now_ = now;
  }

  // Of the last response. Numbers that name another tenant are only counted as
  // mismatched: the platform ignored the filter.
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
  // The indexes of the wanted tenants by their ids, in lower case.
  using Places = std::unordered_map<std::string_view, std::size_t>;

  // `places` outlive the reader. `now` is the present for ages.
  NumbersPageReader(const Places& places, WallTime now);

  // Of the last page; nullopt: it is not in the page.
  std::optional<std::int64_t> current_page() const { return current_page_; }
  std::optional<std::int64_t> total_pages() const { return total_pages_; }
  std::optional<std::int64_t> total_records() const { return total_records_; }
  // Equal for pages with the same numbers. 0: no number has an identity.
  std::uint64_t fingerprint() const { return fingerprint_; }
  // Numbers of tenants that are not wanted.
  const NumbersByTenant& unwanted() const { return unwanted_; }
  // Numbers that do not name their tenant, unless such are wanted.
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
