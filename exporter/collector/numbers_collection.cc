#include "exporter/collector/numbers_collection.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "exporter/base/mutex.h"
#include "exporter/collector/numbers_builder.h"
#include "exporter/collector/numbers_pages.h"
#include "exporter/collector/tenant_queue.h"
#include "exporter/base/work_together.h"
#include "exporter/live_platform/numbers_reader.h"

namespace operator_connect::collector {
namespace {

using http_client::Failure;
using live_platform::TenantNumbersReader;

// Asks tenants for their numbers one by one (v2).
class TenantByTenant : public TenantReader {
 public:
  TenantByTenant(const NumbersContext& context, NumbersBuilder& builder,
                 const Deadline& deadline)
      : context_(context), builder_(builder), deadline_(deadline) {}

  void Read(std::size_t place) override {
    const Tenant& tenant = builder_.tenants()[place];
    const ReadTime read_at(context_.clock);
    reader_.Expect(tenant.id);
    reader_.Restart();
    const Result<Done, http_client::Failure> result =
        context_.client.GetNumbers(tenant.raw, reader_, deadline_);
    builder_.AddMalformed(reader_.malformed());
    if (!result.ok()) {
      builder_.Failed(place, result.error());
    } else if (reader_.mismatched() > 0) {
      builder_.Failed(place, Mismatch(reader_.mismatched()));
    } else {
      builder_.Answered(place, reader_.Total(), reader_.labels(), read_at);
    }
  }

 private:
  const NumbersContext context_;
  NumbersBuilder& builder_;
  const Deadline deadline_;
  TenantNumbersReader reader_;
};

std::unique_ptr<TenantReader> MakeReader(const NumbersContext& context,
                                         NumbersBuilder& builder,
                                         const Deadline& deadline) {
  if (context.client.account().numbers.api == config::NumbersApi::kV3) {
    return MakePagedTenantReader(context, builder, deadline);
  }
  return std::make_unique<TenantByTenant>(context, builder, deadline);
}

}  // namespace

http_client::Failure Mismatch(std::uint64_t numbers) {
  return {http_client::Failure::Kind::kMismatch, 0,
          std::to_string(numbers) +
              " numbers belong to other tenants: the platform ignores "
              "msTenantId"};
}

std::size_t PlacesForNumbers(const config::Account& account) {
  return std::max(std::size_t{1},
                  static_cast<std::size_t>(account.concurrency) - 1);
}

NumbersOutcome CollectNumbers(
    const NumbersContext& context, std::vector<Tenant> tenants,
    const std::shared_ptr<const exposition::NumbersSnapshot>& before,
    const Deadline& deadline) {
  NumbersBuilder builder(context, std::move(tenants), before, deadline);
  const config::Account& account = context.client.account();
  if (account.numbers.api == config::NumbersApi::kV3 &&
      !builder.tenants().empty() && ReadAllPages(context, builder, deadline)) {
    return builder.Finish();
  }
  const std::size_t tenants_to_ask = builder.tenants().size();
  const std::size_t workers =
      std::min(PlacesForNumbers(account), tenants_to_ask);
  TenantQueue queue(builder.Order(), workers);
  WorkTogether(context.pool, workers, tenants_to_ask, deadline, [&] {
    const std::shared_ptr<TenantReader> reader =
        MakeReader(context, builder, deadline);
    return [reader, &queue, failing_first = queue.Join()](std::size_t) {
      reader->Read(queue.Take(failing_first));
    };
  });
  return builder.Finish();
}

}  // namespace operator_connect::collector
