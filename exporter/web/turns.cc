#include "exporter/web/turns.h"

#include <algorithm>

namespace operator_connect::web {
namespace {

constexpr std::size_t kMostRemembered = 1024;

}  // namespace

Turns::Turns(int at_once, std::size_t waiting)
    : at_once_(at_once), most_waiting_(waiting) {}

bool Turns::Take(const std::string& address, const Deadline& deadline) {
  MutexLock lock(mutex_);
  if (having_ < at_once_) {
    GiveTurn(address);
    return true;
  }
  const auto caller = callers_.insert(callers_.end(), {address});
  if (callers_.size() > most_waiting_) MakeRoom();
  while (caller->state == State::kWaits && !deadline.expired()) {
    changed_.WaitUntil(mutex_, deadline.at());
  }
  const bool has_turn = caller->state == State::kHasTurn;
  callers_.erase(caller);
  return has_turn;
}

void Turns::End() {
  MutexLock lock(mutex_);
  --having_;
  GiveNextTurn();
}

std::size_t Turns::waiting() const {
  MutexLock lock(mutex_);
  return static_cast<std::size_t>(std::count_if(
      callers_.begin(), callers_.end(),
      [](const Caller& caller) { return caller.state == State::kWaits; }));
}

std::uint64_t Turns::NewestTurn(const std::string& address) const {
  const auto found = newest_turns_.find(address);
  return found == newest_turns_.end() ? 0 : found->second;
}

void Turns::GiveTurn(const std::string& address) {
  ++having_;
  // Who is forgotten is treated like somebody new, no worse.
  if (newest_turns_.size() >= kMostRemembered) newest_turns_.clear();
  newest_turns_[address] = ++turns_;
}

void Turns::GiveNextTurn() {
  Caller* next = nullptr;
  for (Caller& caller : callers_) {
    if (caller.state != State::kWaits) continue;
    if (next == nullptr ||
        NewestTurn(caller.address) <= NewestTurn(next->address)) {
      next = &caller;
    }
  }
  if (next == nullptr) return;
  next->state = State::kHasTurn;
  GiveTurn(next->address);
  changed_.NotifyAll();
}

void Turns::MakeRoom() {
  std::map<std::string, std::size_t> counts;
  Caller* last = nullptr;
  // From the newest to the oldest: what is left is the oldest of the most.
  for (auto caller = callers_.rbegin(); caller != callers_.rend(); ++caller) {
    if (caller->state != State::kWaits) continue;
    const std::size_t count = ++counts[caller->address];
    if (last == nullptr || count >= counts[last->address]) last = &*caller;
  }
  if (last == nullptr) return;
  last->state = State::kTurnedAway;
  changed_.NotifyAll();
}

}  // namespace operator_connect::web
