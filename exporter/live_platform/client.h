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
#include "exporter/live_platform/answer_reader.h"
#include "exporter/live_platform/requester.h"

namespace operator_connect::live_platform {

// One account's access to its platform: the requests of the two API pages,
// authorised, repeated where that is worth it, and paced so that the platform
// is treated with care: at most `concurrency` requests at once, of which one
// place and the next turn are kept for leads; `requests_per_second`; a pause
// of the whole account after a Retry-After; one forced refresh of the token
// after a 401. Thread-safe: callers bring their own threads.
class Client {
 public:
  // Which page of leads. `check_online` is asked for as said, not derived.
  struct LeadsRequest {
    int page_number = 1;
    int page_size = 1000;
    bool check_online = false;
    bool repeat = true;  // false: one attempt, whatever comes
  };
  // Which page of v3's numbers; without a tenant: of all tenants.
  struct NumbersPageRequest {
    int page_number = 1;
    int page_size = 5000;
    std::string tenant_id;  // empty: all
  };

  // `log`, `observer` and `clock` outlive the client. `clock` dates tokens;
  // waits go by the machine's own. A test may bring its own transports.
  Client(config::Account account, const Clock& clock, Log& log,
         http_client::RequestObserver& observer,
         const http_client::TransportMaker& make_transport =
             http_client::MakeTransport)
      : requester_(std::move(account), clock, log, observer, make_transport) {}

  // GET {base_url}/api/v2/oc/lead. Blocks until the answer is read, until
  // `deadline` at the latest. Success: `reader` has read one whole answer.
  // Failures are those of Failure::Kind but kMismatch, of the last attempt;
  // their detail is ready for the log: status, content type and length where
  // there was an answer, what is wrong, what to do. At the level debug each
  // attempt is logged here; failures are left to the caller to log.
  Result<Done, http_client::Failure> GetLeads(const LeadsRequest& request,
                                              AnswerReader& reader,
                                              const Deadline& deadline);

  // GET {base_url}/api/v2/oc/numbers?msTenantId=…, likewise.
  Result<Done, http_client::Failure> GetNumbers(std::string_view tenant_id,
                                                AnswerReader& reader,
                                                const Deadline& deadline);

  // GET {base_url}/api/v3/oc/numbers?PageNumber=…&PageSize=…, likewise.
  Result<Done, http_client::Failure> GetNumbersPage(
      const NumbersPageRequest& request, AnswerReader& reader,
      const Deadline& deadline);

  const config::Account& account() const { return requester_.account(); }

  // The whole account sends nothing before then, by the machine's steady
  // clock: as after a Retry-After.
  void PauseUntil(SteadyTime until) { requester_.gate().PauseUntil(until); }
  SteadyTime paused_until() { return requester_.gate().paused_until(); }

  // How many requests wait for a place or a turn at this moment.
  int waiting() { return requester_.gate().waiting(); }

 private:
  Requester requester_;
};

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_CLIENT_H_
