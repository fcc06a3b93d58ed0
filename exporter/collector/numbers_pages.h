#ifndef OPERATOR_CONNECT_EXPORTER_COLLECTOR_NUMBERS_PAGES_H_
#define OPERATOR_CONNECT_EXPORTER_COLLECTOR_NUMBERS_PAGES_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "exporter/base/clock.h"
#include "exporter/collector/numbers_builder.h"
#include "exporter/collector/numbers_collection.h"
#include "exporter/http_client/failure.h"

namespace operator_connect::collector {

// Reads the numbers of one tenant after the other, on one thread, and tells
// the builder.
class TenantReader {
 public:
  virtual ~TenantReader() = default;
  // `place`: of the tenant in the builder.
  virtual void Read(std::size_t place) = 0;
};

// Reads all pages of v3's numbers, of all tenants at once, several pages at a
// time. All or nothing: a page that fails, or a sum that is not totalRecords
// when read a second time, fails all tenants. False: tenants have to be asked
// one by one, as the platform demands msTenantId (it answered 400) or numbers
// do not say whose they are; the builder was told nothing.
bool ReadAllPages(const NumbersContext& context, NumbersBuilder& builder,
                  const Deadline& deadline);

// Reads v3's numbers tenant by tenant, each page by page.
std::unique_ptr<TenantReader> MakePagedTenantReader(
    const NumbersContext& context, NumbersBuilder& builder,
    const Deadline& deadline);

// Numbers that belong to another tenant than the one asked for.
http_client::Failure Mismatch(std::uint64_t numbers);

// How many of an account's requests at once may be for numbers: one of its
// places is kept for leads.
std::size_t PlacesForNumbers(const config::Account& account);

}  // namespace operator_connect::collector

#endif  // OPERATOR_CONNECT_EXPORTER_COLLECTOR_NUMBERS_PAGES_H_
