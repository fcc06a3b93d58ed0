#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_REQUEST_LOG_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_REQUEST_LOG_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/mutex.h"
#include "tests/simulator/fault.h"

namespace operator_connect::simulator {

// A received request.
struct Request {
  std::uint64_t serial = 0;  // counts from 1
  std::string account;       // empty: of no account
  Endpoint endpoint = Endpoint::kOther;
  std::string method;
  std::string path;                            // without the query
  std::map<std::string, std::string> params;   // query, or the form of a token
  std::map<std::string, std::string> headers;  // names in lower case
  SteadyTime arrived;                // when its headers (and form) were read
  int status = 0;                    // 0: no response yet, or none at all
  std::uint64_t estate_version = 0;  // that the response was made from
  std::size_t under_way = 0;  // leads and numbers requests of the account,
                              // including this one
  std::optional<int> page() const;
  std::string tenant_id() const;  // msTenantId in lower case, or empty
};

// A log of the requests to the simulator. Keeps the last 200,000 requests;
// counts include all. Omits control requests. Thread-safe.
class RequestLog {
 public:
  // Requests that match; ignores `skip`, `count` and `probability`.
  std::size_t Count(const Match& match = {}) const OC_EXCLUDES(mutex_);
  std::vector<Request> List(const Match& match = {}) const OC_EXCLUDES(mutex_);
  // The highest number of leads and numbers requests under way at once, of one
  // account or of all together.
  std::size_t HighWater(std::string_view account = {}) const
      OC_EXCLUDES(mutex_);
  // Leads and numbers requests under way now.
  std::size_t UnderWay() const OC_EXCLUDES(mutex_);
  // The highest number of arrivals in any window of that length.
  std::size_t MostWithin(Duration window, const Match& match = {}) const;
  // Waits until `count` matching requests have arrived. False: the deadline
  // passed.
  bool WaitForCount(std::size_t count, const Match& match,
                    const Deadline& deadline) const OC_EXCLUDES(mutex_);
  // Forgets requests, counts and high-water marks.
  void Clear() OC_EXCLUDES(mutex_);

  // Called by the server.
  std::uint64_t Begin(Request request) OC_EXCLUDES(mutex_);
  void Answered(std::uint64_t serial, int status, std::uint64_t version)
      OC_EXCLUDES(mutex_);
  void End(std::uint64_t serial) OC_EXCLUDES(mutex_);

 private:
  struct Load {
    std::size_t under_way = 0;
    std::size_t high_water = 0;
  };
  std::size_t CountLocked(const Match& match) const OC_REQUIRES(mutex_);

  mutable Mutex mutex_;
  mutable CondVar arrived_;
  std::uint64_t next_ OC_GUARDED_BY(mutex_) = 1;
  std::deque<Request> requests_ OC_GUARDED_BY(mutex_);
  // Requests that have left `requests_`, by account and endpoint.
  std::map<std::pair<std::string, Endpoint>, std::size_t> old_
      OC_GUARDED_BY(mutex_);
  Load all_ OC_GUARDED_BY(mutex_);
  std::map<std::string, Load, std::less<>> loads_ OC_GUARDED_BY(mutex_);
  // The accounts of requests under way that count as load.
  std::map<std::uint64_t, std::string> open_ OC_GUARDED_BY(mutex_);
};

// Whether a request matches by endpoint, account, page and tenant.
bool Matches(const Match& match, const Request& request);

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_REQUEST_LOG_H_
