#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_PLATFORM_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_PLATFORM_H_

#include <atomic>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "exporter/base/clock.h"
#include "exporter/base/mutex.h"
#include "tests/simulator/http.h"
#include "tests/simulator/simulator.h"

namespace operator_connect::simulator {

// Makes the responses of one account's platform. Thread-safe.
class Platform::Impl {
 public:
  // `origin`: http://127.0.0.1:4711; `prefix`: "" or "/emea".
  Impl(std::string name, std::string origin, std::string prefix,
       PlatformOptions options);

  // The response to a request. `fault`, if not null, can change its content
  // (pages, records), not how it is sent.
  HttpResponse Token(const HttpRequest& request);
  HttpResponse Leads(const HttpRequest& request, const Fault* fault);
  HttpResponse NumbersV2(const HttpRequest& request, const Fault* fault);
  HttpResponse NumbersV3(const HttpRequest& request, const Fault* fault);

  PlatformOptions options() const OC_EXCLUDES(mutex_);
  void Configure(const std::function<void(PlatformOptions&)>& change)
      OC_EXCLUDES(mutex_);
  std::string IssueToken() OC_EXCLUDES(mutex_);
  void RevokeTokens() OC_EXCLUDES(mutex_);
  void RefuseTokens(bool refuse) OC_EXCLUDES(mutex_);
  std::string TokenPath() const;
  std::string TokenUrl() const { return origin + TokenPath(); }

  const std::string name;
  const std::string origin;
  const std::string prefix;
  Estate estate;

 private:
  bool Authorised(const HttpRequest& request) const OC_EXCLUDES(mutex_);
  // The fault of a token request's credentials; empty: there is none.
  std::string CheckCredentials(const std::map<std::string, std::string>& form,
                               const PlatformOptions& options) const;

  std::atomic<std::uint64_t> shuffles_{0};

  mutable Mutex mutex_;
  PlatformOptions options_ OC_GUARDED_BY(mutex_);
  std::map<std::string, SteadyTime, std::less<>> tokens_ OC_GUARDED_BY(mutex_);
  std::uint64_t issued_ OC_GUARDED_BY(mutex_) = 0;
  bool refuse_ OC_GUARDED_BY(mutex_) = false;
};

// An error in the token endpoint's form.
HttpResponse TokenError(int status, std::string_view error,
                        std::string_view description);
// An error in the platform's form.
HttpResponse PlatformError(int status, std::string_view detail);

// The fault of a client_assertion, as AADSTS and a sentence; empty: there is
// none.
std::string CheckAssertion(std::string_view assertion,
                           const PlatformOptions& options,
                           const std::string& token_path);

// Append records that are spoilt without changing their meaning.
void AppendSpoiltLead(Lead lead, Spoil spoil, std::size_t index,
                      std::string& out);
void AppendSpoiltNumber(Number number, Spoil spoil, std::size_t index,
                        std::string& out);

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_PLATFORM_H_
