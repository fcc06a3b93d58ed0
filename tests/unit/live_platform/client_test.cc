#include "exporter/live_platform/client.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <stop_token>
#include <vector>

#include "tests/support/certificates.h"
#include "tests/support/fakes.h"
#include "tests/support/temp_dir.h"

namespace operator_connect::live_platform {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Kind = http_client::Failure::Kind;
using Answered = Result<Done, http_client::Failure>;

Deadline Later() { return Deadline::After(seconds(20)); }

// Accepts a body that begins with '['.
class ListReader : public ResponseReader {
 public:
  void Restart() override {
    ++restarts;
    body.clear();
  }
  bool Read(std::string_view piece) override {
    body.append(piece);
    return true;
  }
  std::optional<http_client::Failure> Finish() override {
    if (body.starts_with("[")) return std::nullopt;
    return http_client::Failure{Kind::kMalformed, 0, "not an array", false};
  }
  std::string body;
  int restarts = 0;
};

config::Account MakeAccount() {
  config::Account account;
  account.name = "emea";
  account.base_url = "https://live.example.com/tenantui";
  account.authorization = config::Authorization();
  account.authorization->credentials.value = "given";
  account.requests_per_second = 0;
  account.channel_id = 1574;
  return account;
}

config::Account MakeOAuth2Account() {
  config::Account account = MakeAccount();
  account.authorization.reset();
  account.oauth2 = config::OAuth2();
  account.oauth2->client_id = "client";
  account.oauth2->client_secret = config::Secret{"secret", ""};
  account.oauth2->token_url = "https://login.example.com/token";
  return account;
}

// A client of a platform that `answer` plays.
struct Scene {
  explicit Scene(FakeNetwork::Answer answer,
                 config::Account account = MakeAccount())
      : network(std::move(answer)),
        client(std::move(account), clock, log, observer, network.Maker()) {}

  Answered GetLeads(const Deadline& deadline = Later()) {
    return client.GetLeads({1, 1000, false, true}, reader, deadline);
  }
  int Requests() const { return static_cast<int>(network.requests().size()); }

  FakeClock clock;
  FakeLog log;
  FakeObserver observer;
  FakeNetwork network;
  Client client;
  ListReader reader;
};

FakeNetwork::Answer Always(const FakeAnswer& answer) {
  return [answer](const http_client::HttpRequest&, const Deadline&) {
    return answer;
  };
}

// Returns the responses in turn, and then the last one for ever.
FakeNetwork::Answer InTurn(std::vector<FakeAnswer> answers) {
  return [answers, next = std::make_shared<std::atomic<std::size_t>>(0)](
             const http_client::HttpRequest&, const Deadline&) {
    return answers[std::min((*next)++, answers.size() - 1)];
  };
}

// A token endpoint that grants token-1, token-2, …, before a platform.
FakeNetwork::Answer WithTokens(FakeNetwork::Answer platform) {
  return
      [platform, count = std::make_shared<std::atomic<int>>(0)](
          const http_client::HttpRequest& request, const Deadline& deadline) {
        if (!request.form) return platform(request, deadline);
        return Status(200, R"({"access_token":"token-)" +
                               std::to_string(++*count) + R"("})");
      };
}

std::string HeaderOf(const http_client::HttpRequest& request,
                     const std::string& name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return "none";
}

TEST_CASE("leads are requested by page") {
  Scene scene(Always(Status(200, "[]")));
  CHECK(
      scene.client.GetLeads({3, 500, true, true}, scene.reader, Later()).ok());
  CHECK(
      scene.client.GetLeads({4, 500, false, true}, scene.reader, Later()).ok());
  const auto requests = scene.network.requests();
  CHECK(requests[0].url ==
        "https://live.example.com/tenantui/api/v2/oc/lead?PageNumber=3"
        "&PageSize=500&checkOnline=true");
  CHECK(requests[1].url ==
        "https://live.example.com/tenantui/api/v2/oc/lead?PageNumber=4"
        "&PageSize=500");
  CHECK(HeaderOf(requests[0], "Authorization") == "Bearer given");
  CHECK(HeaderOf(requests[0], "Accept") == "application/json");
  CHECK(HeaderOf(requests[0], "User-Agent")
            .starts_with("operator_connect_exporter/"));
  CHECK(HeaderOf(requests[0], "X-Ovoc-Channel-Id") == "none");
  CHECK(requests[0].max_body_bytes == MakeAccount().max_response_bytes);
}

