#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_NUMBER_TALLY_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_NUMBER_TALLY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/live_platform/labels.h"

namespace operator_connect::live_platform {

// The label values of counts. Ids belong to the tables of one object;
// NumberTranslator carries counts over to other tables.
struct NumberLabels {
  NumberLabels();

  LabelIds assignment_statuses;  // the known ones first, then kUnknown
  LabelIds capabilities;         // acquired and available ones
  // In all of the following, id 0 stands for numbers without a value.
  LabelIds acquired_statuses;  // `acquiredNumberStatus`
  LabelIds countries;          // `isoCountryCode` by CountryLabel()
  LabelIds sources;            // `source`
  LabelIds sbcs;               // names of `sbcList`
  LabelIds profiles;           // `callingProfileId` in lower case
  LabelIds codes;              // `aslvCode`, else `alsvcode`
};

// The statuses that the platform documents. They are always shown.
inline constexpr std::size_t kKnownAssignmentStatuses = 4;

// The ids of two of them, and of numbers without a status.
inline constexpr LabelIds::Id kUnassigned = 0;
inline constexpr LabelIds::Id kUserAssigned = 1;
inline constexpr LabelIds::Id kUnknownAssignment = kKnownAssignmentStatuses;

bool IsKnownAssignmentStatus(std::string_view status);
bool IsKnownAcquiredStatus(std::string_view status);
bool IsKnownCapability(std::string_view capability);

// A count of one tenant's numbers that share some label values.
struct NumberCount {
  enum class Kind : std::uint8_t {
    kStatus,          // by assignment status
    kAcquired,        // by assignment status and acquired capability
    kAvailable,       // by available capability
    kAcquiredStatus,  // by acquired status
    kCountry,         // by assignment status and country: those with an
    kNoLocation,      // emergency location, and those without
    kSource,          // by assignment status and source
    kSbc,             // by assignment status and SBC
    kProfile,         // by assignment status and calling profile
    kCode,            // by verification code
  };
  static constexpr std::size_t kKinds = 10;

  Kind kind;
  LabelIds::Id status = 0;  // assignment status; 0 if the kind has none
  LabelIds::Id value = 0;   // of the kind's label; 0 of kStatus
  std::uint32_t numbers = 0;
};

// The table of a kind's values; null for kStatus, which has none.
LabelIds* ValuesOf(NumberCount::Kind kind, NumberLabels& labels);
const LabelIds* ValuesOf(NumberCount::Kind kind, const NumberLabels& labels);

// The ages by which numbers are counted, in days.
inline constexpr std::array<int, 3> kIdleDays = {30, 90, 365};
inline constexpr std::array<int, 3> kAcquiredDays = {1, 7, 30};

// The counts of one tenant's numbers. Small, however many numbers there are.
struct TenantNumbers {
  std::vector<NumberCount> counts;
  std::uint64_t numbers = 0;
  std::uint64_t never_checked = 0;  // without `aslcht`
  std::uint64_t failed = 0;         // last verification code 400 or more
  std::optional<WallTime> oldest_check = {};  // `aslcht`
  std::optional<WallTime> newest_check = {};
  std::optional<WallTime> first_acquired = {};  // `acquiredOn`
  // Unassigned for longer than kIdleDays.
  std::array<std::uint64_t, kIdleDays.size()> idle = {};
  // Acquired within kAcquiredDays.
  std::array<std::uint64_t, kAcquiredDays.size()> acquired = {};
};

// Adds up everything but the counts by label values.
void AddUpPlain(const TenantNumbers& part, TenantNumbers& sum);
// Adds up two parts of a tenant's numbers. The ids of both are of the same
// tables, and their counts sorted as by NumberTranslator.
void AddUp(const TenantNumbers& part, TenantNumbers& sum);

// Counts numbers one by one. Its table grows with the combinations of label
// values.
class NumberTally {
 public:
  NumberTally();

  void Clear();

  // Counts numbers that share these values.
  void Count(NumberCount::Kind kind, LabelIds::Id status, LabelIds::Id value,
             std::uint32_t numbers = 1) {
    const std::uint32_t key = MakeKey(kind, status, value);
    Slot& slot = slots_[FirstPlace(key)];
    (slot.key == key ? slot : Find(key)).numbers += numbers;
  }
  void CountNumber() { ++numbers_.numbers; }
  void CountCheck(std::optional<WallTime> time);
  void CountFailure() { ++numbers_.failed; }
  // `now` is the present for ages.
  void CountAcquired(WallTime time, WallTime now);
  void CountIdle(WallTime since, WallTime now);
  // Adds all counts of another tally.
  void Add(const TenantNumbers& numbers);

  // The result; its counts are in no order.
  TenantNumbers Total() const;

 private:
  struct Slot {
    std::uint32_t key = kEmpty;
    std::uint32_t numbers = 0;
  };
  static constexpr std::uint32_t kEmpty = 0xFFFFFFFF;
  // Bits of a label id in a key; kMaxValues and kOther fit.
  static constexpr unsigned kIdBits = 11;
  static constexpr std::uint32_t kIdMask = (1u << kIdBits) - 1;
  static_assert(LabelIds::kMaxValues + 1 <= kIdMask);

  static std::uint32_t MakeKey(NumberCount::Kind kind, LabelIds::Id status,
                               LabelIds::Id value) {
    return static_cast<std::uint32_t>(kind) << (2 * kIdBits) |
           static_cast<std::uint32_t>(status) << kIdBits | value;
  }
  static NumberCount MakeCount(const Slot& slot);

  std::size_t FirstPlace(std::uint32_t key) const {
    return (std::uint64_t{key} * 0x9E3779B97F4A7C15u >> 32) &
           (slots_.size() - 1);
  }
  Slot& Find(std::uint32_t key);
  void Grow();

  // An open hash table; its size is a power of two, at most half of it is used.
  std::vector<Slot> slots_;
  std::size_t used_ = 0;
  TenantNumbers numbers_;  // without the counts
};

// Carries counts over from the ids of one set of tables to another's, and adds
// missing label values there. Both outlive it.
class NumberTranslator {
 public:
  NumberTranslator(const NumberLabels& from, NumberLabels& to)
      : from_(from), to_(to) {}

  // Translates counts, adds up those that become equal, and sorts them.
  void Translate(TenantNumbers& numbers);

 private:
  using Ids = std::vector<std::optional<LabelIds::Id>>;
  static LabelIds::Id Map(LabelIds::Id id, const LabelIds& from, LabelIds& to,
                          Ids& ids);

  const NumberLabels& from_;
  NumberLabels& to_;
  Ids statuses_;
  std::array<Ids, NumberCount::kKinds> values_;
};

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_NUMBER_TALLY_H_
