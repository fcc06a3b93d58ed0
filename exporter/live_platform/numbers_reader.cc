#include "exporter/live_platform/numbers_reader.h"

#include <functional>
#include <string_view>

namespace operator_connect::live_platform {
namespace {

// In the order of NumberRecordTally::Fields().
enum NumberField {
  kTenantId,
  kAssignmentStatus,
  kAcquiredCapabilities,
  kAvailableCapabilities,
  kAcquiredNumberStatus,
  kAslcht,
  kAslvCode,
  kAlsvCode,
  kId,
  kTelephoneNumber,
};

constexpr std::int64_t kFirstFailureCode = 400;

// Whether an id as it was sent is that label, without making one of it.
bool SameId(std::string_view id, std::string_view label) {
  if (id == label) return true;
  if (id.size() != label.size()) return IdLabel(id) == label;
  for (std::size_t i = 0; i < id.size(); ++i) {
    const char c = id[i];
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    if (lower != label[i]) return false;
  }
  return true;
}

}  // namespace

const FieldTable& NumberRecordTally::Fields() {
  static const FieldTable kFields = {
      {"tenantId"},
      {"assignmentStatus"},
      {"acquiredCapabilities"},
      {"availableCapabilities"},
      {"acquiredNumberStatus"},
      {"aslcht"},
      {"aslvCode"},
      {"alsvcode"},
      {"id"},
      {"telephoneNumber"},
  };
  return kFields;
}

const std::string& NumberRecordTally::TenantOf(const Record& record) {
  const std::string_view text = record.Text(kTenantId);
  if (text != tenant_text_) {
    tenant_text_ = text;
    tenant_ = IdLabel(text);
  }
  return tenant_;
}

std::uint64_t NumberRecordTally::IdentityOf(const Record& record) {
  std::string_view text = record.Text(kId);
  if (text.empty()) text = record.Text(kTelephoneNumber);
  if (text.empty()) return 0;
  const std::hash<std::string_view> hash;
  return (31 * hash(TenantOf(record)) + hash(text)) | 1;
}

void NumberRecordTally::Add(const Record& record, NumberTally& tally) {
  ++record_;
  tally.CountNumber();
  const LabelIds::Id status = StatusOf(record);
  tally.Count(NumberCount::Kind::kStatus, status, 0);
  AddCapabilities(record, kAcquiredCapabilities, NumberCount::Kind::kAcquired,
                  status, tally);
  ++record_;
  AddCapabilities(record, kAvailableCapabilities, NumberCount::Kind::kAvailable,
                  0, tally);
  const std::string_view acquired = record.Text(kAcquiredNumberStatus);
  tally.Count(
      NumberCount::Kind::kAcquiredStatus,
      labels_.acquired_statuses.Find(acquired.empty() ? kUnknown : acquired),
      0);
  tally.CountCheck(record.Time(kAslcht));
  std::optional<std::int64_t> code = record.Integer(kAslvCode);
  if (!code) code = record.Integer(kAlsvCode);
  if (code && *code >= kFirstFailureCode) tally.CountFailure();
}

LabelIds::Id NumberRecordTally::StatusOf(const Record& record) {
  const std::string_view status =
      record.Text(kAssignmentStatus, IsKnownAssignmentStatus);
  return labels_.assignment_statuses.Find(status.empty() ? kUnknown : status);
}

void NumberRecordTally::AddCapabilities(const Record& record, int field,
                                        NumberCount::Kind kind,
                                        LabelIds::Id status,
                                        NumberTally& tally) {
  record.ForEachText(field, [&](std::string_view text) {
    const LabelIds::Id capability = labels_.capabilities.Find(text);
    if (capability >= met_in_.size()) met_in_.resize(capability + 1u);
    if (met_in_[capability] == record_) return;
    met_in_[capability] = record_;
    tally.Count(kind, status, capability);
  });
}

TenantNumbersReader::TenantNumbersReader()
    : RecordsReader(NumberRecordTally::Fields()) {}

void TenantNumbersReader::OnRestart() {
  tally_.Clear();
  mismatched_ = 0;
}

void TenantNumbersReader::OnRecord(const Record& record) {
  const std::string_view tenant = record.Text(kTenantId);
  if (!tenant.empty() && !SameId(tenant, tenant_id_)) {
    ++mismatched_;
    return;
  }
  records_.Add(record, tally_);
}

NumbersPageReader::NumbersPageReader(const Places& places)
    : RecordsReader(NumberRecordTally::Fields(), Shape::kPage),
      places_(places) {}

void NumbersPageReader::OnRestart() {
  current_page_.reset();
  total_pages_.reset();
  total_records_.reset();
  fingerprint_ = 0;
  unwanted_ = 0;
  nameless_ = 0;
  tallies_.clear();
}

void NumbersPageReader::OnRecord(const Record& record) {
  // The order on the page does not matter.
  fingerprint_ += records_.IdentityOf(record);
  const std::string& tenant = records_.TenantOf(record);
  const auto place = places_.find(tenant);
  if (place == places_.end()) {
    ++(tenant.empty() ? nameless_ : unwanted_);
    return;
  }
  records_.Add(record, tallies_[place->second]);
}

void NumbersPageReader::OnPageMember(std::string_view name,
                                     std::optional<std::int64_t> value) {
  if (name == "currentPage") current_page_ = value;
  if (name == "totalPages") total_pages_ = value;
  if (name == "totalRecords") total_records_ = value;
}

}  // namespace operator_connect::live_platform