TEST_CASE("numbers are requested by tenant, with the channel") {
  Scene scene(Always(Status(200, "[]")));
  CHECK(scene.client.GetNumbers("a&b", scene.reader, Later()).ok());
  const auto requests = scene.network.requests();
  CHECK(requests[0].url ==
        "https://live.example.com/tenantui/api/v2/oc/numbers?msTenantId=a%26b");
  CHECK(HeaderOf(requests[0], "X-Ovoc-Channel-Id") == "1574");
}

TEST_CASE("a gateway's headers are sent with leads and numbers only") {
  TempFile file("first\n");
  config::Account account = MakeOAuth2Account();
  account.http_headers["X-Api-Key"].files = {file.path()};
  account.http_headers["X-Two"].values = {"a"};
  Scene scene(WithTokens(Always(Status(200, "[]"))), account);
  CHECK(scene.GetLeads().ok());
  file.Write("second");
  CHECK(scene.client.GetNumbers("t", scene.reader, Later()).ok());
  const auto requests = scene.network.requests();
  REQUIRE(requests.size() == 3);
  CHECK(requests[0].form);
  CHECK(HeaderOf(requests[0], "X-Api-Key") == "none");
  CHECK(HeaderOf(requests[1], "X-Api-Key") == "first");
  CHECK(HeaderOf(requests[1], "X-Two") == "a");
  CHECK(HeaderOf(requests[2], "X-Api-Key") == "second");
}

TEST_CASE("an unreadable header for a gateway is counted, and not sent") {
  const std::string file = "/none/key";
  config::Account account = MakeAccount();
  account.http_headers["X-Api-Key"].files = {file};
  Scene scene(Always(Status(200, "[]")), account);
  const Answered answered = scene.GetLeads();
  REQUIRE_FALSE(answered.ok());
  CHECK(answered.error().kind == Kind::kCredentials);
  CHECK(answered.error().detail ==
        "the header http_headers.X-Api-Key in /none/key cannot be used: no "
        "such file");
  CHECK(scene.Requests() == 0);
  CHECK(scene.observer.Requests("leads credentials") == 1);
}

TEST_CASE("numbers of v3 are requested by page, of one tenant or all") {
  Scene scene(Always(Status(200, "[]")));
  CHECK(scene.client.GetNumbersPage({2, 5000, ""}, scene.reader, Later()).ok());
  CHECK(
      scene.client.GetNumbersPage({2, 5000, "t"}, scene.reader, Later()).ok());
  const auto requests = scene.network.requests();
  CHECK(requests[0].url ==
        "https://live.example.com/tenantui/api/v3/oc/numbers?PageNumber=2"
        "&PageSize=5000");
  CHECK(requests[1].url.ends_with("&PageSize=5000&msTenantId=t"));
}

TEST_CASE("connections are used again") {
  Scene scene(Always(Status(200, "[]")));
  for (int i = 0; i < 5; ++i) CHECK(scene.GetLeads().ok());
  CHECK(scene.network.connections() == 1);
}

TEST_CASE("an attempt that is worth repeating is repeated three times") {
  struct Case {
    FakeAnswer answer;
    std::string code;
  };
  for (const Case& test :
       {Case{Status(429), "leads 429"}, Case{Status(502), "leads 502"},
        Case{Status(503), "leads 503"}, Case{Status(504), "leads 504"},
        Case{Fails(Kind::kTransport), "leads transport"},
        Case{Fails(Kind::kTimeout), "leads timeout"}}) {
    CAPTURE(test.code);
    Scene scene(Always(test.answer));
    const Answered answered = scene.GetLeads();
    CHECK_FALSE(answered.ok());
    CHECK("leads " + answered.error().Reason() == test.code);
    CHECK(scene.observer.Requests(test.code) == 4);
    CHECK(scene.observer.retries() == 3);
    CHECK(scene.Requests() == 4);
  }
}

