#ifndef OPERATOR_CONNECT_EXPORTER_EXPOSITION_ORPHAN_SAMPLES_H_
#define OPERATOR_CONNECT_EXPORTER_EXPOSITION_ORPHAN_SAMPLES_H_

#include "exporter/base/clock.h"
#include "exporter/config/config.h"
#include "exporter/exposition/families.h"
#include "exporter/exposition/numbers_snapshot.h"
#include "exporter/exposition/orphans_snapshot.h"

namespace operator_connect::exposition {

// The samples of orphans at one moment.
struct OrphanSamples {
  Samples samples;
  // After it, counts in use are too old, and the orphans must be written again;
  // max() if there are none.
  SteadyTime valid_until = SteadyTime::max();
};

// Writes the samples of orphans, and of those customers in `numbers` that are
// not licensed. Pure. Counts of customers, and counts read together with those
// of all tenants, are used for `max_age`; counts of tenants that are asked one
// by one for `removed_tenants_interval` longer.
//
// Removed tenants are shown once each of them was asked. A tenant without a
// count in use has no numbers. If none has one, there is no sample: a zero
// would be wrong. Families: those of orphans, and dropped_series of
// tenant_orphan_numbers.
OrphanSamples WriteOrphans(const config::Account& account,
                           const NumbersSnapshot& numbers,
                           const OrphansSnapshot& orphans, Duration max_age,
                           SteadyTime now);

}  // namespace operator_connect::exposition

#endif  // OPERATOR_CONNECT_EXPORTER_EXPOSITION_ORPHAN_SAMPLES_H_
