#include "exporter/history/lifecycle.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "exporter/live_platform/labels.h"

namespace operator_connect::history {
namespace {

using live_platform::Lead;

constexpr std::array<std::string_view, kStates> kStateNames = {
    "licensed",  "inactive", "license_lost", "dormant",
    "consented", "removed",  "vanished"};
constexpr std::array<std::string_view, kChanges> kChangeNames = {
    "consented",   "licensed", "license_lost", "deactivated",
    "reactivated", "removed",  "vanished",     "returned"};

// The state of a tenant with this lead alone.
State StateOf(const Lead& lead) {
  if (lead.removed()) return State::kRemoved;
  const bool idle = lead.status == live_platform::kLeadNotActive ||
                    lead.status == live_platform::kLeadSuspended;
  if (lead.licensed) return idle ? State::kInactive : State::kLicensed;
  return idle ? State::kDormant : State::kConsented;
}

// The lead with the highest rank decides the tenant's state.
int Rank(State state) {
  switch (state) {
    case State::kLicensed:
      return 4;
    case State::kInactive:
      return 3;
    case State::kConsented:
      return 2;
    case State::kDormant:
      return 1;
    default:
      return 0;
  }
}

bool IsGone(State state) {
  return state == State::kRemoved || state == State::kVanished;
}

// Whether a tenant in this state loses a license if it has none afterwards.
bool HasLicense(State state) {
  return state == State::kLicensed || state == State::kInactive ||
         state == State::kLicenseLost;
}

// Whether `a` rather than `b` names the tenant.
bool SpeaksBefore(const Lead& a, const Lead& b) {
  const auto rank = [](const Lead& lead) {
    const std::optional<WallTime>& newest =
        lead.modified ? lead.modified : lead.consented;
    return std::tuple(!lead.removed(), !lead.company.empty(),
                      newest.value_or(WallTime::min()));
  };
  return rank(a) > rank(b);
}

// A date without a value is the oldest.
void KeepNewest(std::optional<WallTime>& newest,
                const std::optional<WallTime>& date) {
  if (newest < date) newest = date;
}

// The last state of the tenant while it had leads that are not Removed.
std::optional<State> LastState(const Life& life) {
  if (!IsGone(life.now.state)) return life.now.state;
  return life.before ? std::optional(life.before->state) : std::nullopt;
}

// The state of this life after the observation.
State NextState(const Life& life, const Observation& seen, WallTime start) {
  const State state = seen.state();
  if (state != State::kConsented && state != State::kDormant) return state;
  const std::optional<State> last = LastState(life);
  if (!last || !HasLicense(*last)) return state;
  const bool too_long_ago = IsGone(life.now.state) && life.now.since &&
                            start - *life.now.since > kLicenseMemory;
  return too_long_ago ? state : State::kLicenseLost;
}

std::optional<Change> ChangeBetween(State before, State after) {
  if (after == State::kRemoved) return Change::kRemoved;
  if (after == State::kVanished) return Change::kVanished;
  if (after == State::kDormant) return std::nullopt;
  if (IsGone(before)) return Change::kReturned;
  if (after == State::kInactive) return Change::kDeactivated;
  if (after == State::kLicenseLost) return Change::kLicenseLost;
  if (after == State::kConsented) return Change::kConsented;
  return before == State::kInactive ? Change::kReactivated : Change::kLicensed;
}

// The stay of `life` in `state`: a new one, or the present one continued.
Stay NextStay(const Life& life, State state, WallTime start) {
  if (state == State::kLicensed && life.licensed) return *life.licensed;
  const bool vanished = life.now.state == State::kVanished;
  if (vanished && life.before && life.before->state == state) {
    return *life.before;
  }
  // The tenant was already gone.
  if (vanished && state == State::kRemoved) {
    return {state, life.now.since, life.now.company};
  }
  return {state, start, life.company};
}

// If the clock was ahead earlier, dates lie in the future. Without this the
// tenant would count as just changed for as long as the clock was ahead.
void HoldToPresent(Life& life, WallTime start, Step& step) {
  if (life.now.since <= start) return;
  life.now.since = start;
  if (life.now.state == State::kLicensed) life.licensed = life.now;
  step.changed = true;
}

void Enter(Life& life, State state, WallTime start, Step& step) {
  step.changed = true;
  step.change = ChangeBetween(life.now.state, state);
  Stay next = NextStay(life, state, start);
  if (!IsGone(state)) {
    life.before.reset();
  } else if (!IsGone(life.now.state)) {
    life.before = std::move(life.now);
  }
  life.now = std::move(next);
  if (state == State::kLicensed) life.licensed = life.now;
}

// A stay that began without a name takes the first name.
void LearnCompany(Life& life, std::string_view company, Step& step) {
  if (life.company != company) {
    life.company = company;
    step.changed = true;
  }
  if (life.now.company.empty() && !company.empty()) {
    life.now.company = company;
    if (life.now.state == State::kLicensed) life.licensed = life.now;
    step.changed = true;
  }
}

}  // namespace

std::string_view Name(State state) {
  return kStateNames[static_cast<std::size_t>(state)];
}

std::string_view Name(Change change) {
  return kChangeNames[static_cast<std::size_t>(change)];
}

std::optional<State> StateNamed(std::string_view name) {
  const auto found = std::find(kStateNames.begin(), kStateNames.end(), name);
  if (found == kStateNames.end()) return std::nullopt;
  return static_cast<State>(found - kStateNames.begin());
}

void Observation::Add(const Lead& lead) {
  const State state = StateOf(lead);
  if (speaker_ == nullptr || Rank(state) > Rank(state_)) {
    state_ = state;
    date_.reset();
    consented_.reset();
  }
  if (state == state_) {
    const bool by_consent = state == State::kConsented && lead.consented;
    KeepNewest(date_, by_consent ? lead.consented : lead.modified);
    KeepNewest(consented_, lead.consented);
  }
  if (!lead.removed()) KeepNewest(consented_elsewhere_, lead.consented);
  if (speaker_ == nullptr || SpeaksBefore(lead, *speaker_)) speaker_ = &lead;
}

std::string TenantOf(const Lead& lead) {
  if (!lead.tenant_id.empty()) return lead.tenant_id;
  if (lead.id.empty()) return {};
  return live_platform::LabelValue("lead:" + lead.id);
}

Life BeginLife(const Observation& seen, WallTime start) {
  Life life;
  life.company = seen.company();
  life.now = {seen.state(), seen.date(), life.company};
  if (life.now.since > start) life.now.since = start;
  if (life.now.state == State::kConsented && !life.now.since) {
    life.now.since = start;
  }
  if (life.now.state == State::kLicensed) life.licensed = life.now;
  return life;
}

std::optional<Change> FirstChange(State state) {
  if (state == State::kConsented) return Change::kConsented;
  if (state == State::kLicensed) return Change::kLicensed;
  return std::nullopt;
}

bool DropNames(Life& life) {
  const Life with_names = life;
  life.company.clear();
  life.now.company.clear();
  if (life.licensed) life.licensed->company.clear();
  if (life.before) life.before->company.clear();
  return life != with_names;
}

Step Seen(Life& life, const Observation& seen, WallTime start) {
  Step step;
  const State state = NextState(life, seen, start);
  // The name belongs to the state that begins.
  if (state != life.now.state) {
    life.company = seen.company();
    const bool waited = LastState(life) == State::kConsented;
    Enter(life, state, start, step);
    const bool licensed =
        state == State::kLicensed || state == State::kInactive;
    if (waited && licensed && seen.consented()) {
      step.time_to_license =
          std::max(Duration::zero(), start - *seen.consented());
    }
  }
  LearnCompany(life, seen.company(), step);
  HoldToPresent(life, start, step);
  return step;
}

Step Missed(Life& life, WallTime start, Duration removed_for) {
  Step step;
  if (!IsGone(life.now.state)) {
    Enter(life, State::kVanished, start, step);
    return step;
  }
  HoldToPresent(life, start, step);
  step.forgotten = !life.now.since || start - *life.now.since > removed_for;
  if (step.forgotten) step.changed = true;
  return step;
}

}  // namespace operator_connect::history
