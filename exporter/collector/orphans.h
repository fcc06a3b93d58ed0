#ifndef OPERATOR_CONNECT_EXPORTER_COLLECTOR_ORPHANS_H_
#define OPERATOR_CONNECT_EXPORTER_COLLECTOR_ORPHANS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/collector/numbers_builder.h"
#include "exporter/collector/tenants.h"
#include "exporter/exposition/numbers_snapshot.h"
#include "exporter/exposition/orphans_snapshot.h"

namespace operator_connect::collector {

// The results before a collection of numbers; null: there are none.
struct NumbersBefore {
  const exposition::NumbersSnapshot* numbers;
  const exposition::OrphansSnapshot* orphans;
};

// Returns the orphans after a collection of numbers. `all_tenants` are the
// tenants that have a lead, ascending. A collection that read all tenants
// together has counted the orphans, too. After any other, removed tenants keep
// their last counts, also those as customers. Tenants without a lead keep
// theirs if all tenants should have been read together and the read failed.
exposition::OrphansSnapshot ListOrphans(
    const config::Account& account, const Tenants& tenants,
    const std::vector<std::string>& all_tenants, const NumbersOutcome& found,
    const NumbersBefore& before);

// Whether to ask removed tenants after that collection: if it asked tenants one
// by one and succeeded, and the interval is not 0. While the platform is down
// they would fail, too, and wait for the whole interval.
bool OrphansAreAsked(const config::Account& account,
                     const NumbersOutcome& found);

// Reads the numbers of those of `orphans.removed` that were not asked within
// `removed_tenants_interval`, those asked longest ago first, with up to
// SlotsForNumbers() requests at once. `removed` holds the same tenants in the
// same order. Blocks until `deadline` or its stop at the latest. A request that
// is cut off then counts as asked, but stays due. Adds to `malformed` the
// elements that were not objects.
exposition::OrphansSnapshot AskOrphans(const NumbersContext& context,
                                       const std::vector<Tenant>& removed,
                                       exposition::OrphansSnapshot orphans,
                                       std::uint64_t& malformed,
                                       const Deadline& deadline);

}  // namespace operator_connect::collector

#endif  // OPERATOR_CONNECT_EXPORTER_COLLECTOR_ORPHANS_H_
