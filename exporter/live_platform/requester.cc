#include "exporter/live_platform/requester.h"

#include <utility>

#include "exporter/base/version.h"
#include "exporter/http_client/headers.h"
#include "exporter/http_client/response_failure.h"
#include "exporter/http_client/retry.h"
#include "exporter/oauth/given_token_source.h"

namespace operator_connect::live_platform {
namespace {

using Kind = http_client::Failure::Kind;

std::unique_ptr<oauth::TokenSource> MakeTokenSource(
    const config::Account& account, const Clock& clock, Log& log,
    http_client::RequestObserver& observer,
    const http_client::TransportMaker& make_transport) {
  if (account.oauth2) {
    return oauth::MakeOAuth2TokenSource(account, clock, log, observer,
                                        make_transport);
  }
  return oauth::MakeGivenTokenSource(
      account.authorization.value_or(config::Authorization()));
}

}  // namespace

// The right to send one request.
struct Requester::Turn {
  Gate::Slot slot;
  oauth::AccessTokenPtr token;
};

// The attempts of one call.
struct Requester::Attempts {
  int made = 0;
  int repeats = 0;  // for reasons other than a 401
  oauth::AccessTokenPtr replacement;
  bool replaced = false;
  std::optional<http_client::Failure> last;
};

Requester::Requester(config::Account account, const Clock& clock, Log& log,
                     http_client::RequestObserver& observer,
                     const http_client::TransportMaker& make_transport)
    : account_(std::move(account)),
      user_agent_("operator_connect_exporter/" +
                  std::string(GetBuildInfo().version)),
      log_(log),
      observer_(observer),
      tokens_(MakeTokenSource(account_, clock, log, observer, make_transport)),
      gate_(account_.concurrency, account_.requests_per_second),
      pool_(make_transport(account_.tls_config, account_.proxy), clock),
      random_(std::random_device()()) {}

Result<Done, http_client::Failure> Requester::Ask(const Question& question,
                                                  ResponseReader& reader,
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

// Acquires a token, then a slot and a turn. Never waits for a token while
// holding a slot, or all waiters would start at once. If the token expired
// during the wait, takes another turn, once.
Result<Requester::Turn, http_client::Failure> Requester::TakeTurn(
    const Question& question, Attempts& attempts, const Deadline& deadline) {
  for (bool first = true;; first = false) {
    // The token comes first: without one, no turn is spent.
    Result<oauth::AccessTokenPtr, http_client::Failure> token =
        attempts.replacement ? std::exchange(attempts.replacement, nullptr)
                             : tokens_->Get(deadline);
    if (!token.ok()) return NoToken(question, std::move(token).error());
    Result<Gate::Slot, std::string> slot =
        gate_.Enter(question.endpoint == http_client::Endpoint::kLeads
                        ? Gate::Kind::kLeads
                        : Gate::Kind::kNumbers,
                    deadline);
    if (!slot.ok()) {
      if (attempts.last) return *attempts.last;
      return http_client::Failure{Kind::kTimeout, 0,
                                  "not sent: " + slot.error(), false};
    }
    if (slot->waited()) {
      oauth::AccessTokenPtr current = tokens_->Current();
      if (!current && first) continue;
      token = current ? std::move(current) : tokens_->Get(deadline);
      if (!token.ok()) return NoToken(question, std::move(token).error());
    }
    return Turn{*std::move(slot), *std::move(token)};
  }
}

// Makes one attempt and all that follows from it. `again`: another attempt can
// help, and everything before it but its turn has been waited for.
std::optional<http_client::Failure> Requester::Attempt(const Question& question,
                                                       ResponseReader& reader,
                                                       Attempts& attempts,
                                                       const Deadline& deadline,
                                                       bool* again) {
  oauth::AccessTokenPtr token;
  std::optional<http_client::Failure> failure;
  {
    Result<Turn, http_client::Failure> turn =
        TakeTurn(question, attempts, deadline);
    if (!turn.ok()) return std::move(turn).error();
    token = turn->token;
    if (attempts.made > 0) observer_.OnRetry(question.endpoint);
    failure = Send(question, *token, ++attempts.made, reader, deadline);
  }
  if (!failure) {
    tokens_->Accepted(*token);
    return std::nullopt;
  }
  if (failure->kind == Kind::kStatus && failure->status == 401) {
    *again = ReplaceToken(question, *token, attempts, deadline, &*failure);
    return failure;
  }
  if (failure->status == 200) tokens_->Accepted(*token);
  *again = WaitToRepeat(question, *failure, attempts, deadline);
  return failure;
}

// A given credential that cannot be read is a failure of this request. The
// token source has reported those of the token endpoint.
http_client::Failure Requester::NoToken(const Question& question,
                                        http_client::Failure failure) {
  if (account_.authorization && failure.kind == Kind::kCredentials) {
    observer_.OnRequest(question.endpoint, failure.Reason(), Duration::zero(),
                        0);
  }
  return failure;
}

// Gets another token, once. True: there is one to try. Replaces `failure`, the
// 401, if the token endpoint failed.
bool Requester::ReplaceToken(const Question& question,
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

// False: no repeat, or not in time.
bool Requester::WaitToRepeat(const Question& question,
                             const http_client::Failure& failure,
                             Attempts& attempts, const Deadline& deadline) {
  const SteadyTime now = std::chrono::steady_clock::now();
  if (failure.retry_after > Duration::zero()) {
    gate_.PauseUntil(now + failure.retry_after);
    if (now + failure.retry_after >= deadline.at()) return false;
  }
  if (!question.repeat || attempts.repeats >= http_client::kMaxRepeats ||
      !http_client::IsWorthRepeating(failure)) {
    return false;
  }
  const Duration wait = http_client::Backoff(attempts.repeats, Jitter());
  if (!http_client::SleepFor(wait, deadline)) return false;
  ++attempts.repeats;
  return true;
}

http_client::HttpRequest Requester::MakeRequest(const Question& question,
                                                const oauth::AccessToken& token,
                                                int number) const {
  http_client::HttpRequest request;
  // A repeat, and a request that is never repeated, must not fail because a
  // kept connection has been closed.
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

std::optional<http_client::Failure> Requester::Send(
    const Question& question, const oauth::AccessToken& token, int number,
    ResponseReader& reader, const Deadline& deadline) {
  const SteadyTime begin = std::chrono::steady_clock::now();
  reader.Restart();
  std::unique_ptr<http_client::HttpConnection> connection = pool_.Take();
  http_client::HttpRequest request = MakeRequest(question, token, number);
  std::optional<http_client::Failure> no_header = http_client::AppendHeaders(
      account_.http_headers, "http_headers", request.headers);
  Result<http_client::HttpResponse, http_client::Failure> response =
      no_header
          ? *std::move(no_header)
          : connection->Perform(request, reader,
                                deadline.Within(account_.request_timeout));
  const std::uint64_t wire_bytes = connection->wire_bytes();
  pool_.Give(std::move(connection));

  std::optional<http_client::Failure> failure;
  if (!response.ok()) {
    failure = std::move(response).error();
  } else if (response->status != 200) {
    failure = http_client::ExplainStatus(*response, account_.base_url);
  } else if (std::optional<http_client::Failure> unusable = reader.Finish()) {
    failure = http_client::ExplainAnswer(*response, *std::move(unusable));
  }
  Report(question, number, failure, std::chrono::steady_clock::now() - begin,
         wire_bytes);
  return failure;
}

void Requester::Report(const Question& question, int number,
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

double Requester::Jitter() {
  MutexLock lock(random_mutex_);
  return std::uniform_real_distribution<double>(0, 1)(random_);
}

}  // namespace operator_connect::live_platform
