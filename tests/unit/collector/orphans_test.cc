#include "exporter/collector/orphans.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

#include "exporter/exposition/request_metrics.h"
#include "tests/support/fakes.h"

namespace operator_connect::collector {
namespace {

using exposition::NumbersSnapshot;
using exposition::Orphan;
using exposition::OrphansSnapshot;
using std::chrono::hours;

constexpr SteadyTime kThen{hours(10)};

config::Account Settings() {
  config::Account account;
  account.name = "emea";
  account.base_url = "http://127.0.0.1:1";
  account.concurrency = 2;  // one request for numbers at once
  account.requests_per_second = 0;
  account.authorization = config::Authorization();
  account.authorization->credentials.value = "secret";
  return account;
}

std::vector<Tenant> TenantsNamed(const std::string& ids) {
  std::vector<Tenant> tenants;
  for (const char id : ids) {
    tenants.push_back({std::string(1, id), std::string(1, id), false});
  }
  return tenants;
}

Tenants Removed(const std::string& ids) { return {{}, TenantsNamed(ids)}; }

Orphan Read(const std::string& id, std::uint64_t numbers) {
  return {id, numbers, kThen, kThen, false};
}

std::string Describe(const Orphan& orphan) {
  return orphan.id + (orphan.read_at ? std::to_string(orphan.numbers) : "?") +
         (orphan.asked_at ? "" : "!") + (orphan.interrupted ? "-" : "");
}

// "a3" has three numbers, "b?" was never read, "b?!" was never even asked, and
// "b?-" was interrupted.
std::string Describe(const std::vector<Orphan>& orphans) {
  std::string text;
  for (const Orphan& orphan : orphans) text += Describe(orphan) + " ";
  return text;
}

NumbersOutcome OneByOne() {
  NumbersOutcome found;
  found.snapshot = std::make_shared<const NumbersSnapshot>();
  found.one_by_one = true;
  return found;
}

NumbersOutcome Whole(live_platform::NumbersByTenant unwanted) {
  NumbersOutcome found;
  found.snapshot = std::make_shared<const NumbersSnapshot>();
  found.whole = WholeRead{kThen, std::move(unwanted)};
  return found;
}

exposition::TenantSnapshot Customer(const std::string& id,
                                    std::uint64_t numbers) {
  exposition::TenantSnapshot tenant;
  tenant.id = id;
  tenant.numbers.numbers = numbers;
  tenant.read_at = kThen;
  tenant.asked_at = kThen + hours(1);  // it failed
  return tenant;
}

TEST_CASE("removed tenants without counts were never asked") {
  const OrphansSnapshot orphans =
      ListOrphans(Settings(), Removed("ab"), {"a", "b"}, OneByOne(), {});
  CHECK(Describe(*orphans.removed) == "a?! b?! ");
  CHECK_FALSE(orphans.whole_at.has_value());
}

TEST_CASE("without Removed among the excluded statuses none is listed") {
  CHECK_FALSE(ListOrphans(Settings(), {}, {}, OneByOne(), {}).removed);
  CHECK_FALSE(ListOrphans(Settings(), {}, {}, Whole({}), {}).removed);
}

TEST_CASE("removed tenants keep their counts, also those as customers") {
  NumbersSnapshot numbers;
  numbers.tenants = {Customer("b", 2)};
  numbers.left = {Customer("c", 3), Customer("a", 9)};
  OrphansSnapshot before;
  before.removed = {Read("a", 1)};
  const OrphansSnapshot orphans =
      ListOrphans(Settings(), Removed("cba"), {"a", "b", "c"}, OneByOne(),
                  {&numbers, &before});
  CHECK(Describe(*orphans.removed) == "c3 b2 a1 ");
  // A customer's last failure does not count: it is asked when its count is old
  // enough.
  CHECK(orphans.removed->at(1).asked_at == kThen);
}

TEST_CASE("a removed customer without counts is asked at once") {
  NumbersSnapshot numbers;
  numbers.tenants = {Customer("a", 0)};
  numbers.tenants[0].read_at.reset();
  CHECK(Describe(*ListOrphans(Settings(), Removed("a"), {"a"}, OneByOne(),
                              {&numbers, nullptr})
                      .removed) == "a?! ");
}

TEST_CASE("a read of all tenants counts the orphans, too") {
  config::Account account = Settings();
  account.exclude_tenants = {"x"};
  const OrphansSnapshot orphans =
      ListOrphans(account, Removed("ab"), {"a", "b", "c"},
                  Whole({{"a", 2}, {"c", 3}, {"n", 4}, {"x", 5}}), {});
  CHECK(Describe(*orphans.removed) == "a2 b0 ");
  CHECK(Describe(orphans.no_lead) == "n4 ");
  CHECK(orphans.whole_at == kThen);
}

TEST_CASE("a failed read of all tenants keeps the last one") {
  OrphansSnapshot before = ListOrphans(Settings(), Removed("a"), {"a"},
                                       Whole({{"m", 3}, {"n", 4}}), {});
  NumbersOutcome failed = OneByOne();
  failed.one_by_one = false;
  const OrphansSnapshot orphans = ListOrphans(
      Settings(), Removed("a"), {"a", "m"}, failed, {nullptr, &before});
  CHECK(Describe(*orphans.removed) == "a0 ");
  CHECK(Describe(orphans.no_lead) == "n4 ");
  CHECK(orphans.whole_at == kThen);
  // If tenants are asked one by one, those without a lead are unknown.
  const OrphansSnapshot asked = ListOrphans(
      Settings(), Removed("am"), {"a", "m"}, OneByOne(), {nullptr, &before});
  CHECK(Describe(*asked.removed) == "a0 m3 ");
  CHECK(asked.no_lead.empty());
  CHECK_FALSE(asked.whole_at.has_value());
}

TEST_CASE("removed tenants are asked after a successful collection") {
  NumbersOutcome found = OneByOne();
  CHECK(OrphansAreAsked(Settings(), found));
  config::Account never = Settings();
  never.numbers.removed_tenants_interval = Duration::zero();
  CHECK_FALSE(OrphansAreAsked(never, found));
  CHECK_FALSE(OrphansAreAsked(Settings(), Whole({})));
  const auto failed = std::make_shared<NumbersSnapshot>();
  failed->tenants = {Customer("a", 0)};
  found.snapshot = failed;
  CHECK_FALSE(OrphansAreAsked(Settings(), found));
}

// A platform that responds with one number, or with `answer`.
struct Platform {
  FakeClock clock;
  FakeLog log;
  ThreadPool pool;
  exposition::RequestMetrics metrics{"emea"};
  std::stop_source stop;
  std::string asked;  // one request at once: needs no lock
  std::function<FakeAnswer(char tenant)> answer = [](char) {
    return Status(200, "[{\"id\":1}]");
  };
  FakeNetwork network{
      [this](const http_client::HttpRequest& request, const Deadline&) {
        asked += request.url.back();
        return answer(request.url.back());
      }};
  live_platform::Client client{Settings(), clock, log, metrics,
                               network.Maker()};
  std::uint64_t malformed = 0;

