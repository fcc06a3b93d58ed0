#ifndef OPERATOR_CONNECT_EXPORTER_HISTORY_LIFECYCLE_H_
#define OPERATOR_CONNECT_EXPORTER_HISTORY_LIFECYCLE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "exporter/base/clock.h"
#include "exporter/live_platform/lead.h"

namespace operator_connect::history {

// The rules of a tenant's life: which state its leads put it in, and since
// when. Everything here is pure; times are the starts of collections.

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

// What is counted of a change of state.
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

// How long a tenant that is removed or vanished keeps the memory of a license:
// without one it comes back as license_lost, later as consented.
inline constexpr Duration kLicenseMemory = std::chrono::hours(72);

// A state, and when and under which company name it began. `since` has no
// value if nobody knows.
struct Stay {
  State state = State::kConsented;
  std::optional<WallTime> since;
  std::string company;
  bool operator==(const Stay&) const = default;
};

// What is kept of one tenant. Its texts are label values.
struct Life {
  Stay now;
  std::string company;           // the newest name that was seen
  std::optional<Stay> licensed;  // the newest stay in kLicensed, with its date
  // Of a tenant that is removed or vanished: the last stay before that.
  // No value: it was never seen otherwise.
  std::optional<Stay> before;
  bool operator==(const Life&) const = default;
};

// What one whole collection shows of one tenant. Add() its leads, which
// outlive the observation, in any order. Without `names` no company is seen.
class Observation {
 public:
  explicit Observation(bool names = true) : names_(names) {}

  void Add(const live_platform::Lead& lead);

  // The state that the leads make without a look at the past: never
  // kLicenseLost or kVanished.
  State state() const { return state_; }
  // The date that the newest lead of those that make the state has for it:
  // `lastModifiedOn`, for kConsented `consentedOn` if it has one.
  const std::optional<WallTime>& date() const { return date_; }
  // The newest `consentedOn` of the leads that make the state; without one, of
  // all that are not Removed.
  const std::optional<WallTime>& consented() const {
    return consented_ ? consented_ : consented_elsewhere_;
  }
  // The name that the newest lead has. A lead that is not Removed, then one
  // that has a name, goes before the newest.
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

// What a collection did to a life.
struct Step {
  bool changed = false;          // the life is another than before
  bool forgotten = false;        // the life is over: drop it
  std::optional<Change> change;  // to be counted
  // From consent to the license that was seen now.
  std::optional<Duration> time_to_license;
};

// The tenant that a lead belongs to, as a label value: its `tenantId`, or
// "lead:" and its id. Empty if it has neither: nobody can follow it.
std::string TenantOf(const live_platform::Lead& lead);

// The life of a tenant that was never known, and what is counted of it unless
// the whole account was unknown.
Life BeginLife(const Observation& seen, WallTime start);
std::optional<Change> FirstChange(State state);

// Takes the names out of a life. True if there were any.
bool DropNames(Life& life);

// A known tenant is in the collection, or is not. `removed_for`: after that
// time a tenant that is not listed is forgotten.
Step Seen(Life& life, const Observation& seen, WallTime start);
Step Missed(Life& life, WallTime start, Duration removed_for);

}  // namespace operator_connect::history

#endif  // OPERATOR_CONNECT_EXPORTER_HISTORY_LIFECYCLE_H_
