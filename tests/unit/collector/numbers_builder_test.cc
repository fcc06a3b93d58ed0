#include "exporter/collector/numbers_builder.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>

#include "exporter/collector/request_metrics.h"
#include "tests/unit/live_platform/fakes.h"

namespace operator_connect::collector {
namespace {

using live_platform::Failure;
using live_platform::NumberCount;
using live_platform::NumberLabels;
using live_platform::TenantNumbers;
using std::chrono::hours;

const Failure kDown = {Failure::Kind::kStatus, 503, "it is down"};
const Failure kTimeout = {Failure::Kind::kTimeout, 0, "it took too long"};

// All that a collection of numbers works with; nothing is ever asked.
struct Collection {
  live_platform::FakeClock clock;
  live_platform::FakeLog log;
  Executor executor;
  RequestMetrics metrics{"emea"};
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

  NumbersBuilder Begin(const std::string& ids,
                       std::shared_ptr<const NumbersSnapshot> before = {}) {
    std::vector<Tenant> tenants;
    for (const char id : ids) {
      tenants.push_back({std::string(1, id), std::string(1, id)});
    }
    return NumbersBuilder({client, clock, log, executor}, std::move(tenants),
                          std::move(before), deadline);
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
  const TenantSnapshot& tenant = outcome.snapshot->tenants[0];
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
  const TenantSnapshot& stale = outcome.snapshot->tenants[1];
  CHECK(stale.id == "a");
  CHECK(stale.failure == "503");
  CHECK(stale.read_at == read_at);
  CHECK(stale.numbers.numbers == 7);
  CHECK(outcome.snapshot->labels.assignment_statuses.label(
            stale.numbers.counts[0].status) == "New");
  CHECK(outcome.records == 2);
  CHECK(outcome.problem == "it is down");
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
  CHECK(second.Order() == std::vector<std::size_t>{3, 2, 1, 0});
}

TEST_CASE("who used up a turn in vain comes last next time") {
  Collection collection;
  NumbersBuilder first = collection.Begin("abc");
  first.Failed(0, kTimeout);
  Answer(collection, first, 1, 1);
  first.Failed(2, kDown);
  const NumbersBuilder second =
      collection.Begin("abc", first.Finish().snapshot);
  // c was never read, b was, a would take everybody's time again.
  CHECK(second.Order() == std::vector<std::size_t>{2, 1, 0});
}

TEST_CASE("who was cut off by the end of the collection keeps its turn") {
  Collection collection;
  NumbersBuilder first = collection.Begin("ab");
  Answer(collection, first, 1, 1);
  collection.stop.request_stop();
  first.Failed(0, kTimeout);
  const NumbersBuilder second = collection.Begin("ab", first.Finish().snapshot);
  CHECK(second.Order() == std::vector<std::size_t>{0, 1});
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
