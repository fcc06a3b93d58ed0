#include <doctest/doctest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/fixture.h"

// Single flight, and the age of shown results.
namespace operator_connect::integration {

using namespace std::chrono_literals;
using simulator::Difference;

namespace {

bool ShowsLeads(const Samples& samples) {
  return Value(samples, "operator_connect_direct_leads") >= 0;
}

// Changes the leads, but nothing that affects numbers.
void RenameAll(Stack& stack) {
  stack.estate().Change([](simulator::EstateData& data) {
    for (simulator::Lead& lead : data.leads) {
      lead.company = "Renamed";
      lead.raw_record.clear();
    }
  });
}

void SetStatus(Stack& stack, const std::string& tenant, const char* status) {
  stack.estate().Change([&](simulator::EstateData& data) {
    for (simulator::Lead& lead : data.leads) {
      if (simulator::ToLower(lead.tenant_id.value_or("")) != tenant) continue;
      lead.status = status;
      lead.raw_record.clear();
    }
  });
}

// Collects leads, and then the numbers of their tenants.
std::string ScrapeLeadsThenNumbers(Stack& stack) {
  stack.PassInterval();
  stack.Scrape();
  stack.PassInterval();
  return stack.Scrape();
}

std::vector<std::string> TenantsAsked(Stack& stack, std::size_t from) {
  std::vector<std::string> tenants;
  const auto requests = stack.simulator.requests().List(Match::Numbers());
  for (std::size_t i = from; i < requests.size(); ++i) {
    tenants.push_back(requests[i].tenant_id());
  }
  return tenants;
}

}  // namespace

TEST_CASE("fifty scrapes at once share one collection of each kind") {
  CheckedStack stack;
  stack.Start();
  std::vector<std::string> texts(50);
  {
    simulator::Hold hold = stack.simulator.HoldRequests(Match::Leads());
    std::vector<std::thread> scrapers;
    for (std::string& text : texts) {
      scrapers.emplace_back([&] { text = stack.Scrape(); });
    }
    CHECK(hold.WaitForHeld(1, Deadline::After(kLong)));
    hold.Release();
    for (std::thread& scraper : scrapers) scraper.join();
  }
  CHECK(stack.Requests(Match::LeadsPage(1)) == 1);
  CHECK(stack.Requests(Match::Numbers()) == stack.Asked().size());
  CHECK(stack.Requests(Match::Token()) == 1);
  for (const std::string& text : texts) {
    CHECK(Difference(stack.Truth(), EstateOf(text)) == "");
  }
}

TEST_CASE("nothing is started again before min_interval, not even a failure") {
  CheckedStack stack;
  stack.config.collection.numbers.min_interval = 10min;
  stack.Start();
  const auto fault =
      stack.simulator.AddFault(Fault::Status(Match::Leads(), 500));
  stack.Scrape();
  stack.clock.Pass(59s);
  stack.Scrape();
  CHECK(stack.Requests(Match::Leads()) == 1);
  stack.simulator.RemoveFault(fault);
  stack.clock.Pass(1s);
  stack.Scrape();
  const std::size_t leads = stack.Requests(Match::Leads());
  const std::size_t numbers = stack.Requests(Match::Numbers());
  CHECK(leads > 1);
  CHECK(numbers == stack.Asked().size());
  stack.clock.Pass(61s);
  stack.Scrape();
  CHECK(stack.Requests(Match::Leads()) > leads);
  CHECK(stack.Requests(Match::Numbers()) == numbers);
}

TEST_CASE("leads are fresh while numbers are still under way") {
  CheckedStack stack;
  stack.Start();
  simulator::Hold hold = stack.simulator.HoldRequests(Match::Numbers());
  CHECK(stack.ScrapeUntil(ShowsLeads));
  const std::string text = stack.Scrape(20ms);
  CHECK(Value(text, "operator_connect_collector_success",
              {{"collector", "leads"}}) == 1);
  CHECK(Value(text, "operator_connect_collector_success",
              {{"collector", "numbers"}}) == -1);
  hold.Release();
  CHECK(Difference(stack.Truth(), stack.ScrapeEstate()) == "");
}

TEST_CASE("numbers that hang for ever do not delay leads") {
  CheckedStack stack;
  stack.Start();
  stack.Scrape();
  simulator::Hold hold = stack.simulator.HoldRequests(Match::Numbers());
  for (int round = 0; round < 3; ++round) {
    stack.PassInterval();
    const double now = ToUnixSeconds(stack.clock.Wall());
    CHECK(stack.ScrapeUntil([&](const Samples& samples) {
      return Value(samples,
                   "operator_connect_collector_last_success_timestamp_seconds",
                   {{"collector", "leads"}}) == now;
    }));
  }
}

TEST_CASE("a scrape without time gets the last result, the next the new") {
  CheckedStack stack;
  stack.Start();
  stack.Scrape();
  const Samples before = stack.Truth();
  const double read_at = ToUnixSeconds(stack.clock.Wall());
  RenameAll(stack);
  stack.PassInterval();
  simulator::Hold hold = stack.simulator.HoldRequests(Match{});
  const SteadyTime asked = std::chrono::steady_clock::now();
  const std::string text = stack.Scrape(200ms);
  CHECK(std::chrono::steady_clock::now() - asked < 200ms + 1s * kSlowness);
  CHECK(Difference(before, EstateOf(text)) == "");
  CHECK(Value(text, "operator_connect_collector_last_success_timestamp_seconds",
              {{"collector", "leads"}}) == read_at);
  const std::size_t made = stack.Requests(Match::LeadsPage(1));
  hold.Release();
  CHECK(Difference(stack.Truth(), stack.ScrapeEstate()) == "");
  CHECK(stack.Requests(Match::LeadsPage(1)) == made);
}

TEST_CASE("numbers that ran out of time continue with the longest waiting") {
  CheckedStack stack({.tenants = 12, .uniform = true});
  stack.account().concurrency = 2;  // one slot for numbers
  stack.config.collection.numbers.timeout = 500ms * kSlowness;
  stack.Start();
  stack.simulator.AddFault(Fault::Delay(Match::Numbers(), 100ms * kSlowness));
  std::set<std::string> answered;
  std::set<std::string> ever_asked;
  for (int round = 0; round < 24 && answered.size() < 12; ++round) {
    const std::size_t from = stack.Requests(Match::Numbers());
    const Samples shown = stack.ScrapeEstate();
    const std::vector<std::string> asked = TenantsAsked(stack, from);
    // Tenants that were never asked come first.
    const std::size_t left = 12 - ever_asked.size();
    for (std::size_t i = 0; i < asked.size() && i < left; ++i) {
      CHECK(ever_asked.count(asked[i]) == 0);
    }
    ever_asked.insert(asked.begin(), asked.end());
    CHECK(asked.size() < 12);
    for (const std::string& tenant : stack.Asked()) {
      if (Value(shown, "operator_connect_tenant_failed",
                {{"tenant_id", tenant}, {"reason", "timeout"}}) < 0) {
        answered.insert(tenant);
      }
    }
    stack.PassInterval();
  }
  CHECK(answered.size() == 12);
}

TEST_CASE("numbers that ran out of turns continue with tenants without one") {
  CheckedStack stack({.tenants = 40, .uniform = true});
  stack.account().requests_per_second = 20;
  stack.config.collection.numbers.timeout = 1s;
  stack.Start();
  std::set<std::string> asked;
  // Three rounds suffice, unless the machine is too busy for 20 requests in
  // each.
  for (int round = 0; round < 24 && asked.size() < 40; ++round) {
    const std::size_t from = stack.Requests(Match::Numbers());
    stack.Scrape();
    const std::vector<std::string> now = TenantsAsked(stack, from);
    CHECK(now.size() < 40);
    asked.insert(now.begin(), now.end());
    stack.PassInterval();
  }
  CHECK(asked.size() == 40);
}

TEST_CASE("tenants that hang starve no others, not even with one slot") {
  CheckedStack stack({.tenants = 4, .uniform = true});
  stack.account().concurrency = 2;  // one slot for numbers
  stack.account().request_timeout = 200ms * kSlowness;
  stack.config.collection.numbers.timeout = 500ms * kSlowness;
  stack.Start();
  const std::set<std::string> tenants = stack.Asked();
  const std::string healthy = *tenants.rbegin();
  for (const std::string& tenant : tenants) {
    if (tenant == healthy) continue;
    stack.simulator.AddFault(
        Fault::Do(Match::NumbersOf(tenant), simulator::Action::kNeverAnswer));
  }
  // As many collections as tenants suffice, unless the machine is too busy for
  // a response in time.
  std::set<std::string> asked;
  double oldest = -1;
  for (int round = 0; round < 24 && (asked != tenants || oldest < 0); ++round) {
    const std::size_t from = stack.Requests(Match::Numbers());
    oldest = Value(stack.Scrape(),
                   "operator_connect_oldest_tenant_numbers_timestamp_seconds");
    for (const std::string& tenant : TenantsAsked(stack, from)) {
      asked.insert(tenant);
    }
    stack.PassInterval();
  }
  CHECK(asked == tenants);
  CHECK(oldest > 0);
}

TEST_CASE("an account is up with its leads, before its first numbers") {
  CheckedStack stack;
  stack.Start();
  stack.simulator.AddFault(Fault::Status(Match::Leads(), 500));
  CHECK(Value(stack.Scrape(), "operator_connect_up") == 0);
  stack.simulator.ClearFaults();
  stack.PassInterval();
  simulator::Hold hold = stack.simulator.HoldRequests(Match::Numbers());
  CHECK(stack.ScrapeUntil([](const Samples& shown) {
    return Value(shown, "operator_connect_leads", {{"status", "Active"}}) > 0;
  }));
  CHECK(Value(stack.Peek(), "operator_connect_up") == 1);
}

TEST_CASE("the oldest counts in use show the time of their read") {
  CheckedStack stack;
  stack.Start();
  stack.Scrape();
  const double first = ToUnixSeconds(stack.clock.Wall());
  const std::string tenant = *stack.Asked().begin();
  stack.simulator.AddFault(Fault::Status(Match::NumbersOf(tenant), 500));
  stack.PassInterval();
  CHECK(Value(stack.Scrape(),
              "operator_connect_oldest_tenant_numbers_timestamp_seconds") ==
        first);
  CHECK(Value(stack.Peek(),
              "operator_connect_collector_last_success_timestamp_seconds",
              {{"collector", "numbers"}}) == ToUnixSeconds(stack.clock.Wall()));
}

TEST_CASE("a tenant that returns and fails keeps its counts") {
  CheckedStack stack({.uniform = true});
  stack.Start();
  const std::string tenant = *stack.Asked().begin();
  const auto shown = [&](const std::string& text) {
    Samples samples;
    for (const auto& sample : simulator::ParseExposition(
             text, {"operator_connect_tenant_numbers"})) {
      if (sample.first.find(tenant) != std::string::npos)
        samples.insert(sample);
    }
    return samples;
  };
  const Samples before = shown(stack.Scrape());
  REQUIRE_FALSE(before.empty());
  SetStatus(stack, tenant, "Removed");
  CHECK(shown(ScrapeLeadsThenNumbers(stack)).empty());
  SetStatus(stack, tenant, "Active");
  stack.simulator.AddFault(Fault::Status(Match::NumbersOf(tenant), 500));
  const std::string after = ScrapeLeadsThenNumbers(stack);
  CHECK(shown(after) == before);
  CHECK(Value(after, "operator_connect_tenants", {{"state", "stale"}}) == 1);
}

TEST_CASE("an account that fails leaves the others untouched") {
  CheckedStack stack;
  config::Account other = stack.account();
  simulator::Platform& platform = stack.simulator.AddAccount("other");
  platform.estate().Replace(*stack.estate().Snapshot());
  other.name = "other";
  other.base_url = platform.BaseUrl();
  other.oauth2->token_url = platform.TokenUrl();
  other.oauth2->client_id = platform.options().client_id;
  other.oauth2->client_secret->value = platform.options().client_secret;
  other.oauth2->scopes = {platform.options().scope};
  stack.config.accounts.push_back(other);
  stack.Start();
  stack.simulator.AddFault(Fault::Status(Match::Leads().Of("other"), 500));
  const Samples shown = stack.ScrapeEstate();
  CHECK(Difference(stack.Truth(), shown) == "");
  CHECK(Value(stack.Peek(), "operator_connect_up") == 1);
}

}  // namespace operator_connect::integration
