#include "tests/integration/http.h"

#include <doctest/doctest.h>

#include <string>
#include <thread>

// The whole exporter through its port, with any fault upstream.
namespace operator_connect::integration {

using namespace std::chrono_literals;
using simulator::Action;
using simulator::Difference;
using Accepting = simulator::Simulator::Accepting;

namespace {

// The margin between the scrape's deadline and the response's last byte, on a
// busy machine. The faults would take much longer.
constexpr Duration kSpare = 2s * kSlowness;

// A scrape with a timeout of 2 s ends half a second earlier.
void CheckAnsweredInTime(const Serving& serving) {
  const HttpAnswer answer = serving.Get("/metrics", "2");
  CHECK(answer.status == 200);
  CHECK(answer.took < 1500ms + kSpare);
  CHECK(answer.took > 1200ms);
}

}  // namespace

TEST_CASE("a scrape through the port gives exactly the truth") {
  Serving serving;
  serving.Start();
  const HttpAnswer answer = serving.Get("/metrics", "60");
  CHECK(answer.status == 200);
  CHECK(Difference(serving.stack.Truth(), EstateOf(answer.body)) == "");
}

TEST_CASE("a scrape ends in time when connecting hangs") {
  Serving serving;
  serving.Start();
  serving.stack.simulator.SetAccepting(Accepting::kNever);
  CheckAnsweredInTime(serving);
}

TEST_CASE("a scrape ends in time when no connection is accepted") {
  Serving serving;
  serving.Start();
  serving.stack.simulator.SetAccepting(Accepting::kQueue);
  CheckAnsweredInTime(serving);
}

TEST_CASE("a scrape ends in time when the TLS handshake hangs") {
  Serving serving({.tls = true});
  const std::string tls = "{ca_file: " + CertificateFolder() + "/ca.pem}\n";
  serving.Start("", "      tls_config: " + tls + "    tls_config: " + tls);
  serving.stack.simulator.SetAccepting(Accepting::kNoHandshake);
  CheckAnsweredInTime(serving);
}

TEST_CASE("a scrape ends in time when responses are missing or drip") {
  const std::pair<Match, Action> faults[] = {
      {Match::Token(), Action::kNeverAnswer},
      {Match::Token(), Action::kDripBody},
      {Match::Leads(), Action::kNeverAnswer},
      {Match::Leads(), Action::kDripHeaders},
      {Match::Leads(), Action::kDripBody},
      {Match::Leads(), Action::kEndlessBody},
      {Match::Numbers(), Action::kNeverAnswer},
      {Match::Numbers(), Action::kDripHeaders}};
  for (const auto& fault : faults) {
    const std::string name(simulator::ToString(fault.second));
    CAPTURE(name);
    Serving serving;
    serving.Start();
    serving.stack.simulator.AddFault(Fault::Do(fault.first, fault.second));
    const HttpAnswer answer = serving.Get("/metrics", "1");
    CHECK(answer.status == 200);
    CHECK(answer.took < 500ms + kSpare);
  }
}

TEST_CASE("a scrape ends in time with 1,000 slow tenants") {
  Serving serving({.tenants = 1000, .numbers_per_tenant = 1, .uniform = true});
  serving.Start();
  serving.stack.simulator.AddFault(Fault::Delay(Match::Numbers(), 10s));
  CheckAnsweredInTime(serving);
}

TEST_CASE("without any header a collection has its own timeout") {
  Serving serving;
  serving.Start(
      "collection:\n"
      "  leads: {min_interval: 1s, timeout: 1s, max_age: 15m}\n"
      "  numbers: {min_interval: 1s, timeout: 1s, max_age: 15m}\n");
  serving.stack.simulator.AddFault(
      Fault::Do(Match::Leads(), Action::kDripBody));
  const HttpAnswer answer = serving.Get("/metrics");
  CHECK(answer.status == 200);
  CHECK(Value(answer.body, "operator_connect_up") == 0);
  CHECK(answer.took < 1s + kSpare);
}

TEST_CASE("a timeout that is not a finite number above 0 is ignored") {
  for (const char* const timeout : {"NaN", "inf", "-1", "0", "soon", "1e999"}) {
    CAPTURE(timeout);
    Serving serving;
    serving.Start();
    serving.stack.simulator.AddFault(Fault::Delay(Match::LeadsPage(1), 300ms));
    const HttpAnswer answer = serving.Get("/metrics", timeout);
    CHECK(Difference(serving.stack.Truth(), EstateOf(answer.body)) == "");
  }
}

TEST_CASE("pages without a collection respond while one hangs") {
  Serving serving;
  serving.Start();
  simulator::Hold hold = serving.stack.simulator.HoldRequests(Match{});
  std::thread scrape([&] { serving.Get("/metrics", "60"); });
  CHECK(hold.WaitForHeld(1, Deadline::After(kLong)));
  for (const char* const path :
       {"/", "/-/healthy", "/-/ready", "/metrics/exporter", "/sd", "/config"}) {
    CAPTURE(path);
    const HttpAnswer answer = serving.Get(path);
    CHECK(answer.status == 200);
    CHECK(answer.took < kSpare);
    serving.stack.outlet.Add(answer.body);
  }
  hold.Release();
  scrape.join();
}

TEST_CASE("draining ends the scrapes under way soon") {
  Serving serving;
  serving.Start();
  simulator::Hold hold = serving.stack.simulator.HoldRequests(Match{});
  HttpAnswer answer;
  std::thread scrape([&] { answer = serving.Get("/metrics", "60"); });
  CHECK(hold.WaitForHeld(1, Deadline::After(kLong)));
  const SteadyTime begin = std::chrono::steady_clock::now();
  serving.app->Drain();
  serving.app.reset();
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
  scrape.join();
  CHECK(answer.status == 200);
  CHECK(answer.body.find("operator_connect_exporter_build_info") !=
        std::string::npos);
}

TEST_CASE("one account's series can be requested, and only those") {
  Serving serving;
  serving.Start();
  CHECK(Difference(
            serving.stack.Truth(),
            EstateOf(serving.Get("/probe?account=default", "60").body)) == "");
  CHECK(serving.Get("/probe?account=nobody", "60").status == 404);
}

}  // namespace operator_connect::integration
