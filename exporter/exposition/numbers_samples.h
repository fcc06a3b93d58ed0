#ifndef OPERATOR_CONNECT_EXPORTER_EXPOSITION_NUMBERS_SAMPLES_H_
#define OPERATOR_CONNECT_EXPORTER_EXPOSITION_NUMBERS_SAMPLES_H_

#include "exporter/base/clock.h"
#include "exporter/config/config.h"
#include "exporter/exposition/account_state.h"
#include "exporter/exposition/families.h"
#include "exporter/exposition/numbers_snapshot.h"

namespace operator_connect::exposition {

// The samples of a snapshot at one moment.
struct NumbersSamples {
  Samples samples;
  // After it, counts in use are older than `max_age`, and the snapshot must be
  // written again; max() if there are none.
  SteadyTime valid_until = SteadyTime::max();
  // The number of tenants in each state.
  AccountState::Tenants tenants;
};

// Writes a snapshot as samples. Pure. Counts older than `max_age` are not used:
// their tenants are failed. If tenants were asked and none has counts, there
// are no samples of numbers: a zero would be wrong. Families: those of numbers
// and tenants, sync_failures of assignments, and dropped_series of tenants'
// series.
NumbersSamples WriteNumbers(const config::Account& account,
                            const NumbersSnapshot& snapshot, Duration max_age,
                            SteadyTime now);

}  // namespace operator_connect::exposition

#endif  // OPERATOR_CONNECT_EXPORTER_EXPOSITION_NUMBERS_SAMPLES_H_
