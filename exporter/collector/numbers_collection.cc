#include "exporter/collector/numbers_collection.h"

#include <algorithm>
#include <string>
#include <utility>

#include "exporter/base/work_together.h"
#include "exporter/live_platform/numbers_paging.h"
#include "exporter/live_platform/numbers_reader.h"

namespace operator_connect::collector {
namespace {

using http_client::Failure;
using live_platform::AllNumbers;
using live_platform::AnswerReader;
using live_platform::TenantNumbersReader;
using Places = live_platform::NumbersPageReader::Places;

// One of the account's slots is kept for leads.
std::size_t SlotsForNumbers(const config::Account& account) {
  return std::max(std::size_t{1},
                  static_cast<std::size_t>(account.concurrency) - 1);
}

Failure Mismatch(std::uint64_t numbers) {
  return {Failure::Kind::kMismatch, 0,
          std::to_string(numbers) +
              " numbers belong to other tenants: the platform ignores "
              "msTenantId"};
}

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
    if (builder_.tenants().empty() || (by_page_ && ReadAllTenants())) return;
    const std::vector<std::size_t> order = builder_.Order();
    const std::size_t workers =
        std::min(SlotsForNumbers(account()), order.size());
    WorkTogether(context_.pool, workers, order.size(), deadline_, [&] {
      const auto reader = std::make_shared<TenantNumbersReader>();
      return [this, &order, reader](std::size_t turn) {
        if (by_page_) {
          ReadTenantByPage(order[turn]);
        } else {
          ReadTenant(order[turn], *reader);
        }
      };
    });
  }

 private:
  const config::Account& account() const { return context_.client.account(); }

  // By v2.
  void ReadTenant(std::size_t place, TenantNumbersReader& reader) {
    const Tenant& tenant = builder_.tenants()[place];
    const ReadTime read_at(context_.clock);
    reader.Expect(tenant.id, read_at.wall);
    reader.Restart();
    const Result<Done, Failure> result =
        context_.client.GetNumbers(tenant.raw, reader, deadline_);
    builder_.AddMalformed(reader.malformed());
    if (!result.ok()) {
      builder_.Failed(place, result.error(), read_at);
    } else if (reader.mismatched() > 0) {
      builder_.Failed(place, Mismatch(reader.mismatched()), read_at);
    } else {
      builder_.Answered(place, reader.Total(), reader.labels(), read_at);
    }
  }

  // By v3, asking for one tenant.
  void ReadTenantByPage(std::size_t place) {
    const Tenant& tenant = builder_.tenants()[place];
    const ReadTime read_at(context_.clock);
    // A number that does not name its tenant is the one's that was asked for.
    const auto read =
        ReadPages({{tenant.id, place}, {"", place}}, read_at, tenant.raw, 1);
    if (!read.ok()) {
      builder_.Failed(place, read.error(), read_at);
    } else if ((*read)->unwanted > 0) {
      builder_.Failed(place, Mismatch((*read)->unwanted), read_at);
    } else {
      builder_.Answered(place, std::move((*read)->numbers[place]),
                        (*read)->labels, read_at);
    }
  }

  // By v3, asking for all tenants at once: all or nothing. False: they have to
  // be asked one by one, and nothing was said to the builder.
  bool ReadAllTenants() {
    constexpr int kBadRequest = 400;
    const std::vector<Tenant>& tenants = builder_.tenants();
    Places places;
    for (std::size_t i = 0; i < tenants.size(); ++i) {
      places.emplace(tenants[i].id, i);
    }
    const ReadTime read_at(context_.clock);
    const auto read =
        ReadPages(places, read_at, "", SlotsForNumbers(account()));
    if (!read.ok()) {
      const Failure& failure = read.error();
      // The platform demands msTenantId.
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
    return true;
  }

  Result<std::unique_ptr<AllNumbers>, Failure> ReadPages(
      const Places& places, const ReadTime& read_at,
      const std::string& tenant_id, std::size_t workers) {
    std::uint64_t malformed = 0;
    auto read = live_platform::ReadAllNumbers(
        places, read_at.wall,
        [&](int page, AnswerReader& reader) {
          return context_.client.GetNumbersPage(
              {.page_number = page,
               .page_size = account().numbers.page_size,
               .tenant_id = tenant_id},
              reader, deadline_);
        },
        context_.pool, workers, malformed, deadline_);
    builder_.AddMalformed(malformed);
    return read;
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
