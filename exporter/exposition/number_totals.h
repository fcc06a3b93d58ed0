#ifndef OPERATOR_CONNECT_EXPORTER_EXPOSITION_NUMBER_TOTALS_H_
#define OPERATOR_CONNECT_EXPORTER_EXPOSITION_NUMBER_TOTALS_H_

#include <array>
#include <string_view>
#include <vector>

#include "exporter/exposition/label_limit.h"
#include "exporter/exposition/numbers_snapshot.h"
#include "exporter/live_platform/labels.h"
#include "exporter/live_platform/number_tally.h"

namespace operator_connect::exposition {

using TenantPointers = std::vector<const TenantSnapshot*>;

// Adds up all numbers of some tenants.
live_platform::TenantNumbers AddUp(const TenantPointers& tenants);

// The label values shown for each id, the same in all families.
class NumberLimits {
 public:
  // `totals` are those of all tenants in use. `labels` outlive this.
  NumberLimits(const live_platform::NumberLabels& labels,
               const live_platform::TenantNumbers& totals);

  std::string_view Status(live_platform::LabelIds::Id id) const {
    return statuses_(labels_.assignment_statuses.label(id));
  }
  // The value of a count's own label; not for Kind::kStatus, which has none.
  std::string_view Value(const live_platform::NumberCount& count) const {
    return Limit(count.kind)(ValuesOf(count.kind, labels_)->label(count.value));
  }

 private:
  using Kind = live_platform::NumberCount::Kind;

  const LabelLimit& Limit(Kind kind) const;

  const live_platform::NumberLabels& labels_;
  const LabelLimit statuses_;
  const LabelLimit capabilities_;
  const LabelLimit acquired_statuses_;
  const LabelLimit countries_;
  const LabelLimit sources_;
  const LabelLimit sbcs_;
  const LabelLimit profiles_;
  const LabelLimit codes_;
};

}  // namespace operator_connect::exposition

#endif  // OPERATOR_CONNECT_EXPORTER_EXPOSITION_NUMBER_TOTALS_H_
