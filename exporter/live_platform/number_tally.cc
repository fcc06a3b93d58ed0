#include "exporter/live_platform/number_tally.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <span>
#include <tuple>

namespace operator_connect::live_platform {
namespace {

constexpr std::size_t kFirstSlots = 128;
// A larger table is not kept for the next tenant.
constexpr std::size_t kKeptSlots = 1024;

constexpr std::array<std::string_view, kKnownAssignmentStatuses + 1>
    kAssignmentStatuses = {"Unassigned", "UserAssigned", "ConferenceAssigned",
                           "VoiceApp", kUnknown};

constexpr std::array<std::string_view, 11> kCapabilities = {
    "InboundCalling",
    "OutboundCalling",
    "UserAssignment",
    "ConferenceAssignment",
    "FirstPartyAppAssignment",
    "Office365",
    "Geographic",
    "TollFree",
    "Mobile",
    "calling",
    "sms",
};

// The numbers of the vendor's table, and the names that it gives them.
constexpr std::array<std::string_view, 9> kAcquiredStatuses = {
    kUnknown,
    "0",
    "1",
    "2",
    "3",
    "Active",
    "Release Requested",
    "Marked For Removal",
    "Ready For Removal",
};

constexpr std::array<std::string_view, 1> kUnknownFirst = {kUnknown};
constexpr std::array<std::string_view, 1> kNoneFirst = {kNone};
constexpr std::array<std::string_view, 1> kOcsyncFirst = {kOcsync};

bool Holds(std::span<const std::string_view> values, std::string_view value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

auto Place(const NumberCount& count) {
  return std::tuple(count.kind, count.status, count.value);
}
bool IsBefore(const NumberCount& a, const NumberCount& b) {
  return Place(a) < Place(b);
}

// Adds up neighbours with the same place.
void MergeSorted(std::vector<NumberCount>& counts) {
  if (counts.empty()) return;
  std::size_t last = 0;
  for (std::size_t i = 1; i < counts.size(); ++i) {
    if (Place(counts[last]) == Place(counts[i])) {
      counts[last].numbers += counts[i].numbers;
    } else {
      counts[++last] = counts[i];
    }
  }
  counts.resize(last + 1);
}

using OptionalTime = std::optional<WallTime>;

void Least(const OptionalTime& time, OptionalTime& least) {
  if (time && (!least || *time < *least)) least = time;
}
void Greatest(const OptionalTime& time, OptionalTime& greatest) {
  if (time && (!greatest || *time > *greatest)) greatest = time;
}

template <typename Labels>
auto* FindValues(NumberCount::Kind kind, Labels& labels) {
  using Kind = NumberCount::Kind;
  switch (kind) {
    case Kind::kAcquired:
    case Kind::kAvailable:
      return &labels.capabilities;
    case Kind::kAcquiredStatus:
      return &labels.acquired_statuses;
    case Kind::kCountry:
    case Kind::kNoLocation:
      return &labels.countries;
    case Kind::kSource:
      return &labels.sources;
    case Kind::kSbc:
      return &labels.sbcs;
    case Kind::kProfile:
      return &labels.profiles;
    case Kind::kCode:
      return &labels.codes;
    case Kind::kStatus:
      break;
  }
  return static_cast<decltype(&labels.codes)>(nullptr);
}

}  // namespace

NumberLabels::NumberLabels()
    : assignment_statuses(kAssignmentStatuses),
      capabilities(kCapabilities),
      acquired_statuses(kAcquiredStatuses),
      countries(kUnknownFirst, CountryLabel),
      sources(kOcsyncFirst),
      sbcs(kNoneFirst),
      profiles(kNoneFirst, IdLabel),
      codes(kUnknownFirst) {}

bool IsKnownAssignmentStatus(std::string_view status) {
  const auto known =
      std::find(kAssignmentStatuses.begin(), kAssignmentStatuses.end(), status);
  return known - kAssignmentStatuses.begin() <
         static_cast<std::ptrdiff_t>(kKnownAssignmentStatuses);
}

bool IsKnownAcquiredStatus(std::string_view status) {
  return Holds(kAcquiredStatuses, status);
}

bool IsKnownCapability(std::string_view capability) {
  return Holds(kCapabilities, capability);
}

LabelIds* ValuesOf(NumberCount::Kind kind, NumberLabels& labels) {
  return FindValues(kind, labels);
}
const LabelIds* ValuesOf(NumberCount::Kind kind, const NumberLabels& labels) {
  return FindValues(kind, labels);
}

void AddUpPlain(const TenantNumbers& part, TenantNumbers& sum) {
  sum.numbers += part.numbers;
  sum.never_checked += part.never_checked;
  sum.failed += part.failed;
  Least(part.oldest_check, sum.oldest_check);
  Greatest(part.newest_check, sum.newest_check);
  Least(part.first_acquired, sum.first_acquired);
  for (std::size_t i = 0; i < sum.idle.size(); ++i) sum.idle[i] += part.idle[i];
  for (std::size_t i = 0; i < sum.acquired.size(); ++i) {
    sum.acquired[i] += part.acquired[i];
  }
}

void AddUp(const TenantNumbers& part, TenantNumbers& sum) {
  AddUpPlain(part, sum);
  std::vector<NumberCount> merged;
  merged.reserve(part.counts.size() + sum.counts.size());
  std::merge(part.counts.begin(), part.counts.end(), sum.counts.begin(),
             sum.counts.end(), std::back_inserter(merged), IsBefore);
  MergeSorted(merged);
  sum.counts = std::move(merged);
}

NumberTally::NumberTally() : slots_(kFirstSlots) {}

void NumberTally::Clear() {
  if (slots_.size() > kKeptSlots) slots_.resize(kFirstSlots);
  std::fill(slots_.begin(), slots_.end(), Slot());
  used_ = 0;
  numbers_ = TenantNumbers();
}

void NumberTally::CountCheck(std::optional<WallTime> time) {
  if (!time) ++numbers_.never_checked;
  Least(time, numbers_.oldest_check);
  Greatest(time, numbers_.newest_check);
}

void NumberTally::CountAcquired(WallTime time, WallTime now) {
  Least(time, numbers_.first_acquired);
  for (std::size_t i = kAcquiredDays.size(); i-- > 0;) {
    if (now - time > std::chrono::hours(24 * kAcquiredDays[i])) return;
    ++numbers_.acquired[i];
  }
}

void NumberTally::CountIdle(WallTime since, WallTime now) {
  for (std::size_t i = 0; i < kIdleDays.size(); ++i) {
    if (now - since <= std::chrono::hours(24 * kIdleDays[i])) return;
    ++numbers_.idle[i];
  }
}

void NumberTally::Add(const TenantNumbers& numbers) {
  AddUpPlain(numbers, numbers_);
  for (const NumberCount& count : numbers.counts) {
    Count(count.kind, count.status, count.value, count.numbers);
  }
}

NumberCount NumberTally::MakeCount(const Slot& slot) {
  return {static_cast<NumberCount::Kind>(slot.key >> (2 * kIdBits)),
          static_cast<LabelIds::Id>(slot.key >> kIdBits & kIdMask),
          static_cast<LabelIds::Id>(slot.key & kIdMask), slot.numbers};
}

TenantNumbers NumberTally::Total() const {
  TenantNumbers total = numbers_;
  total.counts.reserve(used_);
  for (const Slot& slot : slots_) {
    if (slot.key != kEmpty) total.counts.push_back(MakeCount(slot));
  }
  return total;
}

NumberTally::Slot& NumberTally::Find(std::uint32_t key) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = FirstPlace(key);
  while (slots_[at].key != key) {
    if (slots_[at].key == kEmpty) {
      if (2 * (used_ + 1) > slots_.size()) {
        Grow();
        return Find(key);
      }
      ++used_;
      slots_[at].key = key;
      break;
    }
    at = (at + 1) & mask;
  }
  return slots_[at];
}

void NumberTally::Grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  used_ = 0;
  for (const Slot& slot : old) {
    if (slot.key != kEmpty) Find(slot.key).numbers = slot.numbers;
  }
}

LabelIds::Id NumberTranslator::Map(LabelIds::Id id, const LabelIds& from,
                                   LabelIds& to, Ids& ids) {
  if (id >= ids.size()) ids.resize(from.size());
  if (!ids[id]) ids[id] = to.Find(from.label(id));
  return *ids[id];
}

void NumberTranslator::Translate(TenantNumbers& numbers) {
  for (NumberCount& count : numbers.counts) {
    count.status = Map(count.status, from_.assignment_statuses,
                       to_.assignment_statuses, statuses_);
    const LabelIds* const from = ValuesOf(count.kind, from_);
    if (from == nullptr) continue;
    count.value = Map(count.value, *from, *ValuesOf(count.kind, to_),
                      values_[static_cast<std::size_t>(count.kind)]);
  }
  std::sort(numbers.counts.begin(), numbers.counts.end(), IsBefore);
  MergeSorted(numbers.counts);
}

}  // namespace operator_connect::live_platform
