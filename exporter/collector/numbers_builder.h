#ifndef OPERATOR_CONNECT_EXPORTER_COLLECTOR_NUMBERS_BUILDER_H_
#define OPERATOR_CONNECT_EXPORTER_COLLECTOR_NUMBERS_BUILDER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/log.h"
#include "exporter/base/mutex.h"
#include "exporter/base/thread_pool.h"
#include "exporter/collector/tenants.h"
#include "exporter/collector/track.h"
#include "exporter/exposition/numbers_snapshot.h"
#include "exporter/http_client/failure.h"
#include "exporter/live_platform/client.h"
#include "exporter/live_platform/number_tally.h"
#include "exporter/live_platform/numbers_reader.h"

namespace operator_connect::collector {

// The context of a collection of numbers. Everything here outlives it.
struct NumbersContext {
  live_platform::Client& client;
  const Clock& clock;
  Log& log;
  ThreadPool& pool;
  Duration max_age{};  // of counts that can still be used
};

// The numbers of all tenants, read together by v3.
struct WholeRead {
  SteadyTime read_at;                       // the start of the read
  live_platform::NumbersByTenant unwanted;  // of tenants not asked for
};

// The result of a collection of numbers.
struct NumbersOutcome {
  std::shared_ptr<const exposition::NumbersSnapshot> snapshot;
  // nullopt: reading all tenants together failed, or they were asked one by
  // one.
  std::optional<WholeRead> whole;
  bool one_by_one = false;
  std::uint64_t answered = 0;   // tenants that responded this time
  std::uint64_t records = 0;    // numbers read, this time
  std::uint64_t malformed = 0;  // elements that were not objects
  std::string problem;          // of a tenant that failed; safe to log

  // A success if there was no tenant to ask, or one responded.
  Outcome Summary() const;
};

// Gathers the counts of the tenants in one collection, and makes a snapshot of
// them and of the counts before. Thread-safe.
class NumbersBuilder {
 public:
  // Until a tenant responds or fails, it counts as not reached: a timeout.
  NumbersBuilder(const NumbersContext& context, std::vector<Tenant> tenants,
                 std::shared_ptr<const exposition::NumbersSnapshot> before,
                 const Deadline& deadline);

  const std::vector<Tenant>& tenants() const { return tenants_; }
  // The tenants' places in the order in which to ask them.
  std::vector<std::size_t> Order() const;

  // Records the counts of the tenant at `place`; their ids refer to `labels`.
  void Answered(std::size_t place, live_platform::TenantNumbers numbers,
                const live_platform::NumberLabels& labels,
                const ReadTime& read_at) OC_EXCLUDES(mutex_);
  void Failed(std::size_t place, const http_client::Failure& failure,
              const ReadTime& read_at) OC_EXCLUDES(mutex_);
  // Records that all tenants' numbers were read together.
  void ReadWhole(WholeRead whole) OC_EXCLUDES(mutex_);
  // Records that each tenant is asked by itself.
  void AskOneByOne() OC_EXCLUDES(mutex_);
  // Records that all tenants failed for one reason.
  void AllFailed(const http_client::Failure& failure) OC_EXCLUDES(mutex_);
  // Counts elements of responses that were not objects.
  void AddMalformed(std::uint64_t elements) OC_EXCLUDES(mutex_);

  // Call once, at the end.
  NumbersOutcome Finish() OC_EXCLUDES(mutex_);

 private:
  using BeforeById =
      std::unordered_map<std::string_view, const exposition::TenantSnapshot*>;

  // Keeps the counts of tenants that are no longer asked.
  void KeepThoseWhoLeft(live_platform::NumberTranslator& translator)
      OC_REQUIRES(mutex_);
  // The tenant in the snapshot before; null: it was unknown.
  const exposition::TenantSnapshot* Before(std::string_view id) const;
  void Fail(exposition::TenantSnapshot& tenant,
            const http_client::Failure& failure) OC_REQUIRES(mutex_);
  void LogFailure(const exposition::TenantSnapshot& tenant,
                  const http_client::Failure& failure) OC_REQUIRES(mutex_);
  void LogOthers() OC_REQUIRES(mutex_);

  const NumbersContext context_;
  const std::vector<Tenant> tenants_;
  const std::shared_ptr<const exposition::NumbersSnapshot> before_;
  const Deadline deadline_;
  const BeforeById before_by_id_;

  Mutex mutex_;
  const std::shared_ptr<exposition::NumbersSnapshot> snapshot_
      OC_GUARDED_BY(mutex_);
  // Tenants that failed, and did not fail for the same reason last time.
  int failures_ OC_GUARDED_BY(mutex_) = 0;
  NumbersOutcome outcome_ OC_GUARDED_BY(mutex_);
};

}  // namespace operator_connect::collector

#endif  // OPERATOR_CONNECT_EXPORTER_COLLECTOR_NUMBERS_BUILDER_H_
