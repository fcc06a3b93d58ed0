#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_NUMBERS_READER_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_NUMBERS_READER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/live_platform/number_tally.h"
#include "exporter/live_platform/records_reader.h"

namespace operator_connect::live_platform {

// Tallies the records of numbers that both API versions answer with, while
// they arrive. Label values keep their ids over all answers that one reader
// reads, so that one reader serves a whole collection's worth of answers.
class NumberRecordTally {
 public:
  static const FieldTable& Fields();

  // The tenant that a record says it belongs to, lower case; empty if it says
  // nothing. Valid until it is asked of another record.
  const std::string& TenantOf(const Record& record);

  // What tells a number from all others: a hash of its tenant and its `id`,
  // or of its `telephoneNumber`. No value: it has neither.
  std::optional<std::uint64_t> IdentityOf(const Record& record);

  // Adds one record to `tally`.
  void Add(const Record& record, NumberTally& tally);

  const NumberLabels& labels() const { return labels_; }

 private:
  LabelIds::Id StatusOf(const Record& record);
  void AddCapabilities(const Record& record, int field, NumberCount::Kind kind,
                       LabelIds::Id status, NumberTally& tally);

  NumberLabels labels_;
  // The last record's tenant, as it was sent and in lower case: most often the
  // next one's too.
  std::string tenant_text_;
  std::string tenant_;
  std::string identity_;  // kept for its memory
  // The record that a capability was met in last: a number counts once for
  // each, however often it names it.
  std::vector<std::uint64_t> met_in_;
  std::uint64_t record_ = 0;
};

// Reads the answer to a request for the numbers of one tenant (v2).
class TenantNumbersReader : public RecordsReader {
 public:
  TenantNumbersReader();

  // Whose numbers are asked for next, lower case.
  void Expect(std::string tenant_id) { tenant_id_ = std::move(tenant_id); }

  // Of the answer read last. Numbers that say they belong to another tenant
  // are not counted but told: the platform ignored the filter.
  TenantNumbers Total() const { return tally_.Total(); }
  std::uint64_t mismatched() const { return mismatched_; }
  const NumberLabels& labels() const { return records_.labels(); }

 private:
  void OnRestart() override;
  void OnRecord(const Record& record) override;

  std::string tenant_id_;
  NumberRecordTally records_;
  NumberTally tally_;
  std::uint64_t mismatched_ = 0;
};

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_NUMBERS_READER_H_