TEST_CASE("an attempt that is not worth repeating is made once") {
  for (const FakeAnswer& answer :
       {Status(400), Status(401), Status(403), Status(404), Status(500),
        Status(302), Status(200, "<html>"), Fails(Kind::kMalformed),
        Fails(Kind::kTooLarge), Fails(Kind::kCredentials),
        Fails(Kind::kTransport, true)}) {
    CAPTURE(answer.response.status);
    Scene scene(Always(answer));
    CHECK_FALSE(scene.GetLeads().ok());
    CHECK(scene.Requests() == 1);
    CHECK(scene.observer.retries() == 0);
  }
}

TEST_CASE("a repeat can succeed, and is read from the start") {
  Scene scene(
      InTurn({Fails(Kind::kTransport), Status(503), Status(200, "[1]")}));
  CHECK(scene.GetLeads().ok());
  CHECK(scene.reader.body == "[1]");
  CHECK(scene.reader.restarts == 3);
  CHECK(scene.observer.Requests("leads 200") == 1);
  CHECK(scene.observer.wire_bytes() == 3);
}

TEST_CASE("a request is not repeated if it must not be") {
  Scene scene(Always(Status(503)));
  CHECK_FALSE(
      scene.client.GetLeads({0, 10, false, false}, scene.reader, Later()).ok());
  CHECK(scene.Requests() == 1);
}

TEST_CASE("no repeat waits beyond the deadline") {
  // Less than the shortest wait.
  Scene scene(Always(Status(503)));
  const Answered answered = scene.GetLeads(Deadline::After(milliseconds(100)));
  CHECK(answered.error().status == 503);
  CHECK(scene.Requests() == 1);
  CHECK(scene.observer.retries() == 0);
}

TEST_CASE("a stop ends the wait for a repeat") {
  Scene scene(Always(Status(503)));
  std::stop_source stop;
  auto asking = std::async(std::launch::async, [&] {
    return scene.GetLeads(Deadline::After(seconds(60), stop.get_token()));
  });
  stop.request_stop();
  CHECK_FALSE(asking.get().ok());
  CHECK(scene.Requests() <= 1);
}

TEST_CASE("an attempt ends at request_timeout and at the deadline") {
  config::Account account = MakeAccount();
  account.request_timeout = seconds(10);
  Duration left{};
  Scene scene(
      [&](const http_client::HttpRequest&, const Deadline& deadline) {
        left = deadline.left();
        return Status(200, "[]");
      },
      account);
  CHECK(scene.GetLeads().ok());
  CHECK(left <= seconds(10));
  CHECK(left > seconds(5));
  CHECK(scene.GetLeads(Deadline::After(seconds(5))).ok());
  CHECK(left <= seconds(5));
}

TEST_CASE("Retry-After pauses the whole account") {
  Scene scene(InTurn({Status(429, "", "1"), Status(200, "[]")}));
  const SteadyTime begin = std::chrono::steady_clock::now();
  CHECK(scene.GetLeads().ok());
  CHECK(std::chrono::steady_clock::now() - begin >= seconds(1));
  CHECK(scene.observer.retries() == 1);
}

TEST_CASE("a Retry-After beyond the deadline fails all requests at once") {
  Scene scene(Always(Status(503, "", "120")));
  const SteadyTime begin = std::chrono::steady_clock::now();
  CHECK(scene.GetLeads().error().status == 503);
  const Answered other = scene.client.GetNumbers("t", scene.reader, Later());
  CHECK(other.error().kind == Kind::kTimeout);
  CHECK(other.error().detail.starts_with("not sent: "));
  CHECK(scene.Requests() == 1);
  CHECK(std::chrono::steady_clock::now() - begin < seconds(5));
}

