#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_LIVE_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_LIVE_H_

#include <cstdint>
#include <memory>

#include "tests/simulator/simulator.h"

namespace operator_connect::simulator {

// Changes the estates of all accounts like an operator's: consents arrive,
// licenses are applied, leads are removed and consented again, numbers are
// acquired, assigned and released, checks fail and recover. At the start there
// are leads that have waited for a license for more than a day and more than a
// week.
//
// In addition, a tenant of the first account returns 500 for a while; the
// second account loses a quarter of its numbers at once; the third is
// throttled, gets no token and then no leads for a while; the fourth is like
// the first, and so on. The same seed gives the same events.
class Live {
 public:
  // `simulator` outlives this, and has all its accounts. Changes nothing before
  // Step() or Start().
  Live(Simulator& simulator, std::uint64_t seed);
  // Stops, and leaves the present state.
  ~Live();
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

  // Takes one step now. Not after Start().
  void Step();
  // Takes a step every `2 s / speed` in its own thread. Call once.
  void Start(double speed = 1);

  class Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_LIVE_H_
