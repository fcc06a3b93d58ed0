// Any bytes as the numbers of a tenant, in pieces of any size: the streaming
// reader comes to the same verdict and the same counts as a plain parse of the
// whole document.

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "exporter/live_platform/labels.h"
#include "exporter/live_platform/numbers_reader.h"
#include "exporter/live_platform/timestamp.h"
#include "tests/fuzz/pieces.h"
#include "tests/fuzz/plain_json.h"

namespace {

using namespace operator_connect;
using namespace operator_connect::live_platform;
using plain_json::Member;
using plain_json::Require;
using plain_json::Value;

constexpr char kTenant[] = "1f";

// Kind, status, capability.
using Key = std::tuple<NumberCount::Kind, std::string, std::string>;

struct Expected {
  std::map<Key, std::uint32_t> counts;
  std::uint64_t numbers = 0;
  std::uint64_t never_checked = 0;
  std::uint64_t failed = 0;
  std::uint64_t mismatched = 0;
};

bool IsFailure(const Value& record) {
  for (const char* name : {"aslvCode", "alsvcode"}) {
    const std::string text = plain_json::Text(Member(record, name));
    constexpr char kSpace[] = " \t\r\n\v\f";
    const std::size_t begin = text.find_first_not_of(kSpace);
    if (begin == std::string::npos) continue;
    const std::size_t end = text.find_last_not_of(kSpace) + 1;
    const std::string code = text.substr(begin, end - begin);
    const std::string whole = code.substr(0, code.find('.'));
    const bool sign = whole.starts_with('-') || whole.starts_with('+');
    const std::string digits = whole.substr(sign ? 1 : 0);
    if (digits.empty() ||
        digits.find_first_not_of("0123456789") != std::string::npos) {
      continue;
    }
    // Past what 64 bits hold it is the largest or smallest that they do.
    return std::strtoll(whole.c_str(), nullptr, 10) >= 400;
  }
  return false;
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
  ++expected.counts[{NumberCount::Kind::kAcquiredStatus, acquired_status, ""}];
  if (!ParseTimestamp(plain_json::Text(Member(record, "aslcht")))) {
    ++expected.never_checked;
  }
  if (IsFailure(record)) ++expected.failed;
}

std::map<Key, std::uint32_t> Found(const TenantNumbers& numbers,
                                   const NumberLabels& labels) {
  std::map<Key, std::uint32_t> found;
  for (const NumberCount& count : numbers.counts) {
    std::string status;
    std::string capability;
    if (count.kind == NumberCount::Kind::kAcquiredStatus) {
      status = labels.acquired_statuses.label(count.status);
    } else if (count.kind != NumberCount::Kind::kAvailable) {
      status = labels.assignment_statuses.label(count.status);
    }
    if (count.kind == NumberCount::Kind::kAcquired ||
        count.kind == NumberCount::Kind::kAvailable) {
      capability = labels.capabilities.label(count.capability);
    }
    found[{count.kind, status, capability}] += count.numbers;
  }
  return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  Pieces pieces(data, size);
  TenantNumbersReader reader;
  reader.Expect(kTenant);
  const bool good = pieces.ReadWith(reader);
  const auto records = plain_json::Parse(
      pieces.body(), RecordParser::kMaxDepth,
      {"tenantId", "assignmentStatus", "acquiredCapabilities",
       "availableCapabilities", "acquiredNumberStatus", "aslcht", "aslvCode",
       "alsvcode", "id", "telephoneNumber"});
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
