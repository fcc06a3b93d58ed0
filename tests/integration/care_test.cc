#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/integration/fixture.h"
#include "tests/support/temp_dir.h"

// The load on the platform and the token endpoint.
namespace operator_connect::integration {

using namespace std::chrono_literals;
using simulator::Difference;
using simulator::Request;

namespace {

double Retries(const std::string& text, const std::string& endpoint) {
  return Value(text, "operator_connect_exporter_upstream_retries_total",
               {{"endpoint", endpoint}});
}

// The time between the first and the second request for numbers.
Duration PauseAfterFirst(Stack& stack) {
  const std::vector<Request> requests =
      stack.simulator.requests().List(Match::Numbers());
  REQUIRE(requests.size() > 1);
  return requests[1].arrived - requests[0].arrived;
}

}  // namespace

TEST_CASE("no more requests are under way than concurrency allows") {
  CheckedStack stack({.tenants = 40, .uniform = true});
  stack.account().concurrency = 5;
  stack.Start();
  stack.simulator.AddFault(Fault::Delay(Match::Numbers(), 20ms));
  stack.Scrape();
  CHECK(stack.simulator.requests().HighWater("default") <= 5);
  CHECK(stack.simulator.requests().HighWater("default") >= 4);
}

TEST_CASE("one slot is kept for leads while numbers hang") {
  CheckedStack stack({.tenants = 20, .uniform = true});
  stack.account().concurrency = 4;
  stack.Start();
  stack.Scrape();
  simulator::Hold hold = stack.simulator.HoldRequests(Match::Numbers());
  stack.PassInterval();
  stack.Peek();
  CHECK(hold.WaitForHeld(3, Deadline::After(kLong)));
  const double now = ToUnixSeconds(stack.clock.Wall());
  CHECK(stack.ScrapeUntil([&](const Samples& samples) {
    return Value(samples,
                 "operator_connect_collector_last_success_timestamp_seconds",
                 {{"collector", "leads"}}) == now;
  }));
  CHECK(hold.held() == 3);
}

TEST_CASE("requests_per_second is kept over any second") {
  CheckedStack stack({.tenants = 40, .uniform = true});
  stack.account().requests_per_second = 25;
  stack.Start();
  stack.Scrape();
  // Arrivals can move closer by a few milliseconds.
  CHECK(stack.simulator.requests().MostWithin(980ms, Match::Numbers()) <= 26);
}

TEST_CASE("Retry-After in seconds pauses the whole account") {
  CheckedStack stack;
  stack.account().concurrency = 2;
  stack.Start();
  stack.simulator.AddFault(Fault::Status(Match::Numbers().Times(1), 429, "1"));
  CHECK(Difference(stack.Truth(), stack.ScrapeEstate()) == "");
  CHECK(PauseAfterFirst(stack) >= 1s);
}

TEST_CASE("Retry-After as a date pauses the whole account") {
  CheckedStack stack;
  stack.account().concurrency = 2;
  stack.Start();
  stack.simulator.AddFault(Fault::Status(Match::Numbers().Times(1), 503, "+2"));
  CHECK(Difference(stack.Truth(), stack.ScrapeEstate()) == "");
  CHECK(PauseAfterFirst(stack) >= 1s);
}

TEST_CASE("a Retry-After beyond the deadline fails at once") {
  CheckedStack stack;
  stack.Start();
  stack.simulator.AddFault(Fault::Status(Match::Leads(), 503, "3600"));
  const SteadyTime begin = std::chrono::steady_clock::now();
  CHECK(Value(stack.Scrape(), "operator_connect_up") == 0);
  CHECK(std::chrono::steady_clock::now() - begin < 10s);
  CHECK(stack.Requests(Match::Leads()) == 1);
}

TEST_CASE("repeats are counted, and succeed") {
  CheckedStack stack;
  stack.Start();
  stack.simulator.AddFault(Fault::Status(Match::LeadsPage(1).Times(2), 502));
  const std::string text = stack.Scrape();
  CHECK(Difference(stack.Truth(), EstateOf(text)) == "");
  CHECK(Retries(text, "leads") == 2);
  CHECK(Retries(text, "numbers") == 0);
  CHECK(Value(text, "operator_connect_exporter_upstream_requests_total",
              {{"endpoint", "leads"}, {"code", "502"}}) == 2);
}

TEST_CASE("a request is repeated at most three times") {
  CheckedStack stack;
  stack.Start();
  stack.simulator.AddFault(Fault::Status(Match::Leads(), 503));
  CHECK(Retries(stack.Scrape(), "leads") == 3);
  CHECK(stack.Requests(Match::Leads()) == 4);
}

TEST_CASE("kept connections that break cause at most three repeats") {
  CheckedStack stack({.tenants = 20, .uniform = true});
  stack.Start();
  stack.Scrape();
  const std::size_t before = stack.Requests(Match::Leads());
  stack.simulator.AddFault(
      Fault::Do(Match::Leads(), simulator::Action::kClose));
  stack.clock.Pass(std::chrono::minutes(2));
  CHECK(Retries(stack.Scrape(), "leads") == 3);
  CHECK(stack.Requests(Match::Leads()) == before + 4);
}

TEST_CASE("repeats after broken kept connections are paced and counted") {
  CheckedStack stack({.tenants = 20, .uniform = true});
  stack.account().requests_per_second = 10;
  stack.Start();
  stack.Scrape();
  stack.simulator.requests().Clear();
  stack.simulator.AddFault(
      Fault::Do(Match::Numbers().Times(7), simulator::Action::kClose));
  stack.PassInterval();
  const std::string text = stack.Scrape();
  CHECK(Difference(stack.Truth(), EstateOf(text)) == "");
  CHECK(stack.simulator.requests().MostWithin(480ms, Match::Numbers()) <= 6);
  CHECK(Retries(text, "numbers") == 7);
  CHECK(Value(text, "operator_connect_exporter_upstream_requests_total",
              {{"endpoint", "numbers"}, {"code", "transport"}}) == 7);
}

TEST_CASE("32 requests with a 401 at once refresh the token once") {
  CheckedStack stack({.tenants = 40, .uniform = true});
  stack.account().concurrency = 33;
  stack.Start();
  stack.Scrape();
  stack.simulator.requests().Clear();
  stack.PassInterval();
  {
    simulator::Hold hold = stack.simulator.HoldRequests(Match::Numbers());
    stack.Peek();
    REQUIRE(hold.WaitForHeld(32, Deadline::After(kLong)));
    stack.platform().RevokeTokens();
    hold.Release();
  }
  CHECK(Difference(stack.Truth(), stack.ScrapeEstate()) == "");
  CHECK(stack.Requests(Match::Token()) == 1);
  for (const std::string& tenant : stack.Asked()) {
    CHECK(stack.Requests(Match::NumbersOf(tenant)) <= 2);
  }
}

TEST_CASE("a platform that refuses every token gets few requests") {
  CheckedStack stack({.tenants = 40, .uniform = true});
  stack.account().concurrency = 9;
  stack.Start();
  stack.Scrape();
  stack.simulator.requests().Clear();
  stack.platform().RefuseTokens(true);
  stack.PassInterval();
  const std::string text = stack.Scrape();
  CHECK(Value(text, "operator_connect_tenants", {{"state", "stale"}}) == 40);
  CHECK(stack.Requests(Match::Token()) <= 2);
  for (const std::string& tenant : stack.Asked()) {
    CHECK(stack.Requests(Match::NumbersOf(tenant)) <= 2);
  }
}

TEST_CASE("a token endpoint that is down gets a request in five seconds") {
  CheckedStack stack({.tenants = 30, .uniform = true});
  stack.config.collection.leads.min_interval = 1s;
  stack.config.collection.numbers.min_interval = 1s;
  stack.Start();
  stack.Scrape();
  stack.simulator.requests().Clear();
  stack.simulator.AddFault(Fault::Status(Match::Token(), 503));
  stack.clock.Pass(1h);  // the token has expired
  const std::string text = stack.Scrape();
  CHECK(Value(text, "operator_connect_tenant_failed",
              {{"tenant_id", *stack.Asked().begin()},
               {"reason", "credentials"}}) == 1);
  for (int second = 1; second < 5; ++second) {
    stack.clock.Pass(1s);
    stack.Scrape();
  }
  CHECK(stack.Requests(Match::Token()) == 1);
  stack.clock.Pass(1s);
  stack.Scrape();
  CHECK(stack.Requests(Match::Token()) == 2);
  CHECK(stack.Requests(Match::Numbers()) == 0);
}

TEST_CASE("a token is refreshed before it expires") {
  CheckedStack stack;
  stack.platform().Configure(
      [](simulator::PlatformOptions& options) { options.expires_in = 1000; });
  stack.Start();
  stack.Scrape();
  stack.clock.Pass(750s);
  stack.Scrape();
  CHECK(stack.Requests(Match::Token()) == 1);
  stack.clock.Pass(100s);
  const std::string text = stack.Scrape();
  CHECK(stack.Requests(Match::Token()) == 2);
  CHECK(Value(text, "operator_connect_exporter_upstream_requests_total",
              {{"endpoint", "leads"}, {"code", "401"}}) == -1);
  CHECK(
      Value(text, "operator_connect_exporter_token_expiry_timestamp_seconds") ==
      ToUnixSeconds(stack.clock.Wall()) + 1000);
}

TEST_CASE("a pause that the platform demands is exposed while it lasts") {
  constexpr const char* kName =
      "operator_connect_exporter_upstream_paused_until_timestamp_seconds";
  CheckedStack stack;
  stack.Start();
  CHECK(Value(stack.Scrape(), kName) == -1);
  stack.SetTimeouts(5s * kSlowness);
  stack.simulator.AddFault(Fault::Status(Match::Leads(), 503, "1800"));
  stack.PassInterval();
  const double until = Value(stack.Scrape(), kName);
  const double now = ToUnixSeconds(stack.clock.Wall());
  CHECK(until > now + 1500);
  CHECK(until <= now + 1801);
}

TEST_CASE("a secret that is rotated in its file is used") {
  CheckedStack stack;
  const TempFile secret("  simulated-secret\n");
  stack.account().oauth2->client_secret = config::Secret{"", secret.path()};
  stack.Start();
  CHECK(Value(stack.Scrape(), "operator_connect_up") == 1);
  stack.platform().Configure([](simulator::PlatformOptions& options) {
    options.client_secret = "simulated-secret-2";
  });
  stack.platform().RevokeTokens();
  stack.PassInterval();
  CHECK(Value(stack.Scrape(), "operator_connect_up") == 0);
  secret.Write("simulated-secret-2\n");
  stack.PassInterval();
  CHECK(Value(stack.Scrape(), "operator_connect_up") == 1);
}

TEST_CASE("a credential that is rotated in its file is used") {
  CheckedStack stack;
  const TempFile credential(stack.platform().IssueToken() + "\n");
  stack.UseBearer();
  stack.account().authorization->credentials =
      config::Secret{"", credential.path()};
  stack.Start();
  CHECK(Value(stack.Scrape(), "operator_connect_up") == 1);
  stack.platform().RevokeTokens();
  stack.PassInterval();
  CHECK(Value(stack.Scrape(), "operator_connect_up") == 0);
  credential.Write(stack.platform().IssueToken());
  stack.PassInterval();
  CHECK(Difference(stack.Truth(), stack.ScrapeEstate()) == "");
  CHECK(stack.Requests(Match::Token()) == 0);
}

TEST_CASE("compression is requested") {
  CheckedStack stack;
  stack.Start();
  stack.Scrape();
  for (const Request& request :
       stack.simulator.requests().List(Match::Leads())) {
    CHECK(request.headers.at("accept-encoding").find("gzip") !=
          std::string::npos);
  }
}

}  // namespace operator_connect::integration
