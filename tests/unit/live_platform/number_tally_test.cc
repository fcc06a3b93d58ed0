#include "exporter/live_platform/number_tally.h"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "exporter/base/text.h"

namespace operator_connect::live_platform {
namespace {

using Kind = NumberCount::Kind;

WallTime At(int seconds) { return WallTime(std::chrono::seconds(seconds)); }

// A tenant's numbers by kind and the status's label value.
std::map<std::pair<Kind, std::string>, std::uint32_t> ByStatus(
    const TenantNumbers& numbers, const NumberLabels& labels) {
  std::map<std::pair<Kind, std::string>, std::uint32_t> found;
  for (const NumberCount& count : numbers.counts) {
    found[{count.kind, count.kind == Kind::kAcquiredStatus
                           ? labels.acquired_statuses.label(count.value)
                           : labels.assignment_statuses.label(count.status)}] +=
        count.numbers;
  }
  return found;
}

TEST_CASE("the known assignment states and capabilities have the first ids") {
  const NumberLabels labels;
  CHECK(labels.assignment_statuses.label(kUnassigned) == "Unassigned");
  CHECK(labels.assignment_statuses.label(kUserAssigned) == "UserAssigned");
  CHECK(labels.assignment_statuses.label(kUnknownAssignment) == kUnknown);
  for (LabelIds::Id id = 0; id < kKnownAssignmentStatuses; ++id) {
    CHECK(IsKnownAssignmentStatus(labels.assignment_statuses.label(id)));
  }
  CHECK(IsKnownCapability("TollFree"));
  CHECK(IsKnownCapability("sms"));
  CHECK_FALSE(IsKnownCapability("tollfree"));
  CHECK_FALSE(IsKnownAssignmentStatus("Active"));
  CHECK_FALSE(IsKnownAssignmentStatus(kUnknown));
}

TEST_CASE("numbers with the same values are one count") {
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

TEST_CASE("every combination is kept, also with the largest ids") {
  constexpr LabelIds::Id kValues = 300;
  NumberTally tally;
  for (LabelIds::Id status = 0; status < kValues; ++status) {
    for (LabelIds::Id capability = 0; capability < kValues; ++capability) {
      tally.Count(Kind::kAcquired, status, capability);
    }
  }
  tally.Count(Kind::kAvailable, 0, LabelIds::kMaxValues);
  tally.Count(Kind::kAcquiredStatus, 0, LabelIds::kMaxValues);
  const TenantNumbers total = tally.Total();
  CHECK(total.counts.size() == kValues * kValues + 2u);
  std::map<std::pair<LabelIds::Id, LabelIds::Id>, std::uint32_t> met;
  for (const NumberCount& count : total.counts) {
    if (count.kind == Kind::kAcquired) ++met[{count.status, count.value}];
    if (count.kind == Kind::kAvailable) {
      CHECK(count.value == LabelIds::kMaxValues);
    }
    if (count.kind == Kind::kAcquiredStatus) {
      CHECK(count.value == LabelIds::kMaxValues);
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
      {Kind::kAcquiredStatus, 0, from.acquired_statuses.Find("1"), 5},
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
    CHECK(to.capabilities.label(count.value) == "fax");
  }
}

TEST_CASE("counts that become equal in another table are added up") {
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

TEST_CASE("the newest check and the first number are kept") {
  NumberTally tally;
  for (const int seconds : {20, 30, 10}) {
    tally.CountCheck(At(seconds));
    tally.CountAcquired(At(seconds + 5), At(100));
  }
  CHECK(tally.Total().newest_check == At(30));
  CHECK(tally.Total().first_acquired == At(15));
}

// The counts of one number that was acquired, and is idle, for that many days
// and nanoseconds.
template <std::size_t kSize>
using Ages = std::array<std::uint64_t, kSize>;

TenantNumbers Since(int days, int nanoseconds = 0) {
  const WallTime now(std::chrono::hours(24 * 10'000));
  const WallTime then = now - std::chrono::hours(24 * days) -
                        std::chrono::nanoseconds(nanoseconds);
  NumberTally tally;
  tally.CountAcquired(then, now);
  tally.CountIdle(then, now);
  return tally.Total();
}

TEST_CASE("a number is acquired within a time including its end") {
  CHECK(Since(0).acquired == Ages<3>{1, 1, 1});
  CHECK(Since(1).acquired == Ages<3>{1, 1, 1});
  CHECK(Since(1, 1).acquired == Ages<3>{0, 1, 1});
  CHECK(Since(7).acquired == Ages<3>{0, 1, 1});
  CHECK(Since(7, 1).acquired == Ages<3>{0, 0, 1});
  CHECK(Since(30).acquired == Ages<3>{0, 0, 1});
  CHECK(Since(30, 1).acquired == Ages<3>{0, 0, 0});
}

TEST_CASE("a number is idle for longer than a time once it exceeds it") {
  CHECK(Since(30).idle == Ages<3>{0, 0, 0});
  CHECK(Since(30, 1).idle == Ages<3>{1, 0, 0});
  CHECK(Since(90).idle == Ages<3>{1, 0, 0});
  CHECK(Since(90, 1).idle == Ages<3>{1, 1, 0});
  CHECK(Since(365).idle == Ages<3>{1, 1, 0});
  CHECK(Since(365, 1).idle == Ages<3>{1, 1, 1});
}

TEST_CASE("a date in the future counts as the present") {
  CHECK(Since(-500).acquired == Ages<3>{1, 1, 1});
  CHECK(Since(-500).idle == Ages<3>{0, 0, 0});
}

TEST_CASE("parts of a tenant's numbers add up") {
  TenantNumbers first;
  first.counts = {{Kind::kStatus, 1, 0, 2}, {Kind::kAcquired, 1, 3, 2}};
  first.numbers = 2;
  first.never_checked = first.failed = 1;
  first.oldest_check = At(20);
  first.newest_check = At(30);
  first.first_acquired = At(7);
  first.idle = {3, 2, 1};
  first.acquired = {1, 2, 3};
  TenantNumbers second;
  second.counts = {{Kind::kStatus, 1, 0, 4}, {Kind::kStatus, 2, 0, 1}};
  second.numbers = 5;
  second.failed = 2;
  second.oldest_check = At(10);
  second.newest_check = At(40);
  second.first_acquired = At(6);
  second.idle = {10, 20, 30};
  second.acquired = {40, 50, 60};
  TenantNumbers sum;
  AddUp(first, sum);
  AddUp(second, sum);
  AddUp(TenantNumbers(), sum);
  NumberTally tally;
  tally.Add(first);
  tally.Add(second);
  CHECK(sum.counts.size() == 3);
  for (const TenantNumbers& total : {sum, tally.Total()}) {
    CHECK(total.numbers == 7);
    CHECK(total.never_checked == 1);
    CHECK(total.failed == 3);
    CHECK(total.oldest_check == At(10));
    CHECK(total.newest_check == At(40));
    CHECK(total.first_acquired == At(6));
    CHECK(total.idle == Ages<3>{13, 22, 31});
    CHECK(total.acquired == Ages<3>{41, 52, 63});
    REQUIRE(total.counts.size() == 3);
    for (const NumberCount& count : total.counts) {
      if (count.kind == Kind::kAcquired) CHECK(count.numbers == 2);
      if (count.kind == Kind::kStatus) {
        CHECK(count.numbers == (count.status == 1 ? 6 : 1));
      }
    }
  }
}

TEST_CASE("every kind of counts keeps its values from table to table") {
  NumberLabels from;
  NumberLabels to;
  TenantNumbers numbers;
  for (std::size_t i = 0; i < NumberCount::kKinds; ++i) {
    const auto kind = static_cast<Kind>(i);
    NumberCount count = {kind, 0, 0, 1};
    if (LabelIds* const values = ValuesOf(kind, from)) {
      ValuesOf(kind, to)->Find("ab");  // so that ids differ
      count.value = values->Find("zz");
    }
    numbers.counts.push_back(count);
  }
  NumberTranslator(from, to).Translate(numbers);
  REQUIRE(numbers.counts.size() == NumberCount::kKinds);
  for (const NumberCount& count : numbers.counts) {
    const LabelIds* const values = ValuesOf(count.kind, std::as_const(to));
    if (values == nullptr) continue;
    CHECK(LowerCase(values->label(count.value)) == "zz");
  }
}

}  // namespace
}  // namespace operator_connect::live_platform
