// Any bytes as the numbers of a tenant, in pieces of any size: the streaming
// reader has the same verdict and the same counts as a plain parse of the whole
// document.

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "exporter/live_platform/labels.h"
#include "exporter/live_platform/numbers_reader.h"
#include "tests/fuzz/pieces.h"
#include "tests/fuzz/plain_json.h"

namespace {

using namespace operator_connect;
using namespace operator_connect::live_platform;
using plain_json::Member;
using plain_json::Require;
using plain_json::Value;

constexpr char kTenant[] = "1f";

// Kind, assignment status, value of the kind.
using Key = std::tuple<NumberCount::Kind, std::string, std::string>;

struct Expected {
  std::map<Key, std::uint32_t> counts;
  std::uint64_t numbers = 0;
  std::uint64_t never_checked = 0;
  std::uint64_t failed = 0;
  std::uint64_t mismatched = 0;
};

std::string CodeOf(const Value& record) {
  const std::string code = plain_json::Text(Member(record, "aslvCode"));
  return code.empty() ? plain_json::Text(Member(record, "alsvcode")) : code;
}

bool IsFailure(const Value& record) {
  const std::string code = plain_json::Trimmed(CodeOf(record));
  return plain_json::IntegerOf(code).value_or(0) >= 400;
}

// The label of a field's text; `absent` without one.
std::string LabelOf(const Value& record, const char* name,
                    std::string_view absent) {
  const std::string text = plain_json::Text(Member(record, name));
  return text.empty() ? std::string(absent) : LabelValue(text);
}

bool HasId(const Value& record, const char* name) {
  const Value* id = Member(record, name);
  return id != nullptr && !id->IsBool() &&
         plain_json::IsId(plain_json::Text(id, plain_json::IsId));
}

std::string SbcName(const Value& sbc) {
  for (const char* name : {"sbcName", "fqdn", "sbcId"}) {
    const std::string text = plain_json::Text(Member(sbc, name));
    if (!text.empty()) return text;
  }
  return "";
}

std::set<std::string> SbcsOf(const Value* list) {
  std::set<std::string> names;
  const auto add = [&](const std::string& text) {
    if (!text.empty()) names.insert(LabelValue(text));
  };
  if (list != nullptr && list->IsObject()) {
    add(SbcName(*list));
  } else if (list != nullptr && list->IsArray()) {
    for (const Value& item : list->GetArray()) {
      add(item.IsObject() ? SbcName(item) : plain_json::Scalar(item));
    }
  } else {
    for (const auto& text : plain_json::Parts(list)) add(text);
  }
  if (names.empty()) names.emplace(kNone);
  return names;
}

void CountPlaces(const Value& record, const std::string& status,
                 Expected& expected) {
  using Kind = NumberCount::Kind;
  const bool located =
      HasId(record, "locationId") || HasId(record, "civicAddressId");
  ++expected.counts[{located ? Kind::kCountry : Kind::kNoLocation, status,
                     CountryLabel(plain_json::Text(
                         Member(record, "isoCountryCode"), IsCountryCode))}];
  ++expected
        .counts[{Kind::kSource, status, LabelOf(record, "source", kOcsync)}];
  ++expected.counts[{
      Kind::kProfile, status,
      HasId(record, "callingProfileId")
          ? IdLabel(plain_json::Text(Member(record, "callingProfileId"),
                                     plain_json::IsId))
          : std::string(kNone)}];
  for (const std::string& sbc : SbcsOf(Member(record, "sbcList"))) {
    ++expected.counts[{Kind::kSbc, status, sbc}];
  }
  const std::string code = CodeOf(record);
  ++expected.counts[{Kind::kCode, "",
                     code.empty() ? std::string(kUnknown) : LabelValue(code)}];
}

void Count(const Value& record, Expected& expected) {
  const std::string tenant =
      IdLabel(plain_json::Text(Member(record, "tenantId")));
  if (!tenant.empty() && tenant != kTenant) {
    ++expected.mismatched;
    return;
  }
  ++expected.numbers;
  std::string status = LabelValue(plain_json::Text(
      Member(record, "assignmentStatus"), IsKnownAssignmentStatus));
  if (status.empty()) status = kUnknown;
  ++expected.counts[{NumberCount::Kind::kStatus, status, ""}];
  std::set<std::string> acquired;
  for (const auto& text :
       plain_json::Parts(Member(record, "acquiredCapabilities"))) {
    acquired.insert(LabelValue(text));
  }
  for (const auto& capability : acquired) {
    ++expected.counts[{NumberCount::Kind::kAcquired, status, capability}];
  }
  std::set<std::string> available;
  for (const auto& text :
       plain_json::Parts(Member(record, "availableCapabilities"))) {
    available.insert(LabelValue(text));
  }
  for (const auto& capability : available) {
    ++expected.counts[{NumberCount::Kind::kAvailable, "", capability}];
  }
  std::string acquired_status =
      LabelValue(plain_json::Text(Member(record, "acquiredNumberStatus")));
  if (acquired_status.empty()) acquired_status = kUnknown;
  ++expected.counts[{NumberCount::Kind::kAcquiredStatus, "", acquired_status}];
  if (!plain_json::IsTime(
          plain_json::Text(Member(record, "aslcht"), plain_json::IsTime))) {
    ++expected.never_checked;
  }
  if (IsFailure(record)) ++expected.failed;
  CountPlaces(record, status, expected);
}

std::map<Key, std::uint32_t> Found(const TenantNumbers& numbers,
                                   const NumberLabels& labels) {
  std::map<Key, std::uint32_t> found;
  for (const NumberCount& count : numbers.counts) {
    using Kind = NumberCount::Kind;
    std::string status;
    if (count.kind != Kind::kAcquiredStatus && count.kind != Kind::kAvailable &&
        count.kind != Kind::kCode) {
      status = labels.assignment_statuses.label(count.status);
    }
    const LabelIds* const values = ValuesOf(count.kind, labels);
    found[{count.kind, status,
           values == nullptr ? "" : values->label(count.value)}] +=
        count.numbers;
  }
  return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  Pieces pieces(data, size);
  TenantNumbersReader reader;
  reader.Expect(kTenant, WallTime());
  const bool good = pieces.ReadWith(reader);
  const auto records = plain_json::Parse(
      pieces.body(), RecordParser::kMaxDepth,
      {"tenantId", "assignmentStatus", "acquiredCapabilities",
       "availableCapabilities", "acquiredNumberStatus", "aslcht", "aslvCode",
       "alsvcode", "id", "telephoneNumber", "isoCountryCode", "locationId",
       "civicAddressId", "source", "callingProfileId", "acquiredOn", "aslsct",
       "whenCreated", "sbcList"});
  if (records && records->unsure) return 0;
  Require(good == records.has_value());
  if (!good) return 0;
  Require(reader.elements() == records->elements);
  Require(reader.malformed() == records->elements - records->objects.size());
  Expected expected;
  for (const Value* record : records->objects) Count(*record, expected);
  const TenantNumbers numbers = reader.Total();
  Require(numbers.numbers == expected.numbers);
  Require(numbers.never_checked == expected.never_checked);
  Require(numbers.failed == expected.failed);
  Require(reader.mismatched() == expected.mismatched);
  Require(Found(numbers, reader.labels()) == expected.counts);
  return 0;
}
