#ifndef OPERATOR_CONNECT_EXPORTER_EXPOSITION_ORPHAN_SAMPLES_H_
#define OPERATOR_CONNECT_EXPORTER_EXPOSITION_ORPHAN_SAMPLES_H_

#include "exporter/base/clock.h"
#include "exporter/config/config.h"
#include "exporter/exposition/families.h"
#include "exporter/exposition/numbers_snapshot.h"
#include "exporter/exposition/orphans_snapshot.h"

namespace operator_connect::exposition {

// The orphans written out as samples, as of one moment.
struct OrphanSamples {
  Samples samples;
  // From then on counts in use are too old, and the orphans have to be written
  // again; max() if there are none.
  SteadyTime valid_until = SteadyTime::max();
};

// Writes the orphans out, and with them those customers of `numbers` that are
// not licensed. Pure. Counts of customers, and counts that were read with those
// of all tenants, are used for `max_age`; counts of tenants that are asked one
// by one for `removed_tenants_interval` longer.
//
// Removed tenants are shown once each of them was asked. One without a count in
// use has no numbers, but where none has a count nothing is said: that would
// be a zero that nobody counted. Families: those of orphans, and dropped_series
// of tenant_orphan_numbers.
OrphanSamples WriteOrphans(const config::Account& account,
                           const NumbersSnapshot& numbers,
                           const OrphansSnapshot& orphans, Duration max_age,
                           SteadyTime now);

}  // namespace operator_connect::exposition

#endif  // OPERATOR_CONNECT_EXPORTER_EXPOSITION_ORPHAN_SAMPLES_H_
