#include "tests/simulator/hold.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

namespace operator_connect::simulator {

Hold::State::State(Match match)
    : permits_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC | EFD_SEMAPHORE)),
      picker_(std::move(match)) {}

bool Hold::State::Pass(const Request& request, Stream& stream, Random& random) {
  {
    const MutexLock lock(mutex_);
    if (released_ || !picker_.Pick(request, random)) return true;
    ++held_;
    changed_.NotifyAll();
  }
  while (true) {
    const Stream::Waited waited = stream.Wait(Stream::kForEver, permits_.get());
    if (waited == Stream::Waited::kGone) {
      const MutexLock lock(mutex_);
      --held_;
      permitted_ = std::min(permitted_, held_);
      changed_.NotifyAll();
      return false;
    }
    if (Leave()) return true;
  }
}

// Takes a permit. False: another thread took it first.
bool Hold::State::Leave() {
  const MutexLock lock(mutex_);
  std::uint64_t one = 0;
  const bool taken =
      ::read(permits_.get(), &one, sizeof(one)) == ssize_t{sizeof(one)};
  if (!released_ && (!taken || permitted_ == 0)) return false;
  --held_;
  if (permitted_ > 0) --permitted_;
  changed_.NotifyAll();
  return true;
}

bool Hold::State::WaitForHeld(std::size_t count, const Deadline& deadline) {
  const MutexLock lock(mutex_);
  while (held_ - permitted_ < count) {
    if (deadline.expired()) return false;
    changed_.WaitUntil(mutex_, deadline.at());
  }
  return true;
}

std::size_t Hold::State::held() const {
  const MutexLock lock(mutex_);
  return held_ - permitted_;
}

void Hold::State::ReleaseSome(std::size_t count) {
  const MutexLock lock(mutex_);
  const std::uint64_t more = std::min(count, held_ - permitted_);
  if (more == 0) return;
  permitted_ += more;
  [[maybe_unused]] const ssize_t done =
      ::write(permits_.get(), &more, sizeof(more));
}

void Hold::State::Release() {
  const MutexLock lock(mutex_);
  if (released_) return;
  released_ = true;
  // More than can ever wait.
  const std::uint64_t all = std::uint64_t{1} << 40;
  [[maybe_unused]] const ssize_t done =
      ::write(permits_.get(), &all, sizeof(all));
}

bool Hold::State::released() const {
  const MutexLock lock(mutex_);
  return released_;
}

Hold::Hold(std::shared_ptr<State> state) : state_(std::move(state)) {}
Hold::~Hold() { Release(); }
Hold::Hold(Hold&&) noexcept = default;
Hold& Hold::operator=(Hold&& other) noexcept {
  if (this != &other) {
    Release();
    state_ = std::move(other.state_);
  }
  return *this;
}

bool Hold::WaitForHeld(std::size_t count, const Deadline& deadline) const {
  return state_->WaitForHeld(count, deadline);
}
std::size_t Hold::held() const { return state_->held(); }
void Hold::ReleaseSome(std::size_t count) { state_->ReleaseSome(count); }
void Hold::Release() {
  if (state_) state_->Release();
}

}  // namespace operator_connect::simulator
