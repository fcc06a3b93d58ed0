#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_NUMBERS_PAGING_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_NUMBERS_PAGING_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "exporter/base/clock.h"
#include "exporter/base/result.h"
#include "exporter/base/thread_pool.h"
#include "exporter/http_client/failure.h"
#include "exporter/live_platform/client.h"
#include "exporter/live_platform/number_tally.h"
#include "exporter/live_platform/numbers_reader.h"

namespace operator_connect::live_platform {

// The numbers of some tenants, read to the last page of v3.
struct AllNumbers {
  std::map<std::size_t, TenantNumbers> numbers;  // by place
  NumberLabels labels;                           // of all counts
  // Numbers of tenants that are not wanted, and numbers that do not name their
  // tenant, unless such are wanted.
  NumbersByTenant unwanted;
  std::uint64_t nameless = 0;
};

// Reads the page of that number: Client::GetNumbersPage() with everything else
// bound. Called by several threads at once.
using GetNumbersPage = std::function<Result<Done, http_client::Failure>(
    int page, ResponseReader& reader)>;

// Reads the first page, which has the totals, and then the others with up to
// `workers` threads: the caller's own, and others of `pool`.
//
// Whole or not at all: a page that fails, pages with the same numbers, and a
// sum of records that differs from totalRecords are failures, the first two
// naming the page. After a wrong sum everything is read once more: records come
// and go. A number that moves between two pages can count twice, as long as the
// sum is right: no table of numbers is kept. If some numbers do not name their
// tenant, reading ends early, and the result is useless.
//
// `now` is the start of the read, the present for ages. Adds to `malformed` the
// elements that were not objects, also on failure.
Result<std::unique_ptr<AllNumbers>, http_client::Failure> ReadAllNumbers(
    const NumbersPageReader::Places& places, WallTime now,
    const GetNumbersPage& get_page, ThreadPool& pool, std::size_t workers,
    std::uint64_t& malformed, const Deadline& deadline);

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_NUMBERS_PAGING_H_
