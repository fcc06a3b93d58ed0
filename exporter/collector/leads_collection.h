#ifndef OPERATOR_CONNECT_EXPORTER_COLLECTOR_LEADS_COLLECTION_H_
#define OPERATOR_CONNECT_EXPORTER_COLLECTOR_LEADS_COLLECTION_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/log.h"
#include "exporter/collector/tenants.h"
#include "exporter/collector/track.h"
#include "exporter/exposition/families.h"
#include "exporter/history/account_history.h"
#include "exporter/live_platform/client.h"
#include "exporter/live_platform/leads_paging.h"

namespace operator_connect::collector {

// The result of a whole collection of leads. Never changes once published.
struct PublishedLeads {
  exposition::Samples samples;
  Tenants tenants;
  std::vector<std::string> all_tenants;  // AllLeads::tenants
  SteadyTime read_at;
};

// Everything here outlives the collection.
struct LeadsContext {
  live_platform::Client& client;
  Log& log;
  history::AccountHistory& history;
};

struct LeadsOutcome {
  std::shared_ptr<const PublishedLeads> published;  // null: it failed
  Outcome summary;
  std::uint64_t malformed = 0;  // elements that were not objects
  bool read_again = false;      // a response was not believed at once
};

// Reads all leads, until `deadline` at the latest, and records them in the
// history. With `read_again_before` it does not log responses that it does not
// believe at once: the previous collection has. Blocks.
LeadsOutcome CollectLeads(const LeadsContext& context,
                          const live_platform::LeadsBefore& before,
                          bool read_again_before, const ReadTime& started,
                          const Deadline& deadline);

}  // namespace operator_connect::collector

#endif  // OPERATOR_CONNECT_EXPORTER_COLLECTOR_LEADS_COLLECTION_H_
