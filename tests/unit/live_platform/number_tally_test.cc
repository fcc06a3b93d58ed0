#include "exporter/live_platform/number_tally.h"

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <string>
#include <utility>

namespace operator_connect::live_platform {
namespace {

using Kind = NumberCount::Kind;

WallTime At(int seconds) { return WallTime(std::chrono::seconds(seconds)); }

// Of a tenant: numbers by kind and label value of the status.
std::map<std::pair<Kind, std::string>, std::uint32_t> ByStatus(
    const TenantNumbers& numbers, const NumberLabels& labels) {
  std::map<std::pair<Kind, std::string>, std::uint32_t> found;
  for (const NumberCount& count : numbers.counts) {
    const LabelIds& ids = count.kind == Kind::kAcquiredStatus
                              ? labels.acquired_statuses
                              : labels.assignment_statuses;
    found[{count.kind, ids.label(count.status)}] += count.numbers;
  }
  return found;
}

TEST_CASE("the known assignment states and capabilities have the first ids") {
  const NumberLabels labels;
  CHECK(labels.assignment_statuses.label(0) == "Unassigned");
  CHECK(labels.assignment_statuses.size() == kKnownAssignmentStatuses);
  for (LabelIds::Id id = 0; id < kKnownAssignmentStatuses; ++id) {
    CHECK(IsKnownAssignmentStatus(labels.assignment_statuses.label(id)));
  }
  CHECK(IsKnownCapability("TollFree"));
  CHECK(IsKnownCapability("sms"));
  CHECK_FALSE(IsKnownCapability("tollfree"));
  CHECK_FALSE(IsKnownAssignmentStatus("Active"));
}

TEST_CASE("numbers that share their values are one count") {
  NumberTally tally;
  tally.Count(Kind::kStatus, 3, 0);
  tally.Count(Kind::kStatus, 3, 0);
  tally.Count(Kind::kAcquired, 3, 0);
  const TenantNumbers total = tally.Total();
  REQUIRE(total.counts.size() == 2);
  for (const NumberCount& count : total.counts) {
    CHECK(count.status == 3);
    CHECK(count.numbers == (count.kind == Kind::kStatus ? 2 : 1));
  }
}

TEST_CASE("every combination is kept, also of the largest ids") {
  constexpr LabelIds::Id kValues = 300;
  NumberTally tally;
  for (LabelIds::Id status = 0; status < kValues; ++status) {
    for (LabelIds::Id capability = 0; capability < kValues; ++capability) {
      tally.Count(Kind::kAcquired, status, capability);
    }
  }
  tally.Count(Kind::kAvailable, 0, LabelIds::kMaxValues);
  tally.Count(Kind::kAcquiredStatus, LabelIds::kMaxValues, 0);
  const TenantNumbers total = tally.Total();
  CHECK(total.counts.size() == kValues * kValues + 2u);
  std::map<std::pair<LabelIds::Id, LabelIds::Id>, std::uint32_t> met;
  for (const NumberCount& count : total.counts) {
    if (count.kind == Kind::kAcquired) ++met[{count.status, count.capability}];
    if (count.kind == Kind::kAvailable) {
      CHECK(count.capability == LabelIds::kMaxValues);
    }
    if (count.kind == Kind::kAcquiredStatus) {
      CHECK(count.status == LabelIds::kMaxValues);
    }
  }
  CHECK(met.size() == kValues * kValues);
}

TEST_CASE("the oldest check is kept, and numbers without one are counted") {
  NumberTally tally;
  tally.CountCheck(At(20));
  tally.CountCheck(std::nullopt);
  tally.CountCheck(At(10));
  tally.CountCheck(At(30));
  CHECK(tally.Total().oldest_check == At(10));
  CHECK(tally.Total().never_checked == 1);
}

TEST_CASE("a cleared tally has counted nothing") {
  NumberTally tally;
  for (LabelIds::Id i = 0; i < 200; ++i) tally.Count(Kind::kStatus, i, 0);
  tally.CountNumber();
  tally.CountFailure();
  tally.CountCheck(At(1));
  tally.Clear();
  const TenantNumbers total = tally.Total();
  CHECK(total.counts.empty());
  CHECK(total.numbers == 0);
  CHECK(total.failed == 0);
  CHECK_FALSE(total.oldest_check.has_value());
}

TEST_CASE("counts keep their label values from one table to another") {
  NumberLabels from;
  NumberLabels to;
  to.assignment_statuses.Find("Taken");
  to.acquired_statuses.Find("9");
  TenantNumbers numbers;
  numbers.counts = {
      {Kind::kStatus, from.assignment_statuses.Find("Active"), 0, 2},
      {Kind::kStatus, from.assignment_statuses.Find("UserAssigned"), 0, 3},
      {Kind::kAcquiredStatus, from.acquired_statuses.Find("1"), 0, 5},
      {Kind::kAcquired, from.assignment_statuses.Find("Active"),
       from.capabilities.Find("fax"), 7}};
  to.capabilities.Find("video");
  NumberTranslator(from, to).Translate(numbers);
  auto found = ByStatus(numbers, to);
  CHECK(found[{Kind::kStatus, "Active"}] == 2);
  CHECK(found[{Kind::kStatus, "UserAssigned"}] == 3);
  CHECK(found[{Kind::kAcquiredStatus, "1"}] == 5);
  for (const NumberCount& count : numbers.counts) {
    if (count.kind != Kind::kAcquired) continue;
    CHECK(to.capabilities.label(count.capability) == "fax");
  }
}

TEST_CASE("counts that fall together in another table are added up") {
  NumberLabels from;
  NumberLabels to;
  for (int i = 0; to.assignment_statuses.size() < LabelIds::kMaxValues; ++i) {
    to.assignment_statuses.Find("v" + std::to_string(i));
  }
  TenantNumbers numbers;
  numbers.counts = {{Kind::kStatus, from.assignment_statuses.Find("x"), 0, 2},
                    {Kind::kStatus, from.assignment_statuses.Find("y"), 0, 3}};
  NumberTranslator(from, to).Translate(numbers);
  REQUIRE(numbers.counts.size() == 1);
  CHECK(numbers.counts[0].numbers == 5);
  CHECK(to.assignment_statuses.label(numbers.counts[0].status) == kOther);
}

TEST_CASE("parts of a tenant's numbers add up") {
  const auto at = [](int seconds) {
    return WallTime(std::chrono::seconds(seconds));
  };
  TenantNumbers sum;
  AddUp({.counts = {{Kind::kStatus, 1, 0, 2}, {Kind::kAcquired, 1, 3, 2}},
         .numbers = 2,
         .never_checked = 1,
         .failed = 1,
         .oldest_check = at(20)},
        sum);
  AddUp({.counts = {{Kind::kStatus, 1, 0, 4}, {Kind::kStatus, 2, 0, 1}},
         .numbers = 5,
         .never_checked = 0,
         .failed = 2,
         .oldest_check = at(10)},
        sum);
  AddUp({.counts = {},
         .numbers = 0,
         .never_checked = 0,
         .failed = 0,
         .oldest_check = {}},
        sum);
  CHECK(sum.numbers == 7);
  CHECK(sum.never_checked == 1);
  CHECK(sum.failed == 3);
  CHECK(sum.oldest_check == at(10));
  REQUIRE(sum.counts.size() == 3);
  CHECK(sum.counts[0].numbers == 6);
  CHECK(sum.counts[1].numbers == 2);
  CHECK(sum.counts[2].numbers == 1);
}

}  // namespace
}  // namespace operator_connect::live_platform
