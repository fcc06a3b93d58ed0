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

// The orphans as a collection of numbers leaves them. `all_tenants` are the
// tenants that have a lead, ascending. A collection that read all tenants
// together counted the orphans too. After another one, removed tenants keep
// what is known of them, also as customers; those without a lead do if all were
// to be read together and could not be.
exposition::OrphansSnapshot ListOrphans(
    const config::Account& account, const Tenants& tenants,
    const std::vector<std::string>& all_tenants, const NumbersOutcome& found,
    const NumbersBefore& before);

// Whether removed tenants are asked behind that collection: if it asked tenants
// one by one and succeeded. A platform that is down would fail them too, and
// they would not be asked again for long.
bool OrphansAreAsked(const config::Account& account,
                     const NumbersOutcome& found);

// Asks for the numbers of those of `orphans.removed` that were not asked within
// `removed_tenants_interval`, those asked longest ago first, with as many
// requests at once as numbers may have. `removed` are the same tenants in the
// same order. Blocks until `deadline` or its stop at the latest; a request that
// is under way then is given up, and counts as asked, but not as done. Adds to
// `malformed` the elements that were no objects.
exposition::OrphansSnapshot AskOrphans(const NumbersContext& context,
                                       const std::vector<Tenant>& removed,
                                       exposition::OrphansSnapshot orphans,
                                       std::uint64_t& malformed,
                                       const Deadline& deadline);

}  // namespace operator_connect::collector

#endif  // OPERATOR_CONNECT_EXPORTER_COLLECTOR_ORPHANS_H_
