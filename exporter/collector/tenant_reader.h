#ifndef OPERATOR_CONNECT_EXPORTER_COLLECTOR_TENANT_READER_H_
#define OPERATOR_CONNECT_EXPORTER_COLLECTOR_TENANT_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/collector/numbers_builder.h"
#include "exporter/collector/tenants.h"
#include "exporter/config/config.h"
#include "exporter/http_client/failure.h"
#include "exporter/live_platform/labels.h"
#include "exporter/live_platform/number_tally.h"
#include "exporter/live_platform/numbers_paging.h"
#include "exporter/live_platform/numbers_reader.h"

namespace operator_connect::collector {

// The number of requests for numbers that can be under way at once: all of the
// account's slots but one, which is kept for leads.
std::size_t SlotsForNumbers(const config::Account& account);

// Reads all pages of v3 with up to `workers` threads, of one tenant, or of all
// if `tenant_id` is empty. Like ReadAllNumbers().
Result<std::unique_ptr<live_platform::AllNumbers>, http_client::Failure>
ReadNumbersPages(const NumbersContext& context,
                 const live_platform::NumbersPageReader::Places& places,
                 WallTime read_at, const std::string& tenant_id,
                 std::size_t workers, std::uint64_t& malformed,
                 const Deadline& deadline);

// Reads the numbers of one tenant at a time: by v2 in one request, by v3 page
// by page. One thread.
class TenantReader {
 public:
  // Both outlive the reader.
  TenantReader(const NumbersContext& context, const Deadline& deadline);
  TenantReader(const TenantReader&) = delete;
  TenantReader& operator=(const TenantReader&) = delete;

  // Reads the numbers of `tenant`. `read_at` is the start of the read, from
  // which ages count. Numbers of another tenant are a kMismatch: the platform
  // ignores msTenantId. Blocks.
  Result<live_platform::TenantNumbers, http_client::Failure> Read(
      const Tenant& tenant, WallTime read_at);

  // The labels that the last read's counts refer to, and its elements that were
  // not objects. Valid until the next read.
  const live_platform::NumberLabels& labels() const;
  std::uint64_t malformed() const { return malformed_; }

 private:
  Result<live_platform::TenantNumbers, http_client::Failure> ReadPages(
      const Tenant& tenant, WallTime read_at);

  const NumbersContext& context_;
  const Deadline& deadline_;
  live_platform::TenantNumbersReader reader_;               // by v2
  std::unique_ptr<live_platform::AllNumbers> all_numbers_;  // by v3
  std::uint64_t malformed_ = 0;
};

}  // namespace operator_connect::collector

#endif  // OPERATOR_CONNECT_EXPORTER_COLLECTOR_TENANT_READER_H_
