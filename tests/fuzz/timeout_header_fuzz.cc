#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "exporter/web/scrape_timeout.h"

// For any header of a client, a scrape gets a deadline that is neither in the
// past nor later than requested.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using operator_connect::Duration;
  using operator_connect::SteadyTime;
  namespace web = operator_connect::web;

  const std::string_view header(reinterpret_cast<const char*>(data), size);
  const SteadyTime received = SteadyTime(std::chrono::hours(1000));
  const auto timeout = web::ParseScrapeTimeout(header);
  if (timeout && *timeout < Duration::zero()) std::abort();
  const web::EndpointOptions options;
  const SteadyTime deadline = web::ScrapeDeadline(header, options, received);
  if (deadline < received) std::abort();
  if (timeout && deadline != SteadyTime::max()) {
    if (deadline - received > *timeout) std::abort();
    if (deadline - received < *timeout / 2) std::abort();
  }
  if (!timeout && deadline != received + options.default_timeout) std::abort();
  return 0;
}
