#ifndef OPERATOR_CONNECT_EXPORTER_COLLECTOR_NUMBERS_COLLECTION_H_
#define OPERATOR_CONNECT_EXPORTER_COLLECTOR_NUMBERS_COLLECTION_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/log.h"
#include "exporter/base/thread_pool.h"
#include "exporter/collector/tenants.h"
#include "exporter/exposition/numbers_snapshot.h"
#include "exporter/live_platform/client.h"

namespace operator_connect::collector {

// What a collection of numbers works with. All of it outlives the collection.
struct NumbersContext {
  live_platform::Client& client;
  const Clock& clock;
  Log& log;
  ThreadPool& pool;
  Duration max_age{};  // of counts that may still be used
};

// What a collection of numbers came to.
struct NumbersOutcome {
  std::shared_ptr<const exposition::NumbersSnapshot> snapshot;
  std::uint64_t answered = 0;   // tenants, this time
  std::uint64_t records = 0;    // numbers read, this time
  std::uint64_t malformed = 0;  // elements that were no objects
  std::string problem;          // of a tenant that failed, in words; safe
};

// Asks `tenants` one by one for their numbers, as many at once as the account
// allows, those with the oldest answers first but those that fail behind (see
// TenantQueue), until `deadline` at the latest.
// A tenant that failed, or whose turn did not come, keeps its counts of
// `before`, which may be null; so does one that was not asked for a while.
// Blocks; the caller's thread does its share.
NumbersOutcome CollectNumbers(
    const NumbersContext& context, std::vector<Tenant> tenants,
    const std::shared_ptr<const exposition::NumbersSnapshot>& before,
    const Deadline& deadline);

}  // namespace operator_connect::collector

#endif  // OPERATOR_CONNECT_EXPORTER_COLLECTOR_NUMBERS_COLLECTION_H_
