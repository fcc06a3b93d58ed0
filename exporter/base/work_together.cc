#include "exporter/base/work_together.h"

#include <memory>
#include <optional>

#include "exporter/base/mutex.h"

namespace operator_connect {
namespace {

// State shared by the workers. It outlives the call that made it, as a worker
// may get its thread only after all work is done.
class Shared {
 public:
  Shared(std::size_t turns, const Deadline& deadline)
      : turns_(turns), deadline_(deadline) {}

  // The first turn of a worker; nullopt: the worker is no longer needed.
  std::optional<std::size_t> Join() OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    const std::optional<std::size_t> turn = Take();
    if (turn) ++working_;
    return turn;
  }

  std::optional<std::size_t> Next() OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return Take();
  }

  void Leave() OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    --working_;
    changed_.NotifyAll();
  }

  void Finish() OC_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    next_ = turns_;
    while (working_ > 0) changed_.Wait(mutex_);
  }

 private:
  std::optional<std::size_t> Take() OC_REQUIRES(mutex_) {
    if (next_ >= turns_ || deadline_.expired()) return std::nullopt;
    return next_++;
  }

  const std::size_t turns_;
  const Deadline deadline_;
  Mutex mutex_;
  CondVar changed_;
  std::size_t next_ OC_GUARDED_BY(mutex_) = 0;
  int working_ OC_GUARDED_BY(mutex_) = 0;
};

}  // namespace

void WorkTogether(
    ThreadPool& pool, std::size_t workers, std::size_t turns,
    const Deadline& deadline,
    const std::function<std::function<void(std::size_t turn)>()>& start) {
  const auto shared = std::make_shared<Shared>(turns, deadline);
  // A worker that has joined keeps the call from returning, so `start` is
  // alive.
  const auto work = [shared, &start] {
    std::optional<std::size_t> turn = shared->Join();
    if (!turn) return;
    const std::function<void(std::size_t)> take = start();
    for (; turn; turn = shared->Next()) take(*turn);
    shared->Leave();
  };
  for (std::size_t i = 1; i < workers; ++i) pool.Submit(work);
  work();
  shared->Finish();
}

}  // namespace operator_connect