  OrphansSnapshot Ask(const std::string& ids, OrphansSnapshot orphans) {
    return AskOrphans({client, clock, log, pool, hours(1)}, TenantsNamed(ids),
                      std::move(orphans), malformed,
                      Deadline(SteadyTime::max(), stop.get_token()));
  }
  OrphansSnapshot AskAll(const std::string& ids) {
    return Ask(ids, ListOrphans(Settings(), Removed(ids), {}, OneByOne(), {}));
  }
};

TEST_CASE("removed tenants are asked once per interval") {
  Platform platform;
  OrphansSnapshot orphans = platform.AskAll("ab");
  CHECK(Describe(*orphans.removed) == "a1 b1 ");
  CHECK(platform.asked == "ab");
  platform.clock.Pass(hours(24) - std::chrono::nanoseconds(1));
  orphans = platform.Ask("ab", orphans);
  CHECK(platform.asked == "ab");
  platform.clock.Pass(std::chrono::nanoseconds(1));
  platform.Ask("ab", orphans);
  CHECK(platform.asked == "abab");
}

TEST_CASE("due tenants never asked come first, then those asked earliest") {
  Platform platform;
  OrphansSnapshot orphans;
  orphans.removed = {Read("a", 1), Read("b", 1), Orphan()};
  const SteadyTime now = platform.clock.Steady();
  orphans.removed->at(0).asked_at = now - hours(24);
  orphans.removed->at(1).asked_at = now - hours(25);
  platform.Ask("abc", orphans);
  CHECK(platform.asked == "cba");
}

TEST_CASE("a tenant that fails keeps its count and is logged") {
  Platform platform;
  platform.answer = [](char tenant) {
    return tenant == 'a' ? Status(403) : Status(200, "[{\"id\":1}, 2]");
  };
  OrphansSnapshot orphans;
  orphans.removed = {Read("a", 7), Orphan()};
  orphans.removed->at(1).id = "b";
  platform.clock.Pass(hours(1000));
  orphans = platform.Ask("ab", orphans);
  CHECK(Describe(*orphans.removed) == "a7 b1 ");
  CHECK(platform.malformed == 1);
  CHECK(platform.log.text().find("tenants=1 reason=403") != std::string::npos);
  platform.asked.clear();
  platform.Ask("ab", orphans);
  CHECK(platform.asked.empty());
}

TEST_CASE("numbers of another tenant are a failure") {
  Platform platform;
  platform.answer = [](char) {
    return Status(200, "[{\"id\":1,\"tenantId\":\"z\"}]");
  };
  CHECK(Describe(*platform.AskAll("a").removed) == "a? ");
  CHECK(platform.log.text().find("reason=mismatch") != std::string::npos);
}

TEST_CASE("an interrupted tenant stays due, after others") {
  Platform platform;
  platform.answer = [&](char) {
    platform.stop.request_stop();
    return Fails(http_client::Failure::Kind::kTimeout);
  };
  OrphansSnapshot orphans = platform.AskAll("abc");
  CHECK(Describe(*orphans.removed) == "a?- b?! c?! ");
  CHECK(platform.log.text().find("removed tenants") == std::string::npos);
  Platform later;
  CHECK(Describe(*later.Ask("abc", orphans).removed) == "a1 b1 c1 ");
  CHECK(later.asked == "bca");
}

}  // namespace
}  // namespace operator_connect::collector
