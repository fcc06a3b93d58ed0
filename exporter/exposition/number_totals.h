#ifndef OPERATOR_CONNECT_EXPORTER_EXPOSITION_NUMBER_TOTALS_H_
#define OPERATOR_CONNECT_EXPORTER_EXPOSITION_NUMBER_TOTALS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/exposition/label_limit.h"
#include "exporter/exposition/numbers_snapshot.h"
#include "exporter/live_platform/labels.h"
#include "exporter/live_platform/number_tally.h"

namespace operator_connect::exposition {

using TenantPointers = std::vector<const TenantSnapshot*>;

// All counts of some tenants, added up by the ids of their labels.
struct NumberTotals {
  using Id = live_platform::LabelIds::Id;

  explicit NumberTotals(const TenantPointers& tenants);

  std::map<Id, std::uint64_t> by_status;
  // By assignment status and capability.
  std::map<std::pair<Id, Id>, std::uint64_t> acquired;
  std::map<Id, std::uint64_t> available;
  std::map<Id, std::uint64_t> by_acquired_status;
  std::uint64_t never_checked = 0;
  std::uint64_t failed = 0;
  std::optional<WallTime> oldest_check;

 private:
  void Add(const live_platform::NumberCount& count);
};

// The label values shown for each id, decided for all families alike.
struct NumberLimits {
  NumberLimits(const live_platform::NumberLabels& labels,
               const NumberTotals& totals);

  LabelLimit statuses;
  LabelLimit capabilities;
  LabelLimit acquired_statuses;
};

}  // namespace operator_connect::exposition

#endif  // OPERATOR_CONNECT_EXPORTER_EXPOSITION_NUMBER_TOTALS_H_
