#include "exporter/live_platform/number_tally.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace operator_connect::live_platform {
namespace {

constexpr std::size_t kFirstSlots = 64;
// Bits of a label id in a key; kMaxValues and kOther fit.
constexpr unsigned kIdBits = 11;
constexpr std::uint32_t kIdMask = (1u << kIdBits) - 1;
static_assert(LabelIds::kMaxValues + 1 <= kIdMask);

constexpr std::array<std::string_view, kKnownAssignmentStatuses>
    kAssignmentStatuses = {"Unassigned", "UserAssigned", "ConferenceAssigned",
                           "VoiceApp"};

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

std::uint32_t MakeKey(NumberCount::Kind kind, LabelIds::Id status,
                      LabelIds::Id capability) {
  return static_cast<std::uint32_t>(kind) << (2 * kIdBits) |
         static_cast<std::uint32_t>(status) << kIdBits | capability;
}

NumberCount MakeCount(std::uint32_t key, std::uint32_t numbers) {
  return {static_cast<NumberCount::Kind>(key >> (2 * kIdBits)),
          static_cast<LabelIds::Id>(key >> kIdBits & kIdMask),
          static_cast<LabelIds::Id>(key & kIdMask), numbers};
}

}  // namespace

NumberLabels::NumberLabels()
    : assignment_statuses(kAssignmentStatuses),
      capabilities(kCapabilities),
      acquired_statuses({}) {}

bool IsKnownAssignmentStatus(std::string_view status) {
  return std::find(kAssignmentStatuses.begin(), kAssignmentStatuses.end(),
                   status) != kAssignmentStatuses.end();
}

bool IsKnownCapability(std::string_view capability) {
  return std::find(kCapabilities.begin(), kCapabilities.end(), capability) !=
         kCapabilities.end();
}

void AddUp(const TenantNumbers& part, TenantNumbers& sum) {
  sum.numbers += part.numbers;
  sum.never_checked += part.never_checked;
  sum.failed += part.failed;
  if (part.oldest_check &&
      (!sum.oldest_check || *part.oldest_check < *sum.oldest_check)) {
    sum.oldest_check = part.oldest_check;
  }
  for (const NumberCount& count : part.counts) {
    const auto same = [&](const NumberCount& other) {
      return other.kind == count.kind && other.status == count.status &&
             other.capability == count.capability;
    };
    const auto found = std::find_if(sum.counts.begin(), sum.counts.end(), same);
    if (found == sum.counts.end()) {
      sum.counts.push_back(count);
    } else {
      found->numbers += count.numbers;
    }
  }
}

NumberTally::NumberTally() : slots_(kFirstSlots) {}

void NumberTally::Clear() {
  if (slots_.size() > kFirstSlots) {
    slots_ = std::vector<Slot>(kFirstSlots);
  } else {
    std::fill(slots_.begin(), slots_.end(), Slot());
  }
  used_ = 0;
  numbers_ = TenantNumbers();
}

void NumberTally::Count(NumberCount::Kind kind, LabelIds::Id status,
                        LabelIds::Id capability) {
  ++Find(MakeKey(kind, status, capability)).numbers;
}

void NumberTally::CountCheck(std::optional<WallTime> time) {
  if (!time) {
    ++numbers_.never_checked;
  } else if (!numbers_.oldest_check || *time < *numbers_.oldest_check) {
    numbers_.oldest_check = time;
  }
}

TenantNumbers NumberTally::Total() const {
  TenantNumbers total = numbers_;
  total.counts.reserve(used_);
  for (const Slot& slot : slots_) {
    if (slot.key != kEmpty) {
      total.counts.push_back(MakeCount(slot.key, slot.numbers));
    }
  }
  return total;
}

NumberTally::Slot& NumberTally::Find(std::uint32_t key) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = (std::uint64_t{key} * 0x9E3779B97F4A7C15u >> 32) & mask;
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
    if (count.kind == NumberCount::Kind::kAcquiredStatus) {
      count.status = Map(count.status, from_.acquired_statuses,
                         to_.acquired_statuses, acquired_statuses_);
    } else if (count.kind != NumberCount::Kind::kAvailable) {
      count.status = Map(count.status, from_.assignment_statuses,
                         to_.assignment_statuses, statuses_);
    }
    if (count.kind == NumberCount::Kind::kAcquired ||
        count.kind == NumberCount::Kind::kAvailable) {
      count.capability = Map(count.capability, from_.capabilities,
                             to_.capabilities, capabilities_);
    }
  }
  const auto key = [](const NumberCount& count) {
    return std::tuple(count.kind, count.status, count.capability);
  };
  std::vector<NumberCount>& counts = numbers.counts;
  std::sort(counts.begin(), counts.end(),
            [&](const NumberCount& a, const NumberCount& b) {
              return key(a) < key(b);
            });
  std::vector<NumberCount> merged;
  merged.reserve(counts.size());
  for (const NumberCount& count : counts) {
    if (!merged.empty() && key(merged.back()) == key(count)) {
      merged.back().numbers += count.numbers;
    } else {
      merged.push_back(count);
    }
  }
  counts = std::move(merged);
}

}  // namespace operator_connect::live_platform
