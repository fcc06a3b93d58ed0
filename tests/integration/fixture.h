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

// A sanitizer makes everything slower; time limits of tests are as much
// longer.
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

inline constexpr std::chrono::seconds kLong{60};  // longer than any good case

// Everything that is logged, and everything that was scraped: what must not
// hold a secret. Thread-safe.
class Outlet {
 public:
  Outlet();
  Log& log() { return *log_; }
  void Add(std::string_view text) OC_EXCLUDES(mutex_);
  std::string Text() const OC_EXCLUDES(mutex_);
  // The lines with a secret, a token, a telephone number, an e-mail address,
  // a person's name or a piece of an answer's body; empty: there are none.
  std::string Leaks() const;

 private:
  mutable Mutex mutex_;
  std::string text_ OC_GUARDED_BY(mutex_);
  const std::unique_ptr<Log> log_;
};

// How much there is on the platform, and how it is reached.
struct StackOptions {
  std::uint64_t seed = 1;
  std::size_t tenants = 12;
  std::size_t numbers_per_tenant = 10;
  bool uniform = false;  // see simulator::GenerateOptions
  bool tls = false;
};

// A simulated platform and a collector of its one account "default". Uses no
// test framework, so that many can run at once; whoever owns one checks
// Leaks() at the end.
class Stack {
 public:
  explicit Stack(const StackOptions& options = {});
  ~Stack();
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;

  // Reads the configuration, which is to be changed before.
  void Start();
  config::Account& account() { return config.accounts.front(); }
  // Takes a given token instead of asking for one.
  void UseBearer();
  // How long a collection may take from now on.
  void SetTimeouts(Duration timeout);
  // Past both min_intervals, so that the next scrape starts collections.
  void PassInterval();
  // Past both max_ages.
  void PassMaxAge();

  std::string Scrape(Duration within = kLong * kSlowness);
  // What a scrape says of the estate.
  Samples ScrapeEstate(Duration within = kLong * kSlowness);
  // What is known, without waiting for anything.
  std::string Peek() { return Scrape(Duration::zero()); }
  // Scrapes without waiting until `done` is content with what is shown.
  bool ScrapeUntil(const std::function<bool(const Samples&)>& done);

  simulator::Platform& platform() { return simulator.account(); }
  simulator::Estate& estate() { return simulator.account().estate(); }
  // What a scrape should say of the estate as it is.
  simulator::TruthSettings Settings() const;
  Samples Truth() const;
  std::set<std::string> Asked() const;
  // Requests for leads, numbers or tokens so far.
  std::size_t Requests(const Match& match) {
    return simulator.requests().Count(match);
  }
  collector::Collector& collector() { return *collector_; }
  std::string Leaks() const { return outlet.Leaks(); }

  simulator::Simulator simulator;
  // Near the machine's clock, by which tokens and certificates end.
  FakeClock clock{std::chrono::floor<std::chrono::seconds>(
                      std::chrono::system_clock::now()),
                  std::chrono::steady_clock::now()};
  Outlet outlet;
  history::History history{"", outlet.log()};
  config::Config config;

 private:
  std::unique_ptr<collector::Collector> collector_;
};

// Ends by checking that nothing leaked.
class CheckedStack : public Stack {
 public:
  using Stack::Stack;
  ~CheckedStack();
};

// The value of one sample, and -1 if it is not there. Labels without the
// account, which is "default".
double Value(const Samples& samples, std::string_view name,
             std::vector<std::pair<std::string, std::string>> labels = {});
double Value(const std::string& text, std::string_view name,
             std::vector<std::pair<std::string, std::string>> labels = {});

// What the text of a scrape says of the estate.
Samples EstateOf(const std::string& text);

// What a scrape should say of numbers where tenants failed: nothing but that
// when none is left.
Samples ShownNumbers(const simulator::EstateData& estate,
                     const simulator::TruthSettings& settings);
// The samples of both.
Samples operator+(Samples a, Samples b);

// Where certificates are, made once: ca.pem, cert.pem, key.pem. "other": of
// another authority.
std::string CertificateFolder(const std::string& name = "simulator");

}  // namespace operator_connect::integration

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_INTEGRATION_FIXTURE_H_
