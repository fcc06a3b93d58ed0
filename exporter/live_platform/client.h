#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_CLIENT_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_CLIENT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "exporter/base/clock.h"
#include "exporter/base/log.h"
#include "exporter/base/result.h"
#include "exporter/config/config.h"
#include "exporter/http_client/failure.h"
#include "exporter/http_client/observer.h"
#include "exporter/http_client/transport.h"

namespace operator_connect::live_platform {

// Makes sense of the body of one answer with status 200, piece by piece. A
// request that is repeated starts it anew.
class AnswerReader {
 public:
  virtual ~AnswerReader() = default;
  // Forgets everything: an attempt begins.
  virtual void Restart() = 0;
  // The next piece of the body. False: it is no use to read on.
  virtual bool Read(std::string_view piece) = 0;
  // The body has ended, or Read() said false. A failure (kMalformed or
  // kTooLarge, its detail without a byte of the body) makes the attempt one.
  virtual std::optional<http_client::Failure> Finish() = 0;
};

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
             http_client::MakeTransport);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

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

  const config::Account& account() const;

  // The whole account sends nothing before then, by the machine's steady
  // clock: as after a Retry-After.
  void PauseUntil(SteadyTime until);
  SteadyTime paused_until();

  // How many requests wait for a place or a turn at this moment.
  int waiting();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_CLIENT_H_
