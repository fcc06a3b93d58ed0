#include "exporter/oauth/given_token_source.h"

#include <utility>

#include "exporter/base/mutex.h"
#include "exporter/http_client/secret.h"

namespace operator_connect::oauth {
namespace {

class GivenTokenSource : public TokenSource {
 public:
  explicit GivenTokenSource(const config::Authorization& authorization)
      : authorization_(authorization) {}

  Result<AccessTokenPtr, http_client::Failure> Get(const Deadline&) override {
    Result<std::string, http_client::Failure> secret =
        http_client::ReadSecret(authorization_.credentials, "the credentials");
    if (!secret.ok()) return std::move(secret).error();
    std::string value = authorization_.type + " " + *secret;
    MutexLock lock(mutex_);
    if (!token_ || token_->authorization != value) {
      AccessToken token;
      token.authorization = std::move(value);
      token.version = token_ ? token_->version + 1 : 1;
      token_ = std::make_shared<const AccessToken>(std::move(token));
    }
    return token_;
  }

  AccessTokenPtr Current() override {
    Result<AccessTokenPtr, http_client::Failure> token = Get(Deadline::Never());
    return token.ok() ? *std::move(token) : nullptr;
  }

  Result<AccessTokenPtr, http_client::Failure> Replace(
      const AccessToken& refused, const Deadline& deadline) override {
    Result<AccessTokenPtr, http_client::Failure> token = Get(deadline);
    if (token.ok() && (*token)->version == refused.version) {
      return AccessTokenPtr();
    }
    return token;
  }

  void Accepted(const AccessToken&) override {}
  void Refused(const AccessToken&) override {}

 private:
  const config::Authorization authorization_;
  Mutex mutex_;
  AccessTokenPtr token_ OC_GUARDED_BY(mutex_);  // the last one that was read
};

}  // namespace

std::unique_ptr<TokenSource> MakeGivenTokenSource(
    const config::Authorization& authorization) {
  return std::make_unique<GivenTokenSource>(authorization);
}

}  // namespace operator_connect::oauth
