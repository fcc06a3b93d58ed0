#include "exporter/collector/numbers_builder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "exporter/exposition/request_metrics.h"
#include "tests/support/fakes.h"

namespace operator_connect::collector {
namespace {

using http_client::Failure;
using live_platform::NumberCount;
using live_platform::NumberLabels;
using live_platform::TenantNumbers;
using std::chrono::hours;

const http_client::Failure kDown = {http_client::Failure::Kind::kStatus, 503,
                                    "it is down"};
const http_client::Failure kTimeout = {http_client::Failure::Kind::kTimeout, 0,
                                       "it took too long"};

constexpr Duration kMaxAge = hours(3);

using Places = std::vector<std::size_t>;

// The context of a collection of numbers. Sends no request.
struct Collection {
  FakeClock clock;
  FakeLog log;
  ThreadPool pool;
  exposition::RequestMetrics metrics{"emea"};
  live_platform::Client client{Settings(), clock, log, metrics};
  std::stop_source stop;
  Deadline deadline{SteadyTime::max(), stop.get_token()};

  static config::Account Settings() {
    config::Account account;
    account.name = "emea";
    account.base_url = "http://127.0.0.1:1";
    account.authorization = config::Authorization();
    account.authorization->credentials.value = "secret";
    return account;
  }

  NumbersBuilder Begin(
      const std::string& ids,
      std::shared_ptr<const exposition::NumbersSnapshot> before = {}) {
    std::vector<Tenant> tenants;
    for (const char id : ids) {
      tenants.push_back({std::string(1, id), std::string(1, id), false});
    }
    return NumbersBuilder({client, clock, log, pool, kMaxAge},
                          std::move(tenants), std::move(before), deadline);
  }
};

// Adds that many numbers with a status.
void Answer(Collection& collection, NumbersBuilder& builder, std::size_t place,
            std::uint32_t numbers, const char* status = "VoiceApp") {
  NumberLabels labels;
  TenantNumbers answer;
  answer.numbers = numbers;
  answer.counts = {{NumberCount::Kind::kStatus,
                    labels.assignment_statuses.Find(status), 0, numbers}};
  builder.Answered(place, answer, labels, ReadTime(collection.clock));
}

void Fail(Collection& collection, NumbersBuilder& builder, std::size_t place,
          const http_client::Failure& failure) {
  builder.Failed(place, failure, ReadTime(collection.clock));
}

TEST_CASE("a tenant without a response or failure was not reached") {
  Collection collection;
  NumbersBuilder builder = collection.Begin("ab");
  const NumbersOutcome outcome = builder.Finish();
  REQUIRE(outcome.snapshot->tenants.size() == 2);
  CHECK(outcome.snapshot->tenants[0].failure == "timeout");
  CHECK_FALSE(outcome.snapshot->tenants[0].read_at.has_value());
  CHECK(outcome.answered == 0);
}

TEST_CASE("counts are kept with the time of their read") {
  Collection collection;
  NumbersBuilder builder = collection.Begin("a");
  Answer(collection, builder, 0, 7, "New");
  const NumbersOutcome outcome = builder.Finish();
  const exposition::TenantSnapshot& tenant = outcome.snapshot->tenants[0];
  CHECK(tenant.failure.empty());
  CHECK(tenant.read_at == collection.clock.Steady());
  CHECK(tenant.read_at_wall == collection.clock.Wall());
  CHECK(outcome.answered == 1);
  CHECK(outcome.records == 7);
  REQUIRE(tenant.numbers.counts.size() == 1);
  CHECK(outcome.snapshot->labels.assignment_statuses.label(
            tenant.numbers.counts[0].status) == "New");
}

TEST_CASE("a tenant that fails keeps its last counts, with their age") {
  Collection collection;
  NumbersBuilder first = collection.Begin("ab");
  Answer(collection, first, 0, 7, "New");
  Answer(collection, first, 1, 1);
  const SteadyTime read_at = collection.clock.Steady();
  const auto before = first.Finish().snapshot;
  collection.clock.Pass(hours(1));
  NumbersBuilder second = collection.Begin("ba", before);
  Fail(collection, second, 1, kDown);
  Answer(collection, second, 0, 2, "Newer");
  const NumbersOutcome outcome = second.Finish();
  const exposition::TenantSnapshot& stale = outcome.snapshot->tenants[1];
  CHECK(stale.id == "a");
  CHECK(stale.failure == "503");
  CHECK(stale.read_at == read_at);
  CHECK(stale.numbers.numbers == 7);
  CHECK(outcome.snapshot->labels.assignment_statuses.label(
            stale.numbers.counts[0].status) == "New");
  CHECK(outcome.records == 2);
  CHECK(outcome.problem == "it is down");
}

TEST_CASE("a tenant that is not asked for a while keeps its counts") {
  Collection collection;
  NumbersBuilder first = collection.Begin("ab");
  Answer(collection, first, 0, 7, "New");
  Answer(collection, first, 1, 1);
  auto snapshot = first.Finish().snapshot;
  const auto pass_an_hour_without = [&] {
    collection.clock.Pass(hours(1));
    NumbersBuilder builder = collection.Begin("b", snapshot);
    Answer(collection, builder, 0, 2);
    snapshot = builder.Finish().snapshot;
    REQUIRE(snapshot->tenants.size() == 1);
  };
  pass_an_hour_without();
  pass_an_hour_without();
  pass_an_hour_without();
  REQUIRE(snapshot->left.size() == 1);
  NumbersBuilder again = collection.Begin("ba", snapshot);
  Fail(collection, again, 1, kDown);
  const auto back = again.Finish().snapshot;
  CHECK(back->left.empty());
  CHECK(back->tenants[1].numbers.numbers == 7);
  CHECK(back->labels.assignment_statuses.label(
            back->tenants[1].numbers.counts[0].status) == "New");
  // After max_age its counts are useless.
  pass_an_hour_without();
  CHECK(snapshot->left.empty());
}

TEST_CASE("a tenant without counts is not kept") {
  Collection collection;
  NumbersBuilder first = collection.Begin("ab");
  Fail(collection, first, 0, kDown);
  const auto before = first.Finish().snapshot;
  CHECK(collection.Begin("b", before).Finish().snapshot->left.empty());
}

TEST_CASE("tenants never asked come first, then those asked longest ago") {
  Collection collection;
  NumbersBuilder first = collection.Begin("abc");
  Answer(collection, first, 1, 1);
  collection.clock.Pass(hours(1));
  Fail(collection, first, 0, kDown);
  collection.clock.Pass(hours(1));
  Answer(collection, first, 2, 1);
  const NumbersBuilder second =
      collection.Begin("cabd", first.Finish().snapshot);
  // d, b, a, c
  CHECK(second.Order() == Places{3, 2, 1, 0});
}

TEST_CASE("tenants asked at the same time keep the order of the leads") {
  Collection collection;
  NumbersBuilder first = collection.Begin("abc");
  for (const std::size_t place : {2u, 0u, 1u}) {
    Answer(collection, first, place, 1);
  }
  CHECK(collection.Begin("bca", first.Finish().snapshot).Order() ==
        Places{0, 1, 2});
}

TEST_CASE("a tenant that was not asked keeps its turn, over collections") {
  http_client::Failure not_sent = kTimeout;
  not_sent.not_sent = true;
  Collection collection;
  NumbersBuilder first = collection.Begin("abc");
  Answer(collection, first, 0, 1);
  collection.clock.Pass(hours(1));
  Fail(collection, first, 1, kDown);
  Fail(collection, first, 2, not_sent);
  NumbersBuilder second = collection.Begin("abc", first.Finish().snapshot);
  CHECK(second.Order() == Places{2, 0, 1});
  collection.clock.Pass(hours(1));
  Answer(collection, second, 2, 1);
  Fail(collection, second, 1, not_sent);
  CHECK(collection.Begin("abc", second.Finish().snapshot).Order() ==
        Places{0, 1, 2});
}

TEST_CASE("all tenants can fail for one reason") {
  Collection collection;
  NumbersBuilder builder = collection.Begin("ab");
  builder.AllFailed(kDown);
  const NumbersOutcome outcome = builder.Finish();
  CHECK(outcome.snapshot->tenants[0].failure == "503");
  CHECK(outcome.snapshot->tenants[1].failure == "503");
}

TEST_CASE("a tenant that begins to fail is logged once") {
  Collection collection;
  NumbersBuilder first = collection.Begin("a");
  Fail(collection, first, 0, kDown);
  const std::string once = collection.log.text();
  CHECK(once.find("tenant_id=a") != std::string::npos);
  CHECK(once.find("reason=503") != std::string::npos);
  NumbersBuilder second = collection.Begin("a", first.Finish().snapshot);
  Fail(collection, second, 0, kDown);
  CHECK(collection.log.text() == once);
}

TEST_CASE("a thousand tenants that begin to fail do not fill the log") {
  Collection collection;
  NumbersBuilder builder = collection.Begin(std::string(1000, 'a'));
  builder.AllFailed(kDown);
  const std::string text = collection.log.text();
  CHECK(std::count(text.begin(), text.end(), '\n') == 5);
  builder.Finish();
  CHECK(collection.log.text().find("more=995") != std::string::npos);
}

TEST_CASE("malformed elements are added up") {
  Collection collection;
  NumbersBuilder builder = collection.Begin("a");
  builder.AddMalformed(2);
  builder.AddMalformed(3);
  CHECK(builder.Finish().malformed == 5);
}

}  // namespace
}  // namespace operator_connect::collector