TEST_CASE("Retry-After of other responses is ignored") {
  Scene scene(InTurn({Status(404, "", "120"), Status(200, "[]", "120")}));
  CHECK(scene.GetLeads().error().status == 404);
  CHECK(scene.GetLeads().ok());
  CHECK(scene.GetLeads().ok());
}

TEST_CASE("at most `concurrency` requests are under way") {
  config::Account account = MakeAccount();
  account.concurrency = 3;
  std::atomic<int> under_way{0};
  std::atomic<bool> exceeded{false};
  Scene scene(
      [&](const http_client::HttpRequest&, const Deadline&) {
        if (++under_way > 2) exceeded = true;  // one slot is kept for leads
        std::this_thread::yield();
        --under_way;
        return Status(200, "[]");
      },
      account);
  std::vector<std::future<void>> callers;
  for (int i = 0; i < 8; ++i) {
    callers.push_back(std::async(std::launch::async, [&] {
      for (int n = 0; n < 50; ++n) {
        ListReader reader;
        if (!scene.client.GetNumbers("t", reader, Later()).ok()) {
          exceeded = true;
        }
      }
    }));
  }
  for (auto& caller : callers) caller.wait();
  CHECK_FALSE(exceeded);
}

TEST_CASE("no slot is held while waiting for a token") {
  // Of the two requests under way, one makes way for a third, whose token has
  // expired meanwhile.
  Door numbers, leads, token;
  config::Account account = MakeOAuth2Account();
  account.concurrency = 2;
  std::atomic<int> tokens{0};
  Scene scene(
      [&](const http_client::HttpRequest& request, const Deadline& d) {
        if (request.form) {
          if (++tokens > 1) token.Wait(d);
          return Status(200, R"({"access_token":"t","expires_in":600})");
        }
        if (request.url.find("/numbers?") != std::string::npos) {
          numbers.Wait(d);
          return Status(200, "[]");
        }
        leads.Wait(d);
        return Status(429, "", "100");
      },
      account);
  const auto ask_numbers = [&] {
    return std::async(std::launch::async, [&] {
      ListReader reader;
      return scene.client.GetNumbers("t", reader, Later());
    });
  };
  auto first = ask_numbers();
  numbers.Await(1);
  auto asked_leads = std::async(std::launch::async, [&] {
    ListReader reader;
    return scene.client.GetLeads({1, 1000, false, true}, reader, Later());
  });
  leads.Await(1);
  auto third = ask_numbers();
  while (scene.client.waiting() < 1) std::this_thread::yield();
  scene.clock.Pass(seconds(600));
  numbers.Open();
  token.Await(1);
  leads.Open();
  CHECK(asked_leads.get().error().status == 429);
  token.Open();
  CHECK(first.get().ok());
  // Sending it now would break the pause that the platform demanded.
  const Answered answered = third.get();
  REQUIRE_FALSE(answered.ok());
  CHECK(answered.error().detail.starts_with("not sent: "));
  CHECK(scene.observer.Requests("token 200") == 2);
}

TEST_CASE("a refused token is replaced and the request repeated, once") {
  Scene scene(
      WithTokens([](const http_client::HttpRequest& request, const Deadline&) {
        return HeaderOf(request, "Authorization") == "Bearer token-1"
                   ? Status(401)
                   : Status(200, "[]");
      }),
      MakeOAuth2Account());
  CHECK(scene.GetLeads().ok());
  CHECK(scene.observer.Requests("token 200") == 2);
  CHECK(scene.observer.Requests("leads 401") == 1);
  CHECK(scene.observer.Requests("leads 200") == 1);
  CHECK(scene.observer.retries() == 1);
}

