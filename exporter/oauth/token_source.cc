#include "exporter/oauth/token_source.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <stop_token>
#include <utility>

#include "exporter/base/mutex.h"
#include "exporter/oauth/token_request.h"

namespace operator_connect::oauth {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration kLongestMargin = minutes(5);
constexpr int kMarginShare = 5;  // of the lifetime: a fifth
constexpr Duration kFailurePause = seconds(5);
constexpr Duration kLongestFailurePause = minutes(5);
constexpr Duration kForcedPause = seconds(30);

using TokenResult = Result<AccessTokenPtr, http_client::Failure>;

http_client::Failure NotInTime(const Deadline& deadline) {
  return {http_client::Failure::Kind::kTimeout, 0,
          deadline.stopped() ? "stopped while waiting for a token"
                             : "there was no token in time",
          false};
}

class OAuth2TokenSource : public TokenSource {
 public:
  OAuth2TokenSource(const config::Account& account, const Clock& clock,
                    Log& log, http_client::RequestObserver& observer,
                    const http_client::TransportMaker& make_transport)
      : requester_(account, clock, log, observer, make_transport),
        clock_(clock),
        observer_(observer) {}

  TokenResult Get(const Deadline& deadline) override;
  AccessTokenPtr Current() override;
  TokenResult Replace(const AccessToken& refused,
                      const Deadline& deadline) override;
  void Accepted(const AccessToken& token) override;
  void Refused(const AccessToken& replacement) override;

 private:
  // A request for a token, and its result for those who wait.
  struct Flight {
    bool landed = false;
    std::optional<TokenResult> result;  // unset: its leader gave up
  };
  using FlightPtr = std::shared_ptr<Flight>;

  bool IsUsable(SteadyTime now) const OC_REQUIRES(mutex_);
  AccessTokenPtr Fresh() const OC_REQUIRES(mutex_);
  TokenResult Obtain(const Deadline& deadline);
  TokenResult Lead(const Deadline& deadline) OC_REQUIRES(mutex_);
  void Land(const FlightPtr& flight) OC_REQUIRES(mutex_);
  TokenResult Keep(Result<TokenResponse, http_client::Failure> response,
                   SteadyTime asked) OC_REQUIRES(mutex_);

  TokenRequester requester_;
  const Clock& clock_;
  http_client::RequestObserver& observer_;
  std::atomic<std::uint64_t> accepted_{0};  // the newest accepted version

