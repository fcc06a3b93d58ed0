#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_REQUESTER_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_REQUESTER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "exporter/base/clock.h"
#include "exporter/base/log.h"
#include "exporter/base/mutex.h"
#include "exporter/base/result.h"
#include "exporter/config/config.h"
#include "exporter/http_client/connection_pool.h"
#include "exporter/http_client/failure.h"
#include "exporter/http_client/observer.h"
#include "exporter/http_client/transport.h"
#include "exporter/live_platform/gate.h"
#include "exporter/live_platform/response_reader.h"
#include "exporter/oauth/token_source.h"

namespace operator_connect::live_platform {

// Sends one account's requests: authorised, paced, and repeated where that can
// help, as documented in Client. Thread-safe.
class Requester {
 public:
  // A GET, the same in each attempt.
  struct Question {
    http_client::Endpoint endpoint;
    std::string url;
    bool repeat = true;  // false: exactly one attempt
  };

  // See Client::Client().
  Requester(config::Account account, const Clock& clock, Log& log,
            http_client::RequestObserver& observer,
            const http_client::TransportMaker& make_transport);

  // See Client::GetLeads().
  Result<Done, http_client::Failure> Ask(const Question& question,
                                         ResponseReader& reader,
                                         const Deadline& deadline);

  const config::Account& account() const { return account_; }
  Gate& gate() { return gate_; }

 private:
  struct Turn;
  struct Attempts;

  std::optional<http_client::Failure> Attempt(const Question& question,
                                              ResponseReader& reader,
                                              Attempts& attempts,
                                              const Deadline& deadline,
                                              bool* again);
  Result<Turn, http_client::Failure> TakeTurn(const Question& question,
                                              Attempts& attempts,
                                              const Deadline& deadline);
  http_client::Failure NoToken(const Question& question,
                               http_client::Failure failure);
  bool ReplaceToken(const Question& question, const oauth::AccessToken& token,
                    Attempts& attempts, const Deadline& deadline,
                    http_client::Failure* failure);
  bool WaitToRepeat(const Question& question,
                    const http_client::Failure& failure, Attempts& attempts,
                    const Deadline& deadline);
  std::optional<http_client::Failure> Send(const Question& question,
                                           const oauth::AccessToken& token,
                                           int number, ResponseReader& reader,
                                           const Deadline& deadline);
  http_client::HttpRequest MakeRequest(const Question& question,
                                       const oauth::AccessToken& token,
                                       int number) const;
  void Report(const Question& question, int number,
              const std::optional<http_client::Failure>& failure,
              Duration duration, std::uint64_t wire_bytes);
  double Jitter();

  const config::Account account_;
  const std::string user_agent_;
  Log& log_;
  http_client::RequestObserver& observer_;
  const std::unique_ptr<oauth::TokenSource> tokens_;
  Gate gate_;
  http_client::ConnectionPool pool_;
  Mutex random_mutex_;
  std::minstd_rand random_ OC_GUARDED_BY(random_mutex_);
};

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_REQUESTER_H_
