#include "exporter/collector/tenant_reader.h"

#include <algorithm>
#include <utility>

namespace operator_connect::collector {
namespace {

using http_client::Failure;
using live_platform::AllNumbers;
using live_platform::ResponseReader;
using live_platform::TenantNumbers;
using Places = live_platform::NumbersPageReader::Places;

Failure Mismatch(std::uint64_t numbers) {
  return {Failure::Kind::kMismatch, 0,
          std::to_string(numbers) +
              " numbers belong to other tenants: the platform ignores "
              "msTenantId"};
}

}  // namespace

std::size_t SlotsForNumbers(const config::Account& account) {
  return std::max(std::size_t{1},
                  static_cast<std::size_t>(account.concurrency) - 1);
}

Result<std::unique_ptr<AllNumbers>, Failure> ReadNumbersPages(
    const NumbersContext& context, const Places& places, WallTime read_at,
    const std::string& tenant_id, std::size_t workers, std::uint64_t& malformed,
    const Deadline& deadline) {
  return live_platform::ReadAllNumbers(
      places, read_at,
      [&](int page, ResponseReader& reader) {
        return context.client.GetNumbersPage(
            {.page_number = page,
             .page_size = context.client.account().numbers.page_size,
             .tenant_id = tenant_id},
            reader, deadline);
      },
      context.pool, workers, malformed, deadline);
}

TenantReader::TenantReader(const NumbersContext& context,
                           const Deadline& deadline)
    : context_(context),
      deadline_(deadline),
      all_numbers_(std::make_unique<AllNumbers>()) {}

Result<TenantNumbers, Failure> TenantReader::Read(const Tenant& tenant,
                                                  WallTime read_at) {
  malformed_ = 0;
  if (context_.client.account().numbers.api == config::NumbersApi::kV3) {
    return ReadPages(tenant, read_at);
  }
  reader_.Expect(tenant.id, read_at);
  reader_.Restart();
  const Result<Done, Failure> result =
      context_.client.GetNumbers(tenant.raw, reader_, deadline_);
  malformed_ = reader_.malformed();
  if (!result.ok()) return result.error();
  if (reader_.mismatched() > 0) return Mismatch(reader_.mismatched());
  return reader_.Total();
}

Result<TenantNumbers, Failure> TenantReader::ReadPages(const Tenant& tenant,
                                                       WallTime read_at) {
  // A number without a tenant belongs to the tenant that was asked for.
  const Places places = {{tenant.id, 0}, {"", 0}};
  auto read = ReadNumbersPages(context_, places, read_at, tenant.raw, 1,
                               malformed_, deadline_);
  if (!read.ok()) return std::move(read).error();
  all_numbers_ = *std::move(read);
  std::uint64_t unwanted = 0;
  for (const auto& other : all_numbers_->unwanted) unwanted += other.second;
  if (unwanted > 0) return Mismatch(unwanted);
  return std::move(all_numbers_->numbers[0]);
}

const live_platform::NumberLabels& TenantReader::labels() const {
  return context_.client.account().numbers.api == config::NumbersApi::kV3
             ? all_numbers_->labels
             : reader_.labels();
}

}  // namespace operator_connect::collector
