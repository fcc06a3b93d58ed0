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

// What a fault hits.
enum class Part {
  kLeads,
  kTenant,    // the numbers of one tenant
  kNumbers,   // the numbers of all
  kToken,     // the token endpoint
  kPlatform,  // leads and numbers, by the network
};
std::string ToString(Part part);

// What a row of the matrix works with. Every tenant has numbers, so that a
// fault has something to spoil.
struct Bench {
  Bench(Part part, bool tls, Duration request_timeout);

  Stack stack;
  // In front of the token endpoint or the platform, where the network fails.
  Relay relay;
  // What is trusted of TLS there.
  TempFile ca_file;
  std::string tenant;  // the one of Part::kTenant
};

// One fault, what it hits, and how it must be named.
struct Row {
  std::string fault;
  Part part = Part::kLeads;
  bool tls = false;
  // The reason, or some that are as good, with | between them. Empty: the
  // fault does no harm.
  std::string reason;
  // Whether a request that meets it is made again. Of those that do not reach
  // the simulator nothing is known.
  enum class Repeats { kNo, kOnce, kYes, kUnknown } repeats = Repeats::kUnknown;
  // When it is let in: what it says may be right at another time.
  enum class When { kAlways, kAtFirst, kLater } when = When::kAlways;
  std::function<void(Bench&)> inject;
  std::function<void(Bench&)> heal;
};

std::vector<Row> FaultRows();

// Lets the fault in before any success, after one, and past max_age, and heals
// it in between. Says what the exposition showed wrong; empty: nothing.
std::string RunRow(const Row& row);

}  // namespace operator_connect::integration

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_INTEGRATION_FAULT_MATRIX_H_
