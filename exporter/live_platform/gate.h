#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_GATE_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_GATE_H_

#include <list>
#include <optional>
#include <string>

#include "exporter/base/clock.h"
#include "exporter/base/mutex.h"
#include "exporter/base/result.h"

namespace operator_connect::live_platform {

// Paces the requests of one account: how many are under way, how far apart they
// start, and until when none may start. Requests for leads have the next turn,
// and one slot that requests for numbers never take (a single slot is shared).
// Within a kind, first come, first served. Thread-safe; no thread wakes up
// while nothing changes.
class Gate {
 public:
  enum class Kind { kLeads, kNumbers };

  // A slot: the right to one request under way, released by the destructor.
  // Must not outlive the gate.
  class Slot {
   public:
    Slot(Gate* gate, Kind kind, bool waited)
        : gate_(gate), kind_(kind), waited_(waited) {}
    Slot(Slot&& other) noexcept;
    Slot& operator=(Slot&&) = delete;
    ~Slot();
    // False: the slot was free at once.
    bool waited() const { return waited_; }

   private:
    Gate* gate_;
    Kind kind_;
    bool waited_;
  };

  // `concurrency` is 1 or more; `requests_per_second` 0: no limit. Starts are
  // at least 1/requests_per_second apart; there are no bursts after idle times.
  Gate(int concurrency, double requests_per_second);
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  // Waits for a slot and a turn. Refused at the deadline or a stop, and at
  // once when the turn cannot come before the deadline; the error says why.
  Result<Slot, std::string> Enter(Kind kind, const Deadline& deadline);

  // Starts nothing before `until`, by the machine's steady clock. Never
  // shortens an earlier pause.
  void PauseUntil(SteadyTime until);
  SteadyTime paused_until();

  // The number of threads that wait in Enter() now.
  int waiting();

 private:
  struct Waiter;
  using Queue = std::list<Waiter*>;

  void Leave(Kind kind);
  const Waiter* Next() const OC_REQUIRES(mutex_);
  bool HasSlot(Kind kind) const OC_REQUIRES(mutex_);
  SteadyTime NextStart() const OC_REQUIRES(mutex_);
  void WakeNext() OC_REQUIRES(mutex_);
  // Waits until it is `waiter`'s turn; returns the reason for a refusal
  // otherwise.
  std::optional<std::string> WaitForTurn(Waiter& waiter,
                                         const Deadline& deadline, bool* waited)
      OC_REQUIRES(mutex_);

  const int concurrency_;
  const int numbers_concurrency_;
  const Duration spacing_;

  Mutex mutex_;
  Queue leads_ OC_GUARDED_BY(mutex_);
  Queue numbers_ OC_GUARDED_BY(mutex_);
  int under_way_ OC_GUARDED_BY(mutex_) = 0;
  int numbers_under_way_ OC_GUARDED_BY(mutex_) = 0;
  SteadyTime spaced_until_ OC_GUARDED_BY(mutex_) = SteadyTime::min();
  SteadyTime paused_until_ OC_GUARDED_BY(mutex_) = SteadyTime::min();
};

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_GATE_H_
