#include "exporter/exposition/freshness.h"

#include <algorithm>

namespace operator_connect::exposition {

bool Freshness::InUse(const std::optional<SteadyTime>& read_at,
                      Duration lifetime) {
  if (!read_at || now_ - *read_at > lifetime) return false;
  // A configured lifetime can exceed the range of SteadyTime.
  if (lifetime < SteadyTime::max() - *read_at) {
    valid_until_ = std::min(valid_until_, *read_at + lifetime);
  }
  return true;
}

}  // namespace operator_connect::exposition
