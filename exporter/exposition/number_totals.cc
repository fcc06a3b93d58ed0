#include "exporter/exposition/number_totals.h"

#include <cstdint>

namespace operator_connect::exposition {
namespace {

using live_platform::LabelIds;
using live_platform::NumberCount;
using live_platform::NumberLabels;
using live_platform::TenantNumbers;

bool StandsForNone(std::string_view value) {
  return value == live_platform::kUnknown || value == live_platform::kNone ||
         value == live_platform::kOcsync;
}

LabelLimit StatusLimit(const LabelIds& statuses, const TenantNumbers& totals) {
  LabelLimit::Counts counts;
  for (LabelIds::Id id = 0; id < live_platform::kKnownAssignmentStatuses;
       ++id) {
    counts.emplace(statuses.label(id), 0);
  }
  for (const NumberCount& count : totals.counts) {
    if (count.kind != NumberCount::Kind::kStatus) continue;
    counts[statuses.label(count.status)] += count.numbers;
  }
  return LabelLimit(counts, [](std::string_view status) {
    return live_platform::IsKnownAssignmentStatus(status) ||
           status == live_platform::kUnknown;
  });
}

// The limit of the label with these values, over all kinds of counts.
LabelLimit ValueLimit(const LabelIds& values, const NumberLabels& labels,
                      const TenantNumbers& totals,
                      bool (*known)(std::string_view) = StandsForNone) {
  LabelLimit::Counts counts;
  for (const NumberCount& count : totals.counts) {
    if (ValuesOf(count.kind, labels) != &values) continue;
    counts[values.label(count.value)] += count.numbers;
  }
  return LabelLimit(counts, known);
}

}  // namespace

TenantNumbers AddUp(const TenantPointers& tenants) {
  live_platform::NumberTally sum;
  for (const TenantSnapshot* tenant : tenants) sum.Add(tenant->numbers);
  return sum.Total();
}

NumberLimits::NumberLimits(const NumberLabels& labels,
                           const TenantNumbers& totals)
    : labels_(labels),
      statuses_(StatusLimit(labels.assignment_statuses, totals)),
      capabilities_(ValueLimit(labels.capabilities, labels, totals,
                               live_platform::IsKnownCapability)),
      acquired_statuses_(ValueLimit(labels.acquired_statuses, labels, totals,
                                    live_platform::IsKnownAcquiredStatus)),
      // Countries have no limit: there are not many.
      countries_(LabelLimit::Counts(), StandsForNone),
      sources_(ValueLimit(labels.sources, labels, totals)),
      sbcs_(ValueLimit(labels.sbcs, labels, totals)),
      profiles_(ValueLimit(labels.profiles, labels, totals)),
      codes_(ValueLimit(labels.codes, labels, totals)) {}

const LabelLimit& NumberLimits::Limit(Kind kind) const {
  switch (kind) {
    case Kind::kAcquired:
    case Kind::kAvailable:
      return capabilities_;
    case Kind::kAcquiredStatus:
      return acquired_statuses_;
    case Kind::kSource:
      return sources_;
    case Kind::kSbc:
      return sbcs_;
    case Kind::kProfile:
      return profiles_;
    case Kind::kCode:
      return codes_;
    default:
      return countries_;
  }
}

}  // namespace operator_connect::exposition