  Mutex mutex_;
  CondVar changed_;
  FlightPtr flight_ OC_GUARDED_BY(mutex_);
  AccessTokenPtr token_ OC_GUARDED_BY(mutex_);
  SteadyTime renew_at_ OC_GUARDED_BY(mutex_);
  SteadyTime expires_ OC_GUARDED_BY(mutex_);
  std::uint64_t versions_ OC_GUARDED_BY(mutex_) = 0;
  // The version that a forced renewal must replace; 0: none.
  std::uint64_t refused_ OC_GUARDED_BY(mutex_) = 0;
  // The version that the last forced renewal returned; 0: none.
  std::uint64_t forced_ OC_GUARDED_BY(mutex_) = 0;
  SteadyTime forced_at_ OC_GUARDED_BY(mutex_);
  SteadyTime no_force_until_ OC_GUARDED_BY(mutex_) = SteadyTime::min();
  std::optional<http_client::Failure> failure_
      OC_GUARDED_BY(mutex_);  // the remembered one
  SteadyTime failed_until_ OC_GUARDED_BY(mutex_);
};

bool OAuth2TokenSource::IsUsable(SteadyTime now) const {
  return token_ && now < expires_ && token_->version != refused_;
}

// The token; null if it must be renewed or waited for.
AccessTokenPtr OAuth2TokenSource::Fresh() const {
  const SteadyTime now = clock_.Steady();
  if (!IsUsable(now)) return nullptr;
  const bool wait = flight_ != nullptr || (failure_ && now < failed_until_);
  return now < renew_at_ || wait ? token_ : nullptr;
}

TokenResult OAuth2TokenSource::Get(const Deadline& deadline) {
  {
    MutexLock lock(mutex_);
    if (AccessTokenPtr token = Fresh()) return token;
  }
  return Obtain(deadline);
}

AccessTokenPtr OAuth2TokenSource::Current() {
  MutexLock lock(mutex_);
  return IsUsable(clock_.Steady()) ? token_ : nullptr;
}

TokenResult OAuth2TokenSource::Obtain(const Deadline& deadline) {
  // Created before the lock is taken: it locks when a stop is requested.
  const std::stop_callback wake(deadline.stop(), [this] {
    MutexLock lock(mutex_);
    changed_.NotifyAll();
  });
  MutexLock lock(mutex_);
  while (true) {
    if (AccessTokenPtr token = Fresh()) return token;
    if (deadline.expired()) return NotInTime(deadline);
    if (!flight_) {
      if (failure_ && clock_.Steady() < failed_until_) return *failure_;
      return Lead(deadline);
    }
    const FlightPtr flight = flight_;
    while (!flight->landed && !deadline.expired()) {
      changed_.WaitUntil(mutex_, deadline.at());
    }
    if (flight->result) return *flight->result;
  }
}

TokenResult OAuth2TokenSource::Lead(const Deadline& deadline) {
  const FlightPtr flight = std::make_shared<Flight>();
  flight_ = flight;
  const SteadyTime asked = clock_.Steady();
  mutex_.Unlock();
  std::optional<Result<TokenResponse, http_client::Failure>> response;
  try {
    response = requester_.Request(deadline);
  } catch (...) {
    mutex_.Lock();
    Land(flight);
    throw;
  }
  mutex_.Lock();
  // A request that was cut off by this caller's deadline says nothing about the
  // token endpoint: a waiting caller makes another.
  if (!response->ok() && deadline.expired()) {
    Land(flight);
    return NotInTime(deadline);
  }
  const bool forced = token_ && token_->version == refused_;
  TokenResult result = Keep(*std::move(response), asked);
  if (forced) {
    refused_ = 0;
    if (result.ok()) {
      forced_ = (*result)->version;
      forced_at_ = clock_.Steady();
    }
  } else if (!result.ok() && IsUsable(clock_.Steady())) {
    result = token_;  // renewed too early to matter
  }
  flight->result = result;
  Land(flight);
  return result;
}

void OAuth2TokenSource::Land(const FlightPtr& flight) {
  flight->landed = true;
  if (flight_ == flight) flight_.reset();
  changed_.NotifyAll();
}

TokenResult OAuth2TokenSource::Keep(
    Result<TokenResponse, http_client::Failure> response, SteadyTime asked) {
  if (!response.ok()) {
    failure_ = std::move(response).error();
    failed_until_ =
        clock_.Steady() +
        std::clamp(failure_->retry_after, kFailurePause, kLongestFailurePause);
    return *failure_;
  }
  AccessToken token;
  token.authorization = "Bearer " + response->access_token;
  token.version = ++versions_;
  token_ = std::make_shared<const AccessToken>(std::move(token));
  expires_ = asked + response->expires_in;
  renew_at_ =
      expires_ - std::min(kLongestMargin, response->expires_in / kMarginShare);
  failure_.reset();
  observer_.OnToken(clock_.Wall() + response->expires_in);
  return token_;
}

TokenResult OAuth2TokenSource::Replace(const AccessToken& refused,
                                       const Deadline& deadline) {
  {
    MutexLock lock(mutex_);
    const SteadyTime now = clock_.Steady();
    const bool current = token_ && token_->version == refused.version;
    if (current && refused_ != refused.version) {
      if (failure_ && now < failed_until_) return *failure_;
      const bool untried = forced_ == refused.version &&
                           accepted_.load() != forced_ &&
                           now < forced_at_ + kForcedPause;
      if (untried || now < no_force_until_) return AccessTokenPtr();
      refused_ = refused.version;
    }
  }
  return Get(deadline);
}

void OAuth2TokenSource::Accepted(const AccessToken& token) {
  if (accepted_.load(std::memory_order_relaxed) < token.version) {
    accepted_.store(token.version);
  }
}

void OAuth2TokenSource::Refused(const AccessToken&) {
  MutexLock lock(mutex_);
  no_force_until_ = clock_.Steady() + kForcedPause;
}

}  // namespace

std::unique_ptr<TokenSource> MakeOAuth2TokenSource(
    const config::Account& account, const Clock& clock, Log& log,
    http_client::RequestObserver& observer,
    const http_client::TransportMaker& make_transport) {
  return std::make_unique<OAuth2TokenSource>(account, clock, log, observer,
                                             make_transport);
}

}  // namespace operator_connect::oauth
