#include "exporter/collector/numbers_collection.h"

#include <algorithm>
#include <string>
#include <utility>

#include "exporter/base/work_together.h"
#include "exporter/collector/tenant_reader.h"
#include "exporter/live_platform/numbers_reader.h"

namespace operator_connect::collector {
namespace {

using http_client::Failure;
using Places = live_platform::NumbersPageReader::Places;

// One collection of numbers.
class Collection {
 public:
  Collection(const NumbersContext& context, NumbersBuilder& builder,
             const Deadline& deadline)
      : context_(context),
        builder_(builder),
        deadline_(deadline),
        by_page_(account().numbers.api == config::NumbersApi::kV3) {}

  void Run() {
    if (by_page_ && ReadAllTenants()) return;
    builder_.AskOneByOne();
    if (builder_.tenants().empty()) return;
    const std::vector<std::size_t> order = builder_.Order();
    const std::size_t workers =
        std::min(SlotsForNumbers(account()), order.size());
    WorkTogether(context_.pool, workers, order.size(), deadline_, [&] {
      const auto reader = std::make_shared<TenantReader>(context_, deadline_);
      return [this, &order, reader](std::size_t turn) {
        ReadTenant(order[turn], *reader);
      };
    });
  }

 private:
  const config::Account& account() const { return context_.client.account(); }

  void ReadTenant(std::size_t place, TenantReader& reader) {
    const ReadTime read_at(context_.clock);
    Result<live_platform::TenantNumbers, Failure> read =
        reader.Read(builder_.tenants()[place], read_at.wall);
    builder_.AddMalformed(reader.malformed());
    if (read.ok()) {
      builder_.Answered(place, *std::move(read), reader.labels(), read_at);
    } else {
      builder_.Failed(place, read.error(), read_at);
    }
  }

  // Reads all tenants at once by v3: all or nothing. False: they must be asked
  // one by one, and the builder has recorded nothing but malformed elements.
  bool ReadAllTenants() {
    constexpr int kBadRequest = 400;
    const std::vector<Tenant>& tenants = builder_.tenants();
    Places places;
    for (std::size_t i = 0; i < tenants.size(); ++i) {
      places.emplace(tenants[i].id, i);
    }
    const ReadTime read_at(context_.clock);
    std::uint64_t malformed = 0;
    const auto read =
        ReadNumbersPages(context_, places, read_at.wall, "",
                         SlotsForNumbers(account()), malformed, deadline_);
    builder_.AddMalformed(malformed);
    if (!read.ok()) {
      const Failure& failure = read.error();
      // The platform requires msTenantId.
      if (failure.kind == Failure::Kind::kStatus &&
          failure.status == kBadRequest) {
        return false;
      }
      builder_.AllFailed(failure);
      return true;
    }
    if ((*read)->nameless > 0) return false;
    for (std::size_t place = 0; place < tenants.size(); ++place) {
      builder_.Answered(place, std::move((*read)->numbers[place]),
                        (*read)->labels, read_at);
    }
    builder_.ReadWhole({read_at.steady, std::move((*read)->unwanted)});
    return true;
  }

  const NumbersContext& context_;
  NumbersBuilder& builder_;
  const Deadline& deadline_;
  const bool by_page_;
};

}  // namespace

NumbersOutcome CollectNumbers(
    const NumbersContext& context, std::vector<Tenant> tenants,
    const std::shared_ptr<const exposition::NumbersSnapshot>& before,
    const Deadline& deadline) {
  NumbersBuilder builder(context, std::move(tenants), before, deadline);
  Collection(context, builder, deadline).Run();
  return builder.Finish();
}

}  // namespace operator_connect::collector
