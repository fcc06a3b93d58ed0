#ifndef OPERATOR_CONNECT_EXPORTER_EXPOSITION_LEADS_SAMPLES_H_
#define OPERATOR_CONNECT_EXPORTER_EXPOSITION_LEADS_SAMPLES_H_

#include <vector>

#include "exporter/base/clock.h"
#include "exporter/config/config.h"
#include "exporter/exposition/families.h"
#include "exporter/live_platform/lead.h"

namespace operator_connect::exposition {

// Writes the samples of a whole read of an account's leads. Pure: `read_at`,
// the start of the read, is the present for ages. Families: those of leads,
// tenant_info, sync_failures of civic addresses, and dropped_series of
// lead_info and its dates.
Samples WriteLeads(const config::Account& account,
                   const std::vector<live_platform::Lead>& leads,
                   WallTime read_at);

}  // namespace operator_connect::exposition

#endif  // OPERATOR_CONNECT_EXPORTER_EXPOSITION_LEADS_SAMPLES_H_
