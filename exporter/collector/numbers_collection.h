#ifndef OPERATOR_CONNECT_EXPORTER_COLLECTOR_NUMBERS_COLLECTION_H_
#define OPERATOR_CONNECT_EXPORTER_COLLECTOR_NUMBERS_COLLECTION_H_

#include <memory>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/collector/numbers_builder.h"
#include "exporter/collector/tenants.h"
#include "exporter/exposition/numbers_snapshot.h"

namespace operator_connect::collector {

// Asks for the numbers of `tenants`, with as many requests at once as the
// account allows numbers to have, until `deadline` at the latest: by v2 one
// tenant a request; by v3 page by page for all, or, where the platform demands
// msTenantId or does not say whose numbers are, for one tenant after the other.
// Those asked longest ago come first, whether they answered or not, so that a
// collection that runs out of time is continued by the next, and tenants that
// hang starve no others. A tenant that failed, or whose turn did not come,
// keeps its counts of `before`, which may be null; so does one that was not
// asked for a while. Blocks; the caller's thread does its share.
NumbersOutcome CollectNumbers(
    const NumbersContext& context, std::vector<Tenant> tenants,
    const std::shared_ptr<const exposition::NumbersSnapshot>& before,
    const Deadline& deadline);

}  // namespace operator_connect::collector

#endif  // OPERATOR_CONNECT_EXPORTER_COLLECTOR_NUMBERS_COLLECTION_H_
