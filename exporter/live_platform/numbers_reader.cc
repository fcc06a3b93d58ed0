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
  kIsoCountryCode,
  kLocationId,
  kCivicAddressId,
  kSource,
  kCallingProfileId,
  kAcquiredOn,
  kAslsct,
  kWhenCreated,
  kSbcName,
  kSbcFqdn,
  kSbcId,
};

constexpr std::int64_t kFirstFailureCode = 400;
constexpr std::size_t kMaxTenants = 100'000;

// Whether an id as it was sent has that label, without a copy for the usual id.
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

// The id of a text; without one the first id, which stands for that.
LabelIds::Id IdOf(std::string_view text, LabelIds& ids) {
  return text.empty() ? LabelIds::Id{0} : ids.Find(text);
}

}  // namespace

void CountNumbers(const std::string& tenant, std::uint64_t numbers,
                  NumbersByTenant& by_tenant) {
  const bool full =
      by_tenant.size() >= kMaxTenants && !by_tenant.contains(tenant);
  by_tenant[full ? std::string() : tenant] += numbers;
}

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
      {"isoCountryCode"},
      {"locationId"},
      {"civicAddressId"},
      {"source"},
      {"callingProfileId"},
      {"acquiredOn"},
      {"aslsct"},
      {"whenCreated"},
      {"sbcList", "sbcName", true},
      {"sbcList", "fqdn", true},
      {"sbcList", "sbcId", true},
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

void NumberRecordTally::Add(const Record& record, WallTime now,
                            NumberTally& tally) {
  tally.CountNumber();
  const LabelIds::Id status = StatusOf(record);
  tally.Count(NumberCount::Kind::kStatus, status, 0);
  AddTexts(record, kAcquiredCapabilities, NumberCount::Kind::kAcquired, status,
           tally);
  AddTexts(record, kAvailableCapabilities, NumberCount::Kind::kAvailable, 0,
           tally);
  tally.Count(
      NumberCount::Kind::kAcquiredStatus, 0,
      IdOf(record.Text(kAcquiredNumberStatus), labels_.acquired_statuses));
  AddPlaces(record, status, tally);
  AddChecks(record, tally);
  AddDates(record, status, now, tally);
}

LabelIds::Id NumberRecordTally::StatusOf(const Record& record) {
  const std::string_view status =
      record.Text(kAssignmentStatus, IsKnownAssignmentStatus);
  return status.empty() ? kUnknownAssignment
                        : labels_.assignment_statuses.Find(status);
}

bool NumberRecordTally::AddTexts(const Record& record, int field,
                                 NumberCount::Kind kind, LabelIds::Id status,
                                 NumberTally& tally) {
  ++list_;
  bool any = false;
  LabelIds& values = *ValuesOf(kind, labels_);
  record.ForEachText(field, [&](std::string_view text) {
    any = true;
    const LabelIds::Id id = values.Find(text);
    if (id >= met_in_.size()) met_in_.resize(id + 1u);
    if (met_in_[id] == list_) return;
    met_in_[id] = list_;
    tally.Count(kind, status, id);
  });
  return any;
}

// Counts the number by country and emergency location, source, calling profile
// and SBC.
void NumberRecordTally::AddPlaces(const Record& record, LabelIds::Id status,
                                  NumberTally& tally) {
  using Kind = NumberCount::Kind;
  const bool located =
      !record.Id(kLocationId).empty() || !record.Id(kCivicAddressId).empty();
  tally.Count(
      located ? Kind::kCountry : Kind::kNoLocation, status,
      IdOf(record.Text(kIsoCountryCode, IsCountryCode), labels_.countries));
  tally.Count(Kind::kSource, status,
              IdOf(record.Text(kSource), labels_.sources));
  tally.Count(Kind::kProfile, status,
              IdOf(record.Id(kCallingProfileId), labels_.profiles));
  if (!AddTexts(record, kSbcName, Kind::kSbc, status, tally)) {
    tally.Count(Kind::kSbc, status, 0);
  }
}

void NumberRecordTally::AddChecks(const Record& record, NumberTally& tally) {
  tally.CountCheck(record.Time(kAslcht));
  std::string_view code = record.Text(kAslvCode);
  if (code.empty()) code = record.Text(kAlsvCode);
  tally.Count(NumberCount::Kind::kCode, 0, IdOf(code, labels_.codes));
  if (code == "200") return;  // like most
  if (ToInteger(code).value_or(0) >= kFirstFailureCode) tally.CountFailure();
}

void NumberRecordTally::AddDates(const Record& record, LabelIds::Id status,
                                 WallTime now, NumberTally& tally) {
  const std::optional<WallTime> acquired = record.Time(kAcquiredOn);
  if (acquired) tally.CountAcquired(*acquired, now);
  if (status != kUnassigned) return;
  std::optional<WallTime> since = record.Time(kAslsct);
  if (!since) since = acquired;
  if (!since) since = record.Time(kWhenCreated);
  if (since) tally.CountIdle(*since, now);
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
  records_.Add(record, now_, tally_);
}

NumbersPageReader::NumbersPageReader(const Places& places, WallTime now)
    : RecordsReader(NumberRecordTally::Fields(), Shape::kPage),
      places_(places),
      now_(now) {}

void NumbersPageReader::OnRestart() {
  current_page_.reset();
  total_pages_.reset();
  total_records_.reset();
  fingerprint_ = 0;
  unwanted_.clear();
  nameless_ = 0;
  tallies_.clear();
}

void NumbersPageReader::OnRecord(const Record& record) {
  // A sum: the order on the page does not matter.
  fingerprint_ += records_.IdentityOf(record);
  const std::string& tenant = records_.TenantOf(record);
  const auto place = places_.find(tenant);
  if (place == places_.end()) {
    if (tenant.empty()) {
      ++nameless_;
    } else {
      CountNumbers(tenant, 1, unwanted_);
    }
    return;
  }
  records_.Add(record, now_, tallies_[place->second]);
}

void NumbersPageReader::OnPageMember(std::string_view name,
                                     std::optional<std::int64_t> value) {
  if (name == "currentPage") current_page_ = value;
  if (name == "totalPages") total_pages_ = value;
  if (name == "totalRecords") total_records_ = value;
}

}  // namespace operator_connect::live_platform
