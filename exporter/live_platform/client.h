#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_CLIENT_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_CLIENT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "exporter/base/clock.h"
#include "exporter/base/log.h"
#include "exporter/base/result.h"
#include "exporter/config/config.h"
#include "exporter/http_client/curl_transport.h"
#include "exporter/http_client/failure.h"
#include "exporter/http_client/observer.h"
#include "exporter/http_client/transport.h"
#include "exporter/live_platform/requester.h"
#include "exporter/live_platform/response_reader.h"

namespace operator_connect::live_platform {

// One account's access to its platform: the requests of the two API pages,
// authorised, repeated where that can help, and paced: at most `concurrency`
// requests at once, of which one slot and the next turn are reserved for leads;
// `requests_per_second`; a pause of the whole account after a Retry-After; one
// forced refresh of the token after a 401. Thread-safe: callers bring their own
// threads.
class Client {
 public:
  // A page of leads. `check_online` adds checkOnline=true.
  struct LeadsRequest {
    int page_number = 1;
    int page_size = 1000;
    bool check_online = false;
    bool repeat = true;  // false: exactly one attempt
  };
  // A page of v3's numbers, of one tenant or of all.
  struct NumbersPageRequest {
    int page_number = 1;
    int page_size = 5000;
    std::string tenant_id;  // empty: all
  };

  // `log`, `observer` and `clock` outlive the client. `clock` dates tokens;
  // waits use the machine's clock. Tests pass their own transports.
  Client(config::Account account, const Clock& clock, Log& log,
         http_client::RequestObserver& observer,
         const http_client::TransportMaker& make_transport =
             http_client::MakeTransport)
      : requester_(std::move(account), clock, log, observer, make_transport) {}

  // Sends GET {base_url}/api/v2/oc/lead and blocks until the response is read,
  // but no longer than `deadline`. Success: `reader` has read one whole
  // response. A failure is that of the last attempt, of any Failure::Kind but
  // kMismatch. Its detail is ready for the log: status, content type and length
  // if there was a response, the fault, and the remedy. Logs each attempt at
  // level debug; the caller logs failures.
  Result<Done, http_client::Failure> GetLeads(const LeadsRequest& request,
                                              ResponseReader& reader,
                                              const Deadline& deadline);

  // Does the same for GET {base_url}/api/v2/oc/numbers?msTenantId=….
  Result<Done, http_client::Failure> GetNumbers(std::string_view tenant_id,
                                                ResponseReader& reader,
                                                const Deadline& deadline);

  // Does the same for GET {base_url}/api/v3/oc/numbers?PageNumber=…&PageSize=….
  Result<Done, http_client::Failure> GetNumbersPage(
      const NumbersPageRequest& request, ResponseReader& reader,
      const Deadline& deadline);

  const config::Account& account() const { return requester_.account(); }

  // Lets the whole account send nothing before `until`, by the machine's steady
  // clock, as after a Retry-After.
  void PauseUntil(SteadyTime until) { requester_.gate().PauseUntil(until); }
  SteadyTime paused_until() { return requester_.gate().paused_until(); }

  // The number of requests that wait for a slot or a turn now.
  int waiting() { return requester_.gate().waiting(); }

 private:
  Requester requester_;
};

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_CLIENT_H_
