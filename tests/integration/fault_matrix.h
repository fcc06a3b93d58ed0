#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_INTEGRATION_FAULT_MATRIX_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_INTEGRATION_FAULT_MATRIX_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/integration/fixture.h"
#include "tests/integration/relay.h"
#include "tests/support/temp_dir.h"

namespace operator_connect::integration {

// The target of a fault.
enum class Part {
  kLeads,
  kTenant,    // the numbers of one tenant
  kNumbers,   // the numbers of all
  kToken,     // the token endpoint
  kPlatform,  // leads and numbers, by the network
};
std::string ToString(Part part);

// The setup of a row. Every tenant has numbers, so that each fault can spoil
// some.
struct Bench {
  Bench(Part part, bool tls, Duration request_timeout);

  Stack stack;
  // In front of the token endpoint or the platform, for faults of the network.
  Relay relay;
  // The authorities to trust there.
  TempFile ca_file;
  std::string tenant;  // of Part::kTenant
};

// One fault, its target, and the expected result.
struct Row {
  std::string fault;
  Part part = Part::kLeads;
  bool tls = false;
  // The reason, or several acceptable ones, separated by |. Empty: the fault
  // does no harm.
  std::string reason;
  // Whether a request that meets the fault is repeated. Unknown for requests
  // that do not reach the simulator.
  enum class Repeats { kNo, kOnce, kYes, kUnknown } repeats = Repeats::kUnknown;
  // When the fault is injected: its content may be right at another time.
  enum class When { kAlways, kAtFirst, kLater } when = When::kAlways;
  std::function<void(Bench&)> inject;
  std::function<void(Bench&)> heal;
};

std::vector<Row> FaultRows();

// Injects the fault before any success, after one, and after max_age, and heals
// it in between. Returns the faults of the exposition; empty: none.
std::string RunRow(const Row& row);

}  // namespace operator_connect::integration

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_INTEGRATION_FAULT_MATRIX_H_
