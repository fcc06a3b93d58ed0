#include "exporter/exposition/number_totals.h"

#include <string_view>

namespace operator_connect::exposition {
namespace {

using live_platform::LabelIds;
using live_platform::NumberCount;
using live_platform::NumberLabels;
using Kind = NumberCount::Kind;

LabelLimit StatusLimit(const NumberLabels& labels, const NumberTotals& totals) {
  LabelLimit::Counts counts;
  for (LabelIds::Id id = 0; id < live_platform::kKnownAssignmentStatuses;
       ++id) {
    counts.emplace(labels.assignment_statuses.label(id), 0);
  }
  for (const auto& [id, numbers] : totals.by_status) {
    counts[labels.assignment_statuses.label(id)] += numbers;
  }
  return LabelLimit(counts, [](std::string_view status) {
    return live_platform::IsKnownAssignmentStatus(status) ||
           status == live_platform::kUnknown;
  });
}

LabelLimit CapabilityLimit(const NumberLabels& labels,
                           const NumberTotals& totals) {
  LabelLimit::Counts counts;
  for (const auto& [ids, numbers] : totals.acquired) {
    counts[labels.capabilities.label(ids.second)] += numbers;
  }
  for (const auto& [id, numbers] : totals.available) {
    counts[labels.capabilities.label(id)] += numbers;
  }
  return LabelLimit(counts, live_platform::IsKnownCapability);
}

LabelLimit AcquiredStatusLimit(const NumberLabels& labels,
                               const NumberTotals& totals) {
  LabelLimit::Counts counts;
  for (const auto& [id, numbers] : totals.by_acquired_status) {
    counts[labels.acquired_statuses.label(id)] += numbers;
  }
  return LabelLimit(counts, [](std::string_view status) {
    return status == live_platform::kUnknown;
  });
}

}  // namespace

NumberTotals::NumberTotals(const TenantPointers& tenants) {
  for (const TenantSnapshot* tenant : tenants) {
    const live_platform::TenantNumbers& numbers = tenant->numbers;
    for (const NumberCount& count : numbers.counts) Add(count);
    never_checked += numbers.never_checked;
    failed += numbers.failed;
    if (numbers.oldest_check &&
        (!oldest_check || *numbers.oldest_check < *oldest_check)) {
      oldest_check = numbers.oldest_check;
    }
  }
}

void NumberTotals::Add(const NumberCount& count) {
  switch (count.kind) {
    case Kind::kStatus:
      by_status[count.status] += count.numbers;
      break;
    case Kind::kAcquired:
      acquired[{count.status, count.capability}] += count.numbers;
      break;
    case Kind::kAvailable:
      available[count.capability] += count.numbers;
      break;
    case Kind::kAcquiredStatus:
      by_acquired_status[count.status] += count.numbers;
      break;
  }
}

NumberLimits::NumberLimits(const NumberLabels& labels,
                           const NumberTotals& totals)
    : statuses(StatusLimit(labels, totals)),
      capabilities(CapabilityLimit(labels, totals)),
      acquired_statuses(AcquiredStatusLimit(labels, totals)) {}

}  // namespace operator_connect::exposition
