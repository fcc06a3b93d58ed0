#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_SIMULATOR_IMPL_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_SIMULATOR_IMPL_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exporter/base/mutex.h"
#include "tests/simulator/hold.h"
#include "tests/simulator/http.h"
#include "tests/simulator/platform.h"
#include "tests/simulator/request_log.h"
#include "tests/simulator/server.h"
#include "tests/simulator/simulator.h"

namespace operator_connect::simulator {

class Simulator::Impl {
 public:
  Impl(Simulator& owner, const SimulatorOptions& options);
  ~Impl();

  Platform& AddAccount(const std::string& name, const std::string& prefix,
                       PlatformOptions options) OC_EXCLUDES(mutex_);
  Platform* FindAccount(std::string_view name) OC_EXCLUDES(mutex_);
  std::vector<Platform*> Accounts() OC_EXCLUDES(mutex_);

  std::uint64_t AddFault(Fault fault) OC_EXCLUDES(mutex_);
  void RemoveFault(std::uint64_t id) OC_EXCLUDES(mutex_);
  void ClearFaults() OC_EXCLUDES(mutex_);
  std::size_t FaultHits(std::uint64_t id) const OC_EXCLUDES(mutex_);
  std::vector<std::pair<std::uint64_t, Fault>> Faults() const
      OC_EXCLUDES(mutex_);
  Hold AddHold(Match match) OC_EXCLUDES(mutex_);
  // Holds of the control endpoint, by id, until they are dropped.
  std::uint64_t KeepHold(Match match) OC_EXCLUDES(mutex_);
  std::shared_ptr<Hold> FindHold(std::uint64_t id) OC_EXCLUDES(mutex_);
  void DropHold(std::uint64_t id) OC_EXCLUDES(mutex_);

  void Start();

  std::string url;
  RequestLog log;
  Server server;

 private:
  struct ActiveFault {
    Fault fault;
    Picker picker;
    bool removed = false;
  };
  struct Route {
    Endpoint endpoint = Endpoint::kOther;
    Platform::Impl* platform = nullptr;
    bool v3 = false;
  };

  void Serve(Stream& stream);
  // False: the connection is unusable.
  bool Handle(Stream& stream, const HttpRequest& request);
  Route FindRoute(const HttpRequest& request) OC_EXCLUDES(mutex_);
  Route FindTokenRoute(const HttpRequest& request) OC_EXCLUDES(mutex_);
  bool PassHolds(const Request& request, Stream& stream) OC_EXCLUDES(mutex_);
  std::optional<Fault> PickFault(const Request& request) OC_EXCLUDES(mutex_);

  Simulator& owner_;
  mutable Mutex mutex_;
  std::vector<std::unique_ptr<Platform>> platforms_ OC_GUARDED_BY(mutex_);
  std::map<std::uint64_t, ActiveFault> faults_ OC_GUARDED_BY(mutex_);
  std::uint64_t next_fault_ OC_GUARDED_BY(mutex_) = 1;
  std::vector<std::shared_ptr<Hold::State>> holds_ OC_GUARDED_BY(mutex_);
  Random random_ OC_GUARDED_BY(mutex_);
  // The holds of the control endpoint.
  std::map<std::uint64_t, std::shared_ptr<Hold>> kept_holds_
      OC_GUARDED_BY(mutex_);
};

// Responds to a request to /_simulator/….
HttpResponse AnswerControl(Simulator& simulator, Simulator::Impl& impl,
                           const HttpRequest& request);

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_SIMULATOR_IMPL_H_
