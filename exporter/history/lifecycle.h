#ifndef OPERATOR_CONNECT_EXPORTER_HISTORY_LIFECYCLE_H_
#define OPERATOR_CONNECT_EXPORTER_HISTORY_LIFECYCLE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "exporter/base/clock.h"
#include "exporter/live_platform/lead.h"

namespace operator_connect::history {

// The rules of a tenant's life: the state that follows from its leads, and
// since when. Everything here is pure; times are the starts of collections.

enum class State {
  kLicensed,     // a lead that is in use has a license
  kInactive,     // a licensed lead is Not Active or Suspended
  kLicenseLost,  // no license any more
  kDormant,      // never licensed, and every lead is Not Active or Suspended
  kConsented,    // waits for its license
  kRemoved,      // all its leads are Removed
  kVanished,     // its leads are gone from the list
};
inline constexpr std::size_t kStates = 7;

// The changes of state that are counted.
enum class Change {
  kConsented,
  kLicensed,
  kLicenseLost,
  kDeactivated,
  kReactivated,
  kRemoved,
  kVanished,
  kReturned,  // from removed or vanished
};
inline constexpr std::size_t kChanges = 8;

// As in labels and in the history file: "license_lost".
std::string_view Name(State state);
std::string_view Name(Change change);
// The state of that name; nullopt if there is none.
std::optional<State> StateNamed(std::string_view name);

// The time for which the license of a removed or vanished tenant is remembered.
// A tenant that returns without a license within it is license_lost, later
// consented.
inline constexpr Duration kLicenseMemory = std::chrono::hours(72);

// A state, when it began, and the company's name at that time. `since` is unset
// if unknown.
struct Stay {
  State state = State::kConsented;
  std::optional<WallTime> since;
  std::string company;
  bool operator==(const Stay&) const = default;
};

// The history of one tenant. Its texts are label values.
struct Life {
  Stay now;
  std::string company;           // the newest name that was seen
  std::optional<Stay> licensed;  // the newest stay in kLicensed, with its date
  // Of a removed or vanished tenant: the last stay before that. Unset: it was
  // never seen otherwise.
  std::optional<Stay> before;
  bool operator==(const Life&) const = default;
};

// The leads of one tenant in one whole collection. Add() them in any order;
// they outlive the observation. Without `names`, company names are ignored.
class Observation {
 public:
  explicit Observation(bool names = true) : names_(names) {}

  void Add(const live_platform::Lead& lead);

  // The state by these leads alone, without the past: never kLicenseLost or
  // kVanished.
  State state() const { return state_; }
  // The date of the newest lead among those that decide the state:
  // `lastModifiedOn`, or for kConsented `consentedOn` if it has one.
  const std::optional<WallTime>& date() const { return date_; }
  // The newest `consentedOn` of the leads that decide the state; without one,
  // of all that are not Removed.
  const std::optional<WallTime>& consented() const {
    return consented_ ? consented_ : consented_elsewhere_;
  }
  // The company's name in the newest lead. Leads that are not Removed come
  // first, then those with a name, then the newest.
  std::string_view company() const {
    return names_ ? std::string_view(speaker_->company) : std::string_view();
  }

 private:
  bool names_;
  State state_ = State::kRemoved;
  std::optional<WallTime> date_;
  std::optional<WallTime> consented_;
  std::optional<WallTime> consented_elsewhere_;
  const live_platform::Lead* speaker_ = nullptr;
};

// The effect of a collection on a life.
struct Step {
  bool changed = false;          // the life is another than before
  bool forgotten = false;        // the life is over: drop it
  std::optional<Change> change;  // to be counted
  // From consent to the license that was first seen now.
  std::optional<Duration> time_to_license;
};

// The tenant of a lead as a label value: its `tenantId`, or "lead:" and its id.
// Empty if it has neither and cannot be followed.
std::string TenantOf(const live_platform::Lead& lead);

// Begins the life of an unknown tenant. FirstChange() is the change that counts
// then, unless the whole account was unknown.
Life BeginLife(const Observation& seen, WallTime start);
std::optional<Change> FirstChange(State state);

// Takes the names out of a life. True if there were any.
bool DropNames(Life& life);

// Advances the life of a known tenant that is in the collection, or is not. A
// tenant that has not been listed for `removed_for` is forgotten.
Step Seen(Life& life, const Observation& seen, WallTime start);
Step Missed(Life& life, WallTime start, Duration removed_for);

}  // namespace operator_connect::history

#endif  // OPERATOR_CONNECT_EXPORTER_HISTORY_LIFECYCLE_H_
