#ifndef OPERATOR_CONNECT_EXPORTER_EXPOSITION_NUMBERS_SAMPLES_H_
#define OPERATOR_CONNECT_EXPORTER_EXPOSITION_NUMBERS_SAMPLES_H_

#include "exporter/base/clock.h"
#include "exporter/config/config.h"
#include "exporter/exposition/account_state.h"
#include "exporter/exposition/families.h"
#include "exporter/exposition/numbers_snapshot.h"

namespace operator_connect::exposition {

// A snapshot written out as samples, as of one moment.
struct NumbersSamples {
  Samples samples;
  // From then on counts in use are older than `max_age`, and the snapshot has
  // to be written again; max() if there are none.
  SteadyTime valid_until = SteadyTime::max();
  // How many tenants are in which state.
  AccountState::Tenants tenants;
};

// Writes a snapshot out. Pure. Counts older than `max_age` are not used: their
// tenants are failed. Where tenants were asked and none has counts, nothing is
// said of numbers: that would be a zero that nobody counted. Families: those
// of numbers and tenants, sync_failures of assignments, and dropped_series of
// tenants' series.
NumbersSamples WriteNumbers(const config::Account& account,
                            const NumbersSnapshot& snapshot, Duration max_age,
                            SteadyTime now);

}  // namespace operator_connect::exposition

#endif  // OPERATOR_CONNECT_EXPORTER_EXPOSITION_NUMBERS_SAMPLES_H_
