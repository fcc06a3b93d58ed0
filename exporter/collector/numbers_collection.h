#ifndef OPERATOR_CONNECT_EXPORTER_COLLECTOR_NUMBERS_COLLECTION_H_
#define OPERATOR_CONNECT_EXPORTER_COLLECTOR_NUMBERS_COLLECTION_H_

#include <memory>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/collector/numbers_builder.h"
#include "exporter/collector/tenants.h"
#include "exporter/exposition/numbers_snapshot.h"

namespace operator_connect::collector {

// Reads the numbers of `tenants` with up to SlotsForNumbers() requests at once,
// until `deadline` at the latest. v2 sends one request per tenant. v3 reads the
// pages of all tenants together, or, if the platform requires msTenantId or
// does not name the tenants of numbers, the pages of each tenant.
//
// Tenants that were asked longest ago come first, whether they responded or
// not: the next collection continues one that ran out of time, and hanging
// tenants starve no others. A tenant that failed, or was not reached, keeps its
// counts of `before`, which may be null; so does a tenant that is not in
// `tenants` for `max_age`. Blocks; the caller's thread works, too.
NumbersOutcome CollectNumbers(
    const NumbersContext& context, std::vector<Tenant> tenants,
    const std::shared_ptr<const exposition::NumbersSnapshot>& before,
    const Deadline& deadline);

}  // namespace operator_connect::collector

#endif  // OPERATOR_CONNECT_EXPORTER_COLLECTOR_NUMBERS_COLLECTION_H_
