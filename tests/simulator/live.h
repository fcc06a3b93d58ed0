#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_LIVE_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_LIVE_H_

#include <cstdint>
#include <memory>

#include "tests/simulator/simulator.h"

namespace operator_connect::simulator {

// Lets the estates of all accounts move as an operator's do: consents arrive,
// licenses are applied, leads are removed and consented again, numbers are
// acquired, assigned and released, checks fail and heal. At once there are
// leads that wait for a license since more than a day and more than a week.
// Besides, in the first account a tenant answers 500 for a while, the second
// loses a quarter of its numbers at once, and the third is throttled, gets no
// token and then no leads for a while; and so on from the fourth. What happens
// is the same for the same seed.
class Live {
 public:
  // `simulator` outlives this, and has all its accounts. Nothing moves before
  // it is told to.
  Live(Simulator& simulator, std::uint64_t seed);
  // Stops, and leaves things as they are.
  ~Live();
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

  // One step, at once. Not once it was started.
  void Step();
  // A step every `2 s / speed` from now on, in a thread of its own. Once.
  void Start(double speed = 1);

  class Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_LIVE_H_
