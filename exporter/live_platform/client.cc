#include "exporter/live_platform/client.h"

#include <algorithm>
#include <random>
#include <utility>

#include "exporter/base/mutex.h"
#include "exporter/base/version.h"
#include "exporter/config/url.h"
#include "exporter/http_client/connection_pool.h"
#include "exporter/http_client/response_failure.h"
#include "exporter/http_client/retry.h"
#include "exporter/live_platform/gate.h"
#include "exporter/oauth/token_source.h"

namespace operator_connect::live_platform {
namespace {

using Kind = http_client::Failure::Kind;

// Only an answer with status 200 is read.
class AnswerBody : public http_client::BodyReceiver {
 public:
  explicit AnswerBody(AnswerReader& reader) : reader_(reader) {}
  bool OnHead(int status) override { return status == 200; }
  bool OnBody(std::string_view piece) override { return reader_.Read(piece); }

 private:
  AnswerReader& reader_;
};

std::unique_ptr<oauth::TokenSource> MakeTokenSource(
    const config::Account& account, const Clock& clock, Log& log,
    http_client::RequestObserver& observer,
    const http_client::TransportMaker& make_transport) {
  if (account.oauth2) {
    return oauth::MakeOAuth2TokenSource(*account.oauth2,
                                        account.request_timeout, clock, log,
                                        account.name, observer, make_transport);
  }
  return oauth::MakeGivenTokenSource(
      account.authorization.value_or(config::Authorization()));
}

}  // namespace

class Client::Impl {
 public:
  // What to ask, the same in each attempt.
  struct Question {
    http_client::Endpoint endpoint;
    std::string url;
    bool repeat = true;
  };

  Impl(config::Account account, const Clock& clock, Log& log,
       http_client::RequestObserver& observer,
       const http_client::TransportMaker& make_transport)
      : account_(std::move(account)),
        user_agent_("operator_connect_exporter/" +
                    std::string(GetBuildInfo().version)),
        clock_(clock),
        log_(log),
        observer_(observer),
        tokens_(
            MakeTokenSource(account_, clock, log, observer, make_transport)),
        gate_(account_.concurrency, account_.requests_per_second),
        pool_(make_transport(account_.tls_config, account_.proxy_url)),
        random_(std::random_device()()) {}

  Result<Done, http_client::Failure> Ask(const Question& question,
                                         AnswerReader& reader,
                                         const Deadline& deadline);

  const config::Account& account() const { return account_; }
  Gate& gate() { return gate_; }

 private:
  // How one attempt ended; no failure: it is the answer.
  struct Outcome {
    std::optional<http_client::Failure> failure;
    Duration retry_after{};  // what the platform asks for; 0: nothing
  };

  // The right to send one request.
  struct Turn {
    Gate::Place place;
    oauth::AccessTokenPtr token;
  };

  // The attempts of one call.
  struct Attempts {
    int made = 0;
    int repeats = 0;  // for other reasons than a 401
    oauth::AccessTokenPtr replacement;
    bool replaced = false;
    std::optional<http_client::Failure> last;
  };

