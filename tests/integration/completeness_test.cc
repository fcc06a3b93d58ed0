#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/integration/fixture.h"

// Collections are whole or fail: paging, filters and limits.
namespace operator_connect::integration {

using namespace std::chrono_literals;
using simulator::Action;
using simulator::Difference;
using simulator::Lead;
using simulator::PlatformOptions;

namespace {

// The problem of the newest collection of leads.
std::string LeadsProblem(Stack& stack) {
  return stack.collector().Accounts().front().leads.problem;
}

bool Says(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

void CheckWhole(Stack& stack) {
  stack.Start();
  CHECK(Difference(stack.Truth(), stack.ScrapeEstate()) == "");
}

}  // namespace

TEST_CASE("a record that moves onto the next page counts once") {
  CheckedStack stack;
  stack.account().leads.page_size = 3;
  stack.simulator.AddFault(Fault::Do(Match::Leads(), Action::kShiftRecord));
  CheckWhole(stack);
}

TEST_CASE("a platform that ignores PageNumber is reported as such") {
  CheckedStack stack;
  stack.account().leads.page_size = 3;
  stack.platform().Configure(
      [](PlatformOptions& options) { options.ignore_page_number = true; });
  stack.Start();
  CHECK(stack.ScrapeEstate().empty());
  CHECK(Says(LeadsProblem(stack), "ignores PageNumber"));
  CHECK(stack.Requests(Match::Leads()) == 2);
}

TEST_CASE("a platform that ignores PageNumber is found on a short page, too") {
  CheckedStack stack;
  stack.platform().Configure(
      [](PlatformOptions& options) { options.ignore_page_number = true; });
  stack.Start();
  CHECK(stack.ScrapeEstate().empty());
  CHECK(Says(LeadsProblem(stack), "ignores PageNumber"));
}

TEST_CASE("endless paging is stopped, and reported as such") {
  // A page takes four times as long under a sanitizer.
  if (kSlowness > 1) return;
  CheckedStack stack;
  stack.account().leads.page_size = 1;
  stack.config.collection.leads.timeout = kLong;
  stack.Start();
  stack.simulator.AddFault(Fault::Do(Match::Leads(), Action::kEndlessPages));
  CHECK(stack.ScrapeEstate().empty());
  CHECK(Says(LeadsProblem(stack), "paging does not end"));
  CHECK(stack.Requests(Match::Leads()) <= 20'000);
}

TEST_CASE("a platform that lowers PageSize is read to the end") {
  CheckedStack stack;
  stack.platform().Configure(
      [](PlatformOptions& options) { options.lower_page_size = 4; });
  CheckWhole(stack);
}

TEST_CASE("leads in an inner array are read likewise") {
  CheckedStack stack;
  stack.account().leads.page_size = 5;
  stack.platform().Configure(
      [](PlatformOptions& options) { options.wrapped = true; });
  CheckWhole(stack);
}

TEST_CASE("pages that begin at 0 are a failure that names the key") {
  CheckedStack stack;
  stack.platform().Configure(
      [](PlatformOptions& options) { options.first_page = 0; });
  stack.Start();
  CHECK(stack.ScrapeEstate().empty());
  CHECK(
      Says(LeadsProblem(stack), "set accounts[default].leads.first_page to 0"));
  CHECK(stack.Requests(Match::LeadsPage(0)) == 1);
}

TEST_CASE("pages that begin at 0 are read if configured so") {
  CheckedStack stack;
  stack.account().leads.page_size = 5;
  stack.account().leads.first_page = 0;
  stack.platform().Configure(
      [](PlatformOptions& options) { options.first_page = 0; });
  CheckWhole(stack);
}

TEST_CASE("pages that begin at 0 are found even if page 1 has leads") {
  CheckedStack stack({.tenants = 30});
  stack.account().leads.page_size = 10;
  stack.platform().Configure(
      [](PlatformOptions& options) { options.first_page = 0; });
  stack.Start();
  CHECK(stack.ScrapeEstate().empty());
  CHECK(
      Says(LeadsProblem(stack), "set accounts[default].leads.first_page to 0"));
}

TEST_CASE("a healthy list costs one more request, and one more at the start") {
  CheckedStack stack;
  stack.account().leads.page_size = 1000;
  CheckWhole(stack);
  CHECK(stack.Requests(Match::Leads()) == 3);
  CHECK(stack.Requests(Match::LeadsPage(0)) == 1);
  stack.PassInterval();
  stack.Scrape();
  CHECK(stack.Requests(Match::Leads()) == 5);
}

TEST_CASE("leads in no stable order, on short pages, are unstable") {
  CheckedStack stack({.tenants = 60});
  stack.account().leads.page_size = 5;
  stack.platform().Configure(
      [](PlatformOptions& options) { options.lower_page_size = 5; });
  stack.Start();
  stack.simulator.AddFault(Fault::Do(Match::Leads(), Action::kShufflePages));
  CHECK(stack.ScrapeEstate().empty());
  CHECK(Says(LeadsProblem(stack), "page_size that holds all leads helps"));
  CHECK(Says(stack.outlet.Text(), "reason=unstable"));
  CHECK(Says(stack.outlet.Text(), "; reading again, "));
}

TEST_CASE("an estate that is empty once stays, twice vanishes") {
  CheckedStack stack({.tenants = 64});
  stack.Start();
  stack.Scrape();
  stack.PassInterval();
  stack.simulator.AddFault(Fault::Body(Match::LeadsPage(1).Times(1), "[]"));
  CHECK(Difference(stack.Truth(), stack.ScrapeEstate()) == "");
  CHECK(Says(stack.outlet.Text(), " tenants are gone; reading again"));
  stack.estate().Replace({});
  stack.PassInterval();
  CHECK(Value(stack.Scrape(), "operator_connect_leads",
              {{"status", "Active"}}) == 0);
}

TEST_CASE("an operator without leads is no failure") {
  CheckedStack stack;
  stack.estate().Replace({});
  CheckWhole(stack);
  CHECK(Value(stack.Peek(), "operator_connect_up") == 1);
  CHECK(Value(stack.Peek(), "operator_connect_leads", {{"status", "Active"}}) ==
        0);
}

TEST_CASE("checkOnline is only sent with the first page") {
  CheckedStack stack;
  stack.account().leads.page_size = 5;
  stack.account().leads.check_online = true;
  CheckWhole(stack);
  for (const auto& request : stack.simulator.requests().List(Match::Leads())) {
    CHECK(request.params.count("checkOnline") ==
          (request.page() == 1 ? 1u : 0u));
  }
}

TEST_CASE("records that are not objects are counted as such") {
  CheckedStack stack;
  stack.Start();
  stack.simulator.AddFault(Fault::Spoilt(Match::LeadsPage(1).Times(1),
                                         simulator::Spoil::kNonObjects));
  const std::string text = stack.Scrape();
  CHECK(Value(text, "operator_connect_up") == 1);
  CHECK(Value(text, "operator_connect_exporter_malformed_records_total",
              {{"collector", "leads"}}) == 4);
}

TEST_CASE("a page without an object is a failure") {
  CheckedStack stack;
  stack.Start();
  stack.simulator.AddFault(Fault::Body(Match::Leads(), "[null,17,\"text\"]"));
  CHECK(stack.ScrapeEstate().empty());
}

TEST_CASE("a status line of 30 KB is accepted") {
  CheckedStack stack;
  stack.Start();
  stack.Scrape();
  stack.PassInterval();
  // Its body has no numbers for the tenant.
  const std::string tenant = *stack.Asked().begin();
  const auto fault = stack.simulator.AddFault(
      Fault::Do(Match::NumbersOf(tenant), Action::kLongStatusLine));
  simulator::EstateData seen = *stack.estate().Snapshot();
  seen.numbers.erase(tenant);
  CHECK(Difference(simulator::Truth(seen, stack.Settings()),
                   stack.ScrapeEstate()) == "");
  stack.simulator.RemoveFault(fault);
  stack.PassInterval();
  CHECK(Difference(stack.Truth(), stack.ScrapeEstate()) == "");
}

TEST_CASE("excluded tenants appear nowhere") {
  CheckedStack stack;
  const std::string tenant = *stack.Asked().begin();
  stack.account().exclude_tenants = {tenant};
  CheckWhole(stack);
  CHECK(stack.Requests(Match::NumbersOf(tenant)) == 0);
  CHECK_FALSE(Says(stack.Peek(), tenant));
}

TEST_CASE("channel_id is sent, and tenants of other channels are not asked") {
  CheckedStack stack({.tenants = 20});
  stack.account().channel_id = 1574;
  stack.estate().Change([](simulator::EstateData& data) {
    for (std::size_t i = 0; i < data.leads.size(); i += 2) {
      data.leads[i].ovoc_channel_id = 1574;
    }
  });
  const std::set<std::string> asked = stack.Asked();
  CheckWhole(stack);
  CHECK(stack.Requests(Match::Numbers()) == asked.size());
  for (const auto& request : stack.simulator.requests().List()) {
    const bool numbers = request.endpoint == simulator::Endpoint::kNumbers;
    CHECK(request.headers.count("x-ovoc-channel-id") == (numbers ? 1u : 0u));
  }
}

TEST_CASE("leads.details selects the leads with series of their own") {
  for (const auto details :
       {config::LeadDetails::kNone, config::LeadDetails::kAttention}) {
    CheckedStack stack({.tenants = 40});
    stack.account().leads.details = details;
    CheckWhole(stack);
  }
}

TEST_CASE("details_limit drops series, and counts them") {
  CheckedStack stack({.tenants = 40});
  stack.account().leads.details_limit = 7;
  CheckWhole(stack);
  CHECK(Value(stack.Peek(), "operator_connect_dropped_series",
              {{"metric", "operator_connect_lead_info"}}) >= 33);
}

TEST_CASE("tenant_series_limit keeps the tenants with most numbers") {
  CheckedStack stack({.tenants = 20});
  stack.account().numbers.tenant_series_limit = 5;
  CheckWhole(stack);
  CHECK(Value(stack.Peek(), "operator_connect_dropped_series",
              {{"metric", "operator_connect_tenant_numbers"}}) > 0);
}

TEST_CASE("disabled numbers are not requested") {
  CheckedStack stack;
  stack.account().numbers.enabled = false;
  CheckWhole(stack);
  CHECK(stack.Requests(Match::Numbers()) == 0);
  CHECK(Value(stack.Peek(), "operator_connect_up") == 1);
}

TEST_CASE("beyond 32 values of a label the rest is other, and the sum whole") {
  CheckedStack stack({.tenants = 60});
  stack.estate().Change([](simulator::EstateData& data) {
    for (std::size_t i = 0; i < data.leads.size(); ++i) {
      data.leads[i].status = "Status " + std::to_string(i % 50);
    }
  });
  const std::size_t leads = stack.estate().Snapshot()->leads.size();
  stack.Start();
  const Samples shown =
      simulator::ParseExposition(stack.Scrape(), {"operator_connect_leads"});
  CHECK(shown.size() == 33);
  CHECK(Value(shown, "operator_connect_leads", {{"status", "other"}}) > 0);
  CHECK(Value(shown, "operator_connect_leads", {{"status", "Active"}}) == 0);
  double sum = 0;
  for (const auto& [sample, value] : shown) sum += value;
  CHECK(sum == static_cast<double>(leads));
}

TEST_CASE("a company's name with personal data is redacted") {
  CheckedStack stack;
  const char* const names[] = {"sales@fabrikam.example", "Call 4255550100"};
  stack.estate().Change([&](simulator::EstateData& data) {
    for (std::size_t i = 0; i < data.leads.size(); ++i) {
      data.leads[i].company = names[i % 2];
    }
  });
  CheckWhole(stack);
  CHECK(Says(stack.Peek(), "company=\"redacted\""));
}

TEST_CASE("leads with the same id label count each") {
  CheckedStack stack;
  stack.account().leads.page_size = 3;
  stack.estate().Change([](simulator::EstateData& data) {
    const std::string tenant = *data.leads[0].tenant_id;
    for (std::size_t i = 0; i < data.leads.size(); ++i) {
      data.leads[i].id = std::string(200, 'x') + std::to_string(i);
      data.leads[i].tenant_id = tenant;
    }
  });
  CheckWhole(stack);
}

TEST_CASE("ids are shown in lower case") {
  CheckedStack stack;
  const auto upper = [](std::string text) {
    for (char& c : text) c = static_cast<char>(std::toupper(c));
    return text;
  };
  stack.estate().Change([&](simulator::EstateData& data) {
    for (Lead& lead : data.leads) {
      lead.id = upper(*lead.id);
      lead.tenant_id = upper(*lead.tenant_id);
    }
  });
  CheckWhole(stack);
}

}  // namespace operator_connect::integration
