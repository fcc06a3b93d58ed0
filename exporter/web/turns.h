#ifndef OPERATOR_CONNECT_EXPORTER_WEB_TURNS_H_
#define OPERATOR_CONNECT_EXPORTER_WEB_TURNS_H_

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <string>

#include "exporter/base/clock.h"
#include "exporter/base/mutex.h"

namespace operator_connect::web {

// Lets a few callers at a time do what is costly, and makes some more wait.
// Thread-safe.
//
// Addresses take turns, so that one that floods delays itself and not the
// others. Of one address the newest caller is next: under a flood the oldest
// has hardly time left, and a queue in order would be too late for everybody.
class Turns {
 public:
  // `at_once` callers have a turn at a time, `waiting` more may wait.
  Turns(int at_once, std::size_t waiting);

  // Blocks until it is the turn of this caller, who came from `address`: true,
  // and End() must follow. False: `deadline` has passed, or it had to make
  // room for another, as the oldest of the address with most that wait.
  bool Take(const std::string& address, const Deadline& deadline);
  void End();

  // How many wait at this moment.
  std::size_t waiting() const;

 private:
  enum class State { kWaits, kHasTurn, kTurnedAway };
  struct Caller {
    std::string address;
    State state = State::kWaits;
  };

  std::uint64_t NewestTurn(const std::string& address) const
      OC_REQUIRES(mutex_);
  void GiveTurn(const std::string& address) OC_REQUIRES(mutex_);
  void GiveNextTurn() OC_REQUIRES(mutex_);
  void MakeRoom() OC_REQUIRES(mutex_);

  const int at_once_;
  const std::size_t most_waiting_;

  mutable Mutex mutex_;
  CondVar changed_;
  int having_ OC_GUARDED_BY(mutex_) = 0;
  std::list<Caller> callers_ OC_GUARDED_BY(mutex_);  // who wait, oldest first
  std::uint64_t turns_ OC_GUARDED_BY(mutex_) = 0;
  // Address → number of its newest turn.
  std::map<std::string, std::uint64_t> newest_turns_ OC_GUARDED_BY(mutex_);
};

}  // namespace operator_connect::web

#endif  // OPERATOR_CONNECT_EXPORTER_WEB_TURNS_H_