TEST_CASE("a refused token is replaced once for 32 refused requests") {
  Door door;
  config::Account account = MakeOAuth2Account();
  account.concurrency = 33;
  Scene scene(WithTokens([&](const http_client::HttpRequest& request,
                             const Deadline& d) {
                if (HeaderOf(request, "Authorization") == "Bearer token-1") {
                  door.Wait(d);
                  return Status(401);
                }
                return Status(200, "[]");
              }),
              account);
  std::vector<std::future<bool>> callers;
  for (int i = 0; i < 32; ++i) {
    callers.push_back(std::async(std::launch::async, [&] {
      ListReader reader;
      return scene.client.GetNumbers("t", reader, Later()).ok();
    }));
  }
  door.Await(32);
  door.Open();
  for (auto& caller : callers) CHECK(caller.get());
  CHECK(scene.observer.Requests("token 200") == 2);
  CHECK(scene.observer.Requests("numbers 401") == 32);
}

TEST_CASE("a platform that refuses every token costs only two tokens") {
  Scene scene(WithTokens(Always(Status(401))), MakeOAuth2Account());
  for (int i = 0; i < 20; ++i) {
    CHECK(scene.GetLeads().error().status == 401);
  }
  CHECK(scene.observer.Requests("token 200") == 2);
  CHECK(scene.observer.Requests("leads 401") == 21);
}

TEST_CASE("a failing token endpoint gets one request, not one for each") {
  Scene scene(Always(Status(500)), MakeOAuth2Account());
  for (int i = 0; i < 20; ++i) {
    const Answered answered = scene.GetLeads();
    CHECK(answered.error().kind == Kind::kCredentials);
  }
  CHECK(scene.observer.Requests("token 500") == 1);
  CHECK(scene.Requests() == 1);
}

TEST_CASE("a given credential that changed is tried once after a refusal") {
  const TempDir folder;
  config::Account account = MakeAccount();
  account.authorization->credentials = {"", folder.Write("token", "old")};
  Scene scene(
      [&](const http_client::HttpRequest& request, const Deadline&) {
        if (HeaderOf(request, "Authorization") != "Bearer old") {
          return Status(200, "[]");
        }
        folder.Write("token", "new");
        return Status(401);
      },
      account);
  CHECK(scene.GetLeads().ok());
  CHECK(scene.Requests() == 2);
}

TEST_CASE("an unreadable given credential is counted as such") {
  config::Account account = MakeAccount();
  account.authorization->credentials = {"", "/nonexistent/token"};
  Scene scene(Always(Status(200, "[]")), account);
  CHECK(scene.GetLeads().error().kind == Kind::kCredentials);
  CHECK(scene.observer.Requests("leads credentials") == 1);
  CHECK(scene.Requests() == 0);
}

TEST_CASE("a failure has the response, the fault and the remedy") {
  const auto detail = [](FakeAnswer answer, const std::string& type) {
    answer.response.content_type = type;
    Scene scene(Always(answer));
    return scene.GetLeads().error().detail;
  };
  CHECK(detail(Status(200, "<html>"), "text/html") ==
        "status 200, text/html, 6 bytes read: not an array; HTML is the page "
        "of a proxy or a login, not an answer");
  CHECK(detail(Status(404), "") ==
        "status 404, no content type: nothing there: check base_url");
  CHECK(detail(Status(403), "text/plain").find("consent is missing") !=
        std::string::npos);
  config::Account account = MakeAccount();
  account.base_url = "https://live.example.com";
  Scene scene(Always(Status(404)), account);
  CHECK(scene.GetLeads().error().detail.find("/tenantui") != std::string::npos);
}

TEST_CASE("no token, secret or body reaches the log") {
  Scene scene(WithTokens(InTurn({Status(401, "a body"), Status(503, "a body"),
                                 Status(200, "<a body>")})),
              MakeOAuth2Account());
  const Answered answered = scene.GetLeads();
  const std::string text = scene.log.text() + answered.error().detail;
  CHECK(text.find("account=emea endpoint=leads code=503") != std::string::npos);
  CHECK(text.find("token-") == std::string::npos);
  CHECK(text.find("secret") == std::string::npos);
  CHECK(text.find("a body") == std::string::npos);
}

}  // namespace
}  // namespace operator_connect::live_platform
