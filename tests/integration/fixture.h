#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_INTEGRATION_FIXTURE_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_INTEGRATION_FIXTURE_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/log.h"
#include "exporter/base/mutex.h"
#include "exporter/collector/collector.h"
#include "exporter/config/config.h"
#include "exporter/history/history.h"
#include "tests/simulator/simulator.h"
#include "tests/support/fake_clock.h"

namespace operator_connect::integration {

using simulator::Fault;
using simulator::Match;
using simulator::Samples;

// Time limits of tests are multiplied by this: sanitizers make everything
// slower.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr int kSlowness = 4;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr int kSlowness = 4;
#else
inline constexpr int kSlowness = 1;
#endif
#else
inline constexpr int kSlowness = 1;
#endif

inline constexpr std::chrono::seconds kLong{60};  // longer than any success

// Collects everything that is logged or scraped, and must not hold a secret.
// Thread-safe.
class Outlet {
 public:
  Outlet();
  Log& log() { return *log_; }
  void Add(std::string_view text) OC_EXCLUDES(mutex_);
  std::string Text() const OC_EXCLUDES(mutex_);
  // The lines with a secret, a token, a telephone number, an e-mail address, a
  // person's name or a part of a response's body; empty: there are none.
  std::string Leaks() const;

 private:
  mutable Mutex mutex_;
  std::string text_ OC_GUARDED_BY(mutex_);
  const std::unique_ptr<Log> log_;
};

// The size of the platform, and its protocol.
struct StackOptions {
  std::uint64_t seed = 1;
  std::size_t tenants = 12;
  std::size_t numbers_per_tenant = 10;
  bool uniform = false;  // see simulator::GenerateOptions
  bool tls = false;
};

// A simulated platform and a collector of its one account "default". Uses no
// test framework, so that many can run at once; the owner checks Leaks() at the
// end.
class Stack {
 public:
  explicit Stack(const StackOptions& options = {});
  ~Stack();
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;

  // Puts the configuration into force; change it before.
  void Start();
  config::Account& account() { return config.accounts.front(); }
  // Uses a given token instead of requesting one.
  void UseBearer();
  // Sets the time limit of the next collections.
  void SetTimeouts(Duration timeout);
  // Passes both min_intervals, so that the next scrape starts collections.
  void PassInterval();
  // Passes both max_ages.
  void PassMaxAge();

  std::string Scrape(Duration within = kLong * kSlowness);
  // The samples of the estate in a scrape.
  Samples ScrapeEstate(Duration within = kLong * kSlowness);
  // The present results, without waiting.
  std::string Peek() { return Scrape(Duration::zero()); }
  // Scrapes without waiting until `done` accepts the samples.
  bool ScrapeUntil(const std::function<bool(const Samples&)>& done);

  simulator::Platform& platform() { return simulator.account(); }
  simulator::Estate& estate() { return simulator.account().estate(); }
  // The expected samples of the present estate.
  simulator::TruthSettings Settings() const;
  Samples Truth() const;
  std::set<std::string> Asked() const;
  // The number of requests for leads, numbers or tokens so far.
  std::size_t Requests(const Match& match) {
    return simulator.requests().Count(match);
  }
  collector::Collector& collector() { return *collector_; }
  std::string Leaks() const { return outlet.Leaks(); }

  simulator::Simulator simulator;
  // Close to the machine's clock, by which tokens and certificates expire.
  FakeClock clock{std::chrono::floor<std::chrono::seconds>(
                      std::chrono::system_clock::now()),
                  std::chrono::steady_clock::now()};
  Outlet outlet;
  history::History history{"", outlet.log()};
  config::Config config;

 private:
  std::unique_ptr<collector::Collector> collector_;
};

// A stack whose destructor checks that nothing leaked.
class CheckedStack : public Stack {
 public:
  using Stack::Stack;
  ~CheckedStack();
};

// The value of a sample, or -1 without it. Labels without the account, which is
// "default".
double Value(const Samples& samples, std::string_view name,
             std::vector<std::pair<std::string, std::string>> labels = {});
double Value(const std::string& text, std::string_view name,
             std::vector<std::pair<std::string, std::string>> labels = {});

// The samples of the estate in the text of a scrape.
Samples EstateOf(const std::string& text);

// The expected samples of numbers if tenants failed: only the failures if none
// is left.
Samples ShownNumbers(const simulator::EstateData& estate,
                     const simulator::TruthSettings& settings);
// The samples of both.
Samples operator+(Samples a, Samples b);

// The folder of certificates, which are made once: ca.pem, cert.pem, key.pem.
// "other" has another authority.
std::string CertificateFolder(const std::string& name = "simulator");

}  // namespace operator_connect::integration

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_INTEGRATION_FIXTURE_H_
