#ifndef OPERATOR_CONNECT_EXPORTER_COLLECTOR_PUBLISHED_NUMBERS_H_
#define OPERATOR_CONNECT_EXPORTER_COLLECTOR_PUBLISHED_NUMBERS_H_

#include <memory>

#include "exporter/base/clock.h"
#include "exporter/config/config.h"
#include "exporter/exposition/numbers_samples.h"
#include "exporter/exposition/numbers_snapshot.h"
#include "exporter/exposition/orphan_samples.h"
#include "exporter/exposition/orphans_snapshot.h"

namespace operator_connect::collector {

// The newest results of an account's collections of numbers, and their samples.
// A value: threads that share one need a lock.
class PublishedNumbers {
 public:
  // Holds no results.
  PublishedNumbers() = default;
  // Holds no samples until Refresh().
  PublishedNumbers(std::shared_ptr<const exposition::NumbersSnapshot> numbers,
                   exposition::OrphansSnapshot orphans);

  // Null: there are no results.
  const std::shared_ptr<const exposition::NumbersSnapshot>& numbers() const {
    return numbers_;
  }
  const std::shared_ptr<const exposition::OrphansSnapshot>& orphans() const {
    return orphans_;
  }
  const exposition::NumbersSamples& samples() const { return samples_; }
  const exposition::OrphanSamples& orphan_samples() const {
    return orphan_samples_;
  }

  void SetOrphans(exposition::OrphansSnapshot orphans);
  // Marks the samples as outdated: a limit may have changed.
  void Outdate();
  // Writes samples that are not valid at `now`.
  void Refresh(const config::Account& account, Duration max_age,
               SteadyTime now);

 private:
  std::shared_ptr<const exposition::NumbersSnapshot> numbers_;
  std::shared_ptr<const exposition::OrphansSnapshot> orphans_;
  exposition::NumbersSamples samples_;
  exposition::OrphanSamples orphan_samples_;
};

}  // namespace operator_connect::collector

#endif  // OPERATOR_CONNECT_EXPORTER_COLLECTOR_PUBLISHED_NUMBERS_H_
