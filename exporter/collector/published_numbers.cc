#include "exporter/collector/published_numbers.h"

#include <utility>

namespace operator_connect::collector {

PublishedNumbers::PublishedNumbers(
    std::shared_ptr<const exposition::NumbersSnapshot> numbers,
    exposition::OrphansSnapshot orphans)
    : numbers_(std::move(numbers)),
      orphans_(std::make_shared<const exposition::OrphansSnapshot>(
          std::move(orphans))) {
  Outdate();
}

void PublishedNumbers::SetOrphans(exposition::OrphansSnapshot orphans) {
  orphans_ =
      std::make_shared<const exposition::OrphansSnapshot>(std::move(orphans));
  orphan_samples_.valid_until = SteadyTime::min();
}

void PublishedNumbers::Outdate() {
  samples_.valid_until = SteadyTime::min();
  orphan_samples_.valid_until = SteadyTime::min();
}

void PublishedNumbers::Refresh(const config::Account& account, Duration max_age,
                               SteadyTime now) {
  if (numbers_ == nullptr) return;
  if (now > samples_.valid_until) {
    samples_ = exposition::WriteNumbers(account, *numbers_, max_age, now);
  }
  if (now > orphan_samples_.valid_until) {
    orphan_samples_ =
        exposition::WriteOrphans(account, *numbers_, *orphans_, max_age, now);
  }
}

}  // namespace operator_connect::collector
