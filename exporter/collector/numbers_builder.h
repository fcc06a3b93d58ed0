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

// What a collection of numbers works with. All of it outlives the collection.
struct NumbersContext {
  live_platform::Client& client;
  const Clock& clock;
  Log& log;
  ThreadPool& pool;
  Duration max_age{};  // of counts that may still be used
};

// The numbers of all tenants, read together.
struct WholeRead {
  SteadyTime read_at;                       // its start
  live_platform::NumbersByTenant unwanted;  // of tenants that were not asked
};

// What a collection of numbers came to.
struct NumbersOutcome {
  std::shared_ptr<const exposition::NumbersSnapshot> snapshot;
  // No value: all were to be read together and could not be, or the tenants
  // were asked one by one.
  std::optional<WholeRead> whole;
  bool one_by_one = false;
  std::uint64_t answered = 0;   // tenants, this time
  std::uint64_t records = 0;    // numbers read, this time
  std::uint64_t malformed = 0;  // elements that were no objects
  std::string problem;          // of a tenant that failed, in words; safe

  // It succeeded if no tenant was to be asked, or one answered.
  Outcome Summary() const;
};

// Gathers what the tenants of one collection answer, and makes a snapshot of
// it and of what was known before. Thread-safe.
class NumbersBuilder {
 public:
  // Until a tenant answers or fails, it counts as never reached: a timeout.
  NumbersBuilder(const NumbersContext& context, std::vector<Tenant> tenants,
                 std::shared_ptr<const exposition::NumbersSnapshot> before,
                 const Deadline& deadline);

  const std::vector<Tenant>& tenants() const { return tenants_; }
  // Their places in the order in which they are to be asked.
  std::vector<std::size_t> Order() const;

  // The tenant at `place` has these numbers; their ids are those of `labels`.
  void Answered(std::size_t place, live_platform::TenantNumbers numbers,
                const live_platform::NumberLabels& labels,
                const ReadTime& read_at) OC_EXCLUDES(mutex_);
  void Failed(std::size_t place, const http_client::Failure& failure,
              const ReadTime& read_at) OC_EXCLUDES(mutex_);
  // All tenants' numbers were read together.
  void ReadWhole(WholeRead whole) OC_EXCLUDES(mutex_);
  // They are not: each tenant is asked.
  void AskOneByOne() OC_EXCLUDES(mutex_);
  // All tenants failed for one reason.
  void AllFailed(const http_client::Failure& failure) OC_EXCLUDES(mutex_);
  // Elements of answers that were no objects.
  void AddMalformed(std::uint64_t elements) OC_EXCLUDES(mutex_);

  // Once, when all is done.
  NumbersOutcome Finish() OC_EXCLUDES(mutex_);

 private:
  using BeforeById =
      std::unordered_map<std::string_view, const exposition::TenantSnapshot*>;

  // Remembers who was known before and is not asked any more.
  void KeepThoseWhoLeft(live_platform::NumberTranslator& translator)
      OC_REQUIRES(mutex_);
  // What was known of a tenant before; null: nothing.
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
  // Tenants that failed, and not for the same reason last time.
  int failures_ OC_GUARDED_BY(mutex_) = 0;
  NumbersOutcome outcome_ OC_GUARDED_BY(mutex_);
};

}  // namespace operator_connect::collector

#endif  // OPERATOR_CONNECT_EXPORTER_COLLECTOR_NUMBERS_BUILDER_H_