  std::optional<http_client::Failure> Attempt(const Question& question,
                                              AnswerReader& reader,
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
  bool WaitToRepeat(const Question& question, const Outcome& outcome,
                    Attempts& attempts, const Deadline& deadline);
  Outcome Send(const Question& question, const oauth::AccessToken& token,
               int number, AnswerReader& reader, const Deadline& deadline);
  http_client::HttpRequest MakeRequest(const Question& question,
                                       const oauth::AccessToken& token,
                                       int number) const;
  void Report(const Question& question, int number,
              const std::optional<http_client::Failure>& failure,
              Duration duration, std::uint64_t wire_bytes);
  double Jitter();

  const config::Account account_;
  const std::string user_agent_;
  const Clock& clock_;
  Log& log_;
  http_client::RequestObserver& observer_;
  const std::unique_ptr<oauth::TokenSource> tokens_;
  Gate gate_;
  http_client::ConnectionPool pool_;
  Mutex random_mutex_;
  std::minstd_rand random_ OC_GUARDED_BY(random_mutex_);
};

Result<Done, http_client::Failure> Client::Impl::Ask(const Question& question,
                                                     AnswerReader& reader,
                                                     const Deadline& deadline) {
  Attempts attempts;
  while (true) {
    bool again = false;
    std::optional<http_client::Failure> failure =
        Attempt(question, reader, attempts, deadline, &again);
    if (!failure) return Done();
    failure->not_sent = attempts.made == 0;
    if (!again) return *std::move(failure);
    attempts.last = std::move(failure);
  }
}

// A place, and a token that is good now. Nobody waits for a token with a turn
// in hand, as all who did would start at once when it is there: whose token
// expired while waiting takes another turn, once.
Result<Client::Impl::Turn, http_client::Failure> Client::Impl::TakeTurn(
    const Question& question, Attempts& attempts, const Deadline& deadline) {
  for (bool first = true;; first = false) {
    // The token first: without one, no turn is used up.
    Result<oauth::AccessTokenPtr, http_client::Failure> token =
        attempts.replacement ? std::exchange(attempts.replacement, nullptr)
                             : tokens_->Get(deadline);
    if (!token.ok()) return NoToken(question, std::move(token).error());
    Result<Gate::Place, Gate::Refusal> place =
        gate_.Enter(question.endpoint == http_client::Endpoint::kLeads
                        ? Gate::Kind::kLeads
                        : Gate::Kind::kNumbers,
                    deadline);
    if (!place.ok()) {
      if (attempts.last) return *attempts.last;
      return http_client::Failure{Kind::kTimeout, 0,
                                  "not sent: " + place.error().reason, false};
    }
    if (place->waited()) {
      oauth::AccessTokenPtr current = tokens_->Current();
      if (!current && first) continue;
      token = current ? std::move(current) : tokens_->Get(deadline);
      if (!token.ok()) return NoToken(question, std::move(token).error());
    }
    return Turn{*std::move(place), *std::move(token)};
  }
}

// One attempt, and what is to be done after it. `again`: another is worth it,
// and all that has to be waited for before it, but its turn, is over.
std::optional<http_client::Failure> Client::Impl::Attempt(
    const Question& question, AnswerReader& reader, Attempts& attempts,
    const Deadline& deadline, bool* again) {
  oauth::AccessTokenPtr token;
  Outcome outcome;
  {
    Result<Turn, http_client::Failure> turn =
        TakeTurn(question, attempts, deadline);
    if (!turn.ok()) return std::move(turn).error();
    token = turn->token;
    if (attempts.made > 0) observer_.OnRetry(question.endpoint);
    outcome = Send(question, *token, ++attempts.made, reader, deadline);
  }
  if (!outcome.failure) {
    tokens_->Accepted(*token);
    return std::nullopt;
  }
  if (outcome.failure->kind == Kind::kStatus &&
      outcome.failure->status == 401) {
    *again =
        ReplaceToken(question, *token, attempts, deadline, &*outcome.failure);
    return outcome.failure;
  }
  if (outcome.failure->status == 200) tokens_->Accepted(*token);
  *again = WaitToRepeat(question, outcome, attempts, deadline);
  return outcome.failure;
}

// A given credential that cannot be read is this request's own failure; one of
// the token endpoint's has been reported there.
http_client::Failure Client::Impl::NoToken(const Question& question,
                                           http_client::Failure failure) {
  if (account_.authorization && failure.kind == Kind::kCredentials) {
    observer_.OnRequest(question.endpoint, failure.Reason(), Duration::zero(),
                        0);
  }
  return failure;
}

// True: there is another token to try, once. `failure`, the 401, is replaced
// when there is none because the token endpoint failed.
bool Client::Impl::ReplaceToken(const Question& question,
                                const oauth::AccessToken& token,
                                Attempts& attempts, const Deadline& deadline,
                                http_client::Failure* failure) {
  if (attempts.replaced) {
    tokens_->Refused(token);
    return false;
  }
  if (!question.repeat) return false;
  Result<oauth::AccessTokenPtr, http_client::Failure> other =
      tokens_->Replace(token, deadline);
  if (!other.ok()) {
    *failure = NoToken(question, std::move(other).error());
    return false;
  }
  if (*other == nullptr) return false;
  attempts.replaced = true;
  attempts.replacement = *std::move(other);
  return true;
}

// False: no repeat, or none in time.
bool Client::Impl::WaitToRepeat(const Question& question,
                                const Outcome& outcome, Attempts& attempts,
                                const Deadline& deadline) {
  const SteadyTime now = std::chrono::steady_clock::now();
  if (outcome.retry_after > Duration::zero()) {
    gate_.PauseUntil(now + outcome.retry_after);
    if (now + outcome.retry_after >= deadline.at()) return false;
  }
  if (!question.repeat || attempts.repeats >= http_client::kMaxRepeats ||
      !http_client::IsWorthRepeating(*outcome.failure)) {
    return false;
  }
  const Duration wait = http_client::Backoff(attempts.repeats, Jitter());
  if (deadline.left() <= wait) return false;
  if (!http_client::SleepFor(wait, deadline)) return false;
  ++attempts.repeats;
  return true;
}

http_client::HttpRequest Client::Impl::MakeRequest(
    const Question& question, const oauth::AccessToken& token,
    int number) const {
  http_client::HttpRequest request;
  // Neither a repeat nor what is never repeated must fail of a kept connection
  // that is closed by now.
  request.fresh = number > 1 || !question.repeat;
  request.url = question.url;
  request.headers = {{"Authorization", token.authorization},
                     {"Accept", "application/json"},
                     {"User-Agent", user_agent_}};
  if (question.endpoint == http_client::Endpoint::kNumbers &&
      account_.channel_id) {
    request.headers.emplace_back("X-Ovoc-Channel-Id",
                                 std::to_string(*account_.channel_id));
  }
  request.max_body_bytes = account_.max_response_bytes;
  return request;
}

Client::Impl::Outcome Client::Impl::Send(const Question& question,
                                         const oauth::AccessToken& token,
                                         int number, AnswerReader& reader,
                                         const Deadline& deadline) {
  const SteadyTime begin = std::chrono::steady_clock::now();
  reader.Restart();
  AnswerBody body(reader);
  std::unique_ptr<http_client::HttpConnection> connection = pool_.Take();
  Result<http_client::HttpResponse, http_client::Failure> response =
      connection->Perform(MakeRequest(question, token, number), body,
                          deadline.Within(account_.request_timeout));
  const std::uint64_t wire_bytes = connection->wire_bytes();
  Outcome outcome;
  pool_.Give(std::move(connection));

  if (!response.ok()) {
    outcome.failure = std::move(response).error();
  } else if (response->status != 200) {
    outcome.failure = http_client::ExplainStatus(*response, account_.base_url);
    if (response->status == 429 || response->status == 503) {
      outcome.retry_after =
          http_client::ParseRetryAfter(*response, clock_.Wall())
              .value_or(Duration::zero());
    }
  } else if (std::optional<http_client::Failure> unusable = reader.Finish()) {
    outcome.failure =
        http_client::ExplainAnswer(*response, *std::move(unusable));
  }
  Report(question, number, outcome.failure,
         std::chrono::steady_clock::now() - begin, wire_bytes);
  return outcome;
}

void Client::Impl::Report(const Question& question, int number,
                          const std::optional<http_client::Failure>& failure,
                          Duration duration, std::uint64_t wire_bytes) {
  const std::string code = failure ? failure->Reason() : "200";
  observer_.OnRequest(question.endpoint, code, duration, wire_bytes);
  if (!log_.Enabled(LogLevel::kDebug)) return;
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
  log_.Debug("live_platform", "upstream request",
             {{"account", account_.name},
              {"endpoint", ToString(question.endpoint)},
              {"code", code},
              {"bytes", wire_bytes},
              {"duration_ms", milliseconds},
              {"attempt", number},
              {"detail", failure ? failure->detail : std::string()}});
}

double Client::Impl::Jitter() {
  MutexLock lock(random_mutex_);
  return std::uniform_real_distribution<double>(0, 1)(random_);
}

Client::Client(config::Account account, const Clock& clock, Log& log,
               http_client::RequestObserver& observer,
               const http_client::TransportMaker& make_transport)
    : impl_(std::make_unique<Impl>(std::move(account), clock, log, observer,
                                   make_transport)) {}

Client::~Client() = default;

Result<Done, http_client::Failure> Client::GetLeads(const LeadsRequest& request,
                                                    AnswerReader& reader,
                                                    const Deadline& deadline) {
  std::string url = account().base_url + "/api/v2/oc/lead?PageNumber=" +
                    std::to_string(request.page_number) +
                    "&PageSize=" + std::to_string(request.page_size);
  if (request.check_online) url += "&checkOnline=true";
  return impl_->Ask(
      {http_client::Endpoint::kLeads, std::move(url), request.repeat}, reader,
      deadline);
}

Result<Done, http_client::Failure> Client::GetNumbers(
    std::string_view tenant_id, AnswerReader& reader,
    const Deadline& deadline) {
  return impl_->Ask({http_client::Endpoint::kNumbers,
                     account().base_url + "/api/v2/oc/numbers?msTenantId=" +
                         config::PercentEncode(tenant_id),
                     true},
                    reader, deadline);
}

Result<Done, http_client::Failure> Client::GetNumbersPage(
    const NumbersPageRequest& request, AnswerReader& reader,
    const Deadline& deadline) {
  std::string url = account().base_url + "/api/v3/oc/numbers?PageNumber=" +
                    std::to_string(request.page_number) +
                    "&PageSize=" + std::to_string(request.page_size);
  if (!request.tenant_id.empty()) {
    url += "&msTenantId=" + config::PercentEncode(request.tenant_id);
  }
  return impl_->Ask({http_client::Endpoint::kNumbers, std::move(url), true},
                    reader, deadline);
}

const config::Account& Client::account() const { return impl_->account(); }

void Client::PauseUntil(SteadyTime until) { impl_->gate().PauseUntil(until); }

SteadyTime Client::paused_until() { return impl_->gate().paused_until(); }

int Client::waiting() { return impl_->gate().waiting(); }

}  // namespace operator_connect::live_platform
