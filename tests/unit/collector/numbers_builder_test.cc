#include "exporter/collector/numbers_builder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>

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

// All that a collection of numbers works with; nothing is ever asked.
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
      tenants.push_back({std::string(1, id), std::string(1, id)});
    }
    return NumbersBuilder({client, clock, log, pool, kMaxAge},
                          std::move(tenants), std::move(before), deadline);
  }
};

// So many numbers of a status.
void Answer(Collection& collection, NumbersBuilder& builder, std::size_t place,
            std::uint32_t numbers, const char* status = "VoiceApp") {
  NumberLabels labels;
  TenantNumbers answer;
  answer.numbers = numbers;
  answer.counts = {{NumberCount::Kind::kStatus,
                    labels.assignment_statuses.Find(status), 0, numbers}};
  builder.Answered(place, answer, labels, ReadTime(collection.clock));
}

TEST_CASE("a tenant that neither answered nor failed was never reached") {
  Collection collection;
  NumbersBuilder builder = collection.Begin("ab");
  const NumbersOutcome outcome = builder.Finish();
  REQUIRE(outcome.snapshot->tenants.size() == 2);
  CHECK(outcome.snapshot->tenants[0].failure == "timeout");
  CHECK_FALSE(outcome.snapshot->tenants[0].read_at.has_value());
  CHECK(outcome.answered == 0);
}

TEST_CASE("an answer is kept with the time of its read") {
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

TEST_CASE("a tenant that fails keeps what was known, with its age") {
  Collection collection;
  NumbersBuilder first = collection.Begin("ab");
  Answer(collection, first, 0, 7, "New");
  Answer(collection, first, 1, 1);
  const SteadyTime read_at = collection.clock.Steady();
  const auto before = first.Finish().snapshot;
  collection.clock.Pass(hours(1));
  NumbersBuilder second = collection.Begin("ba", before);
  second.Failed(1, kDown);
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

TEST_CASE("a tenant that is not asked for a while is remembered meanwhile") {
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
  again.Failed(1, kDown);
  const auto back = again.Finish().snapshot;
  CHECK(back->left.empty());
  CHECK(back->tenants[1].numbers.numbers == 7);
  CHECK(back->labels.assignment_statuses.label(
            back->tenants[1].numbers.counts[0].status) == "New");
  // Past max_age its counts are of no use.
  pass_an_hour_without();
  CHECK(snapshot->left.empty());
}

TEST_CASE("a tenant of whom nothing is known is not remembered") {
  Collection collection;
  NumbersBuilder first = collection.Begin("ab");
  first.Failed(0, kDown);
  const auto before = first.Finish().snapshot;
  CHECK(collection.Begin("b", before).Finish().snapshot->left.empty());
}

TEST_CASE("tenants are asked by the age of their answers, new ones first") {
  Collection collection;
  NumbersBuilder first = collection.Begin("abc");
  Answer(collection, first, 1, 1);
  collection.clock.Pass(hours(1));
  Answer(collection, first, 0, 1);
  collection.clock.Pass(hours(1));
  Answer(collection, first, 2, 1);
  const NumbersBuilder second =
      collection.Begin("cabd", first.Finish().snapshot);
  // d, b, a, c
  CHECK(second.Order().waiting == std::vector<std::size_t>{3, 2, 1, 0});
  CHECK(second.Order().failing.empty());
}

TEST_CASE("those whose last request failed are kept apart") {
  Collection collection;
  NumbersBuilder first = collection.Begin("abcd");
  first.Failed(0, kTimeout);
  Answer(collection, first, 1, 1);
  first.Failed(3, kDown);
  const AskingOrder order =
      collection.Begin("abcd", first.Finish().snapshot).Order();
  // c was never reached.
  CHECK(order.waiting == std::vector<std::size_t>{2, 1});
  CHECK(order.failing == std::vector<std::size_t>{0, 3});
  CHECK_FALSE(order.overdue);
}

TEST_CASE("who failed but once is asked before those that go on failing") {
  Collection collection;
  NumbersBuilder first = collection.Begin("abc");
  first.Failed(0, kDown);
  first.Failed(1, kDown);
  NumbersBuilder second = collection.Begin("abc", first.Finish().snapshot);
  collection.clock.Pass(hours(1));
  second.Failed(1, kDown);
  collection.clock.Pass(hours(1));
  second.Failed(0, kDown);
  collection.clock.Pass(hours(1));
  second.Failed(2, kTimeout);
  const AskingOrder order =
      collection.Begin("abc", second.Finish().snapshot).Order();
  CHECK(order.failing == std::vector<std::size_t>{2, 1, 0});
}

TEST_CASE("who could not even be asked keeps its turn") {
  http_client::Failure not_sent = kTimeout;
  not_sent.not_sent = true;
  Collection collection;
  NumbersBuilder first = collection.Begin("abc");
  Answer(collection, first, 0, 1);
  first.Failed(1, kDown);
  first.Failed(2, not_sent);
  NumbersBuilder second = collection.Begin("abc", first.Finish().snapshot);
  CHECK(second.Order().waiting == std::vector<std::size_t>{2, 0});
  // Nor does one that fails get better by that, but it is overdue then.
  Answer(collection, second, 2, 1);
  second.Failed(1, not_sent);
  const AskingOrder order =
      collection.Begin("abc", second.Finish().snapshot).Order();
  CHECK(order.failing == std::vector<std::size_t>{1});
  CHECK(order.overdue);
}

TEST_CASE("who is cut off once keeps its turn, who is twice does not") {
  Collection first_time;
  NumbersBuilder first = first_time.Begin("ab");
  Answer(first_time, first, 1, 1);
  first_time.stop.request_stop();
  first.Failed(0, kTimeout);
  Collection second_time;
  NumbersBuilder second = second_time.Begin("ab", first.Finish().snapshot);
  CHECK(second.Order().waiting == std::vector<std::size_t>{0, 1});
  second_time.stop.request_stop();
  second.Failed(0, kTimeout);
  Collection third_time;
  const AskingOrder order =
      third_time.Begin("ab", second.Finish().snapshot).Order();
  CHECK(order.waiting == std::vector<std::size_t>{1});
  CHECK(order.failing == std::vector<std::size_t>{0});
}

TEST_CASE("an answer ends all that") {
  Collection collection;
  NumbersBuilder first = collection.Begin("ab");
  first.Failed(0, kDown);
  NumbersBuilder second = collection.Begin("ab", first.Finish().snapshot);
  Answer(collection, second, 0, 1);
  const AskingOrder order =
      collection.Begin("ab", second.Finish().snapshot).Order();
  CHECK(order.waiting == std::vector<std::size_t>{1, 0});
  CHECK(order.failing.empty());
}

TEST_CASE("all tenants may fail for one reason") {
  Collection collection;
  NumbersBuilder builder = collection.Begin("ab");
  builder.AllFailed(kDown);
  const NumbersOutcome outcome = builder.Finish();
  CHECK(outcome.snapshot->tenants[0].failure == "503");
  CHECK(outcome.snapshot->tenants[1].failure == "503");
}

TEST_CASE("a tenant that begins to fail is logged, one that goes on is not") {
  Collection collection;
  NumbersBuilder first = collection.Begin("a");
  first.Failed(0, kDown);
  const std::string once = collection.log.text();
  CHECK(once.find("tenant_id=a") != std::string::npos);
  CHECK(once.find("reason=503") != std::string::npos);
  NumbersBuilder second = collection.Begin("a", first.Finish().snapshot);
  second.Failed(0, kDown);
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
