#ifndef OPERATOR_CONNECT_EXPORTER_EXPOSITION_TENANT_SAMPLES_H_
#define OPERATOR_CONNECT_EXPORTER_EXPOSITION_TENANT_SAMPLES_H_

#include "exporter/config/config.h"
#include "exporter/exposition/families.h"
#include "exporter/exposition/number_totals.h"
#include "exporter/live_platform/number_tally.h"

namespace operator_connect::exposition {

// Writes the series of each tenant's numbers: of the tenants with most numbers,
// at most `numbers.tenant_series_limit` of them, and dropped_series for the
// rest.
void WriteTenantSamples(const config::Account& account,
                        const live_platform::NumberLabels& labels,
                        const NumberLimits& limits, TenantPointers tenants,
                        Samples& samples);

}  // namespace operator_connect::exposition

#endif  // OPERATOR_CONNECT_EXPORTER_EXPOSITION_TENANT_SAMPLES_H_
