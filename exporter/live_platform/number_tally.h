#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_NUMBER_TALLY_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_NUMBER_TALLY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/live_platform/labels.h"

namespace operator_connect::live_platform {

// What the counts of numbers are counted by. The ids of one are ids of its
// tables alone; Translator carries counts over to other tables.
struct NumberLabels {
  NumberLabels();

  LabelIds assignment_statuses;  // the known ones first
  LabelIds capabilities;         // acquired and available ones
  LabelIds acquired_statuses;    // `acquiredNumberStatus` as it comes
};

// The values that the contract names first: they are always shown.
inline constexpr std::size_t kKnownAssignmentStatuses = 4;

bool IsKnownAssignmentStatus(std::string_view status);
bool IsKnownCapability(std::string_view capability);

// One count: of the numbers of one tenant that share some label values.
struct NumberCount {
  enum class Kind : std::uint8_t {
    kStatus,          // by assignment status
    kAcquired,        // by assignment status and acquired capability
    kAvailable,       // by available capability
    kAcquiredStatus,  // by acquired status
  };
  Kind kind;
  LabelIds::Id status = 0;      // assignment status, or acquired status
  LabelIds::Id capability = 0;  // of kAcquired and kAvailable
  std::uint32_t numbers = 0;
};

// What is known of the numbers of one tenant; small, whatever their count.
struct TenantNumbers {
  std::vector<NumberCount> counts;
  std::uint64_t numbers = 0;
  std::uint64_t never_checked = 0;       // without `aslcht`
  std::uint64_t failed = 0;              // last verification code 400 or more
  std::optional<WallTime> oldest_check;  // `aslcht`
};

// Adds one part of a tenant's numbers to the rest; the ids of both are of the
// same tables.
void AddUp(const TenantNumbers& part, TenantNumbers& sum);

// Counts numbers one by one. The table that it counts in is as large as the
// combinations of label values that it met.
class NumberTally {
 public:
  NumberTally();

  void Clear();

  // Another number shares these values.
  void Count(NumberCount::Kind kind, LabelIds::Id status,
             LabelIds::Id capability);
  void CountNumber() { ++numbers_.numbers; }
  void CountCheck(std::optional<WallTime> time);
  void CountFailure() { ++numbers_.failed; }

  // All that was counted; the counts in no order.
  TenantNumbers Total() const;

 private:
  struct Slot {
    std::uint32_t key = kEmpty;
    std::uint32_t numbers = 0;
  };
  static constexpr std::uint32_t kEmpty = 0xFFFFFFFF;

  Slot& Find(std::uint32_t key);
  void Grow();

  // An open hash table; its size is a power of two, at most half of it used.
  std::vector<Slot> slots_;
  std::size_t used_ = 0;
  TenantNumbers numbers_;  // without the counts
};

// Carries counts from the ids of one set of tables over to another's, adding
// label values to those as they are met. Both outlive it.
class NumberTranslator {
 public:
  NumberTranslator(const NumberLabels& from, NumberLabels& to)
      : from_(from), to_(to) {}

  // Counts that fall together are added up.
  void Translate(TenantNumbers& numbers);

 private:
  using Ids = std::vector<std::optional<LabelIds::Id>>;
  static LabelIds::Id Map(LabelIds::Id id, const LabelIds& from, LabelIds& to,
                          Ids& ids);

  const NumberLabels& from_;
  NumberLabels& to_;
  Ids statuses_;
  Ids capabilities_;
  Ids acquired_statuses_;
};

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_NUMBER_TALLY_H_
