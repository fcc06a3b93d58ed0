#include "exporter/oauth/token_source.h"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <stop_token>
#include <vector>

#include "exporter/oauth/given_token_source.h"
#include "tests/support/assertion.h"
#include "tests/support/certificates.h"
#include "tests/support/fakes.h"
#include "tests/support/temp_dir.h"

namespace operator_connect::oauth {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Kind = http_client::Failure::Kind;
using TokenResult = Result<AccessTokenPtr, http_client::Failure>;

Deadline Later() { return Deadline::After(seconds(20)); }

config::OAuth2 MakeOAuth2() {
  config::OAuth2 oauth2;
  oauth2.client_id = "client";
  oauth2.client_secret = config::Secret{"se cret&+", ""};
  oauth2.token_url = "https://login.example.com/t/oauth2/v2.0/token";
  oauth2.scopes = {"api://app/.default", "other"};
  return oauth2;
}

config::Account MakeAccount(config::OAuth2 oauth2) {
  config::Account account;
  account.name = "emea";
  account.oauth2 = std::move(oauth2);
  return account;
}

// A token source of a token endpoint that `answer` plays.
struct Scene {
  explicit Scene(FakeNetwork::Answer answer,
                 config::OAuth2 oauth2 = MakeOAuth2())
      : network(std::move(answer)),
        source(MakeOAuth2TokenSource(MakeAccount(std::move(oauth2)), clock, log,
                                     observer, network.Maker())) {}

  int Requests() const { return static_cast<int>(network.requests().size()); }

  FakeClock clock;
  FakeLog log;
  FakeObserver observer;
  FakeNetwork network;
  std::unique_ptr<TokenSource> source;
};

// Grants token-1, token-2, … for `lifetime`.
FakeNetwork::Answer Grant(const std::string& lifetime = "3600") {
  return [lifetime, count = std::make_shared<std::atomic<int>>(0)](
             const http_client::HttpRequest&, const Deadline&) {
    return Status(200, R"({"access_token":"token-)" + std::to_string(++*count) +
                           R"(","expires_in":)" + lifetime + "}");
  };
}

std::string Header(const TokenResult& token) {
  return token.ok() && *token ? (*token)->authorization : std::string("none");
}

TEST_CASE("a token is requested by a form with encoded fields") {
  config::OAuth2 oauth2 = MakeOAuth2();
  oauth2.endpoint_params = {{"resource", "a b"}};
  Scene scene(Grant(), oauth2);
  CHECK(Header(scene.source->Get(Later())) == "Bearer token-1");
  const http_client::HttpRequest request = scene.network.requests().at(0);
  CHECK(request.url == "https://login.example.com/t/oauth2/v2.0/token");
  CHECK(request.form ==
        "grant_type=client_credentials&client_id=client"
        "&client_secret=se%20cret%26%2B"
        "&scope=api%3A%2F%2Fapp%2F.default%20other&resource=a%20b");
}

TEST_CASE("a grant_type of endpoint_params replaces the default") {
  config::OAuth2 oauth2 = MakeOAuth2();
  oauth2.scopes.clear();
  oauth2.endpoint_params = {{"grant_type", "other"}, {"scope", "mine"}};
  Scene scene(Grant(), oauth2);
  CHECK(scene.source->Get(Later()).ok());
  CHECK(scene.network.requests().at(0).form ==
        "client_id=client&client_secret=se%20cret%26%2B&grant_type=other"
        "&scope=mine");
}

TEST_CASE("a certificate replaces the secret") {
  const TempDir folder;
  IdentityOptions options;
  options.rsa = true;
  const Identity identity = MakeIdentity(options);
  config::OAuth2 oauth2 = MakeOAuth2();
  oauth2.client_secret.reset();
  oauth2.client_certificate_file =
      folder.Write("cert.pem", identity.CertificatePem());
  oauth2.client_certificate_key_file =
      folder.Write("key.pem", identity.KeyPem());
  Scene scene(Grant(), oauth2);
  CHECK(scene.source->Get(Later()).ok());
  const std::string form = *scene.network.requests().at(0).form;
  CHECK(form.find("client_secret") == std::string::npos);
  CHECK(form.find("&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3A"
                  "client-assertion-type%3Ajwt-bearer&client_assertion=eyJ") !=
        std::string::npos);
}

TEST_CASE("a given assertion is read for each token, and sent unchanged") {
  const auto token = [](const std::string& subject) {
    return ToBase64Url("{}") + "." +
           ToBase64Url(R"({"sub":")" + subject + "\"}") + ".c2ln";
  };
  TempFile file(token("first") + "\n");
  config::OAuth2 oauth2 = MakeOAuth2();
  oauth2.client_secret.reset();
  oauth2.client_assertion_file = file.path();
  Scene scene(Grant("10"), oauth2);
  CHECK(scene.source->Get(Later()).ok());
  file.Write(token("second"));
  scene.clock.Pass(seconds(11));
  CHECK(scene.source->Get(Later()).ok());
  for (const auto& [at, subject] :
       {std::pair<std::size_t, const char*>{0, "first"}, {1, "second"}}) {
    const std::string form = *scene.network.requests().at(at).form;
    CHECK(form.find("&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3A"
                    "client-assertion-type%3Ajwt-bearer&client_assertion=" +
                    token(subject) + "&") != std::string::npos);
    CHECK(form.find("client_secret") == std::string::npos);
  }
}

TEST_CASE("an expired assertion is not sent") {
  const TempFile file(ToBase64Url("{}") + "." + ToBase64Url(R"({"exp":1})") +
                      ".c2ln");
  config::OAuth2 oauth2 = MakeOAuth2();
  oauth2.client_secret.reset();
  oauth2.client_assertion_file = file.path();
  Scene scene(Grant(), oauth2);
  const TokenResult result = scene.source->Get(Later());
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().kind == Kind::kCredentials);
  CHECK(result.error().detail.find("no token from login.example.com:443: the "
                                   "client assertion in " +
                                   file.path() + " has ended ") == 0);
  CHECK(scene.Requests() == 0);
}

TEST_CASE("a token is reported and kept") {
  Scene scene(Grant());
  CHECK(scene.source->Get(Later()).ok());
  CHECK(Header(scene.source->Get(Later())) == "Bearer token-1");
  CHECK(scene.Requests() == 1);
  CHECK(scene.observer.Requests("token 200") == 1);
  CHECK(scene.observer.expiry() == scene.clock.Wall() + seconds(3600));
  CHECK(scene.log.text().find("token-1") == std::string::npos);
}

TEST_CASE("a token is renewed before it expires") {
  Scene scene(Grant());
  CHECK(scene.source->Get(Later()).ok());
  scene.clock.Pass(minutes(54));
  CHECK(Header(scene.source->Get(Later())) == "Bearer token-1");
  scene.clock.Pass(minutes(2));
  CHECK(Header(scene.source->Get(Later())) == "Bearer token-2");
}

TEST_CASE("a token with a very short life is used and renewed") {
  Scene scene(Grant("10"));
  CHECK(Header(scene.source->Get(Later())) == "Bearer token-1");
  scene.clock.Pass(seconds(7));
  CHECK(Header(scene.source->Get(Later())) == "Bearer token-1");
  scene.clock.Pass(seconds(2));
  CHECK(Header(scene.source->Get(Later())) == "Bearer token-2");
}

TEST_CASE("a valid token is used if it cannot be renewed") {
  std::atomic<bool> down{false};
  Scene scene([&, grant = Grant()](const http_client::HttpRequest& r,
                                   const Deadline& d) {
    return down ? Status(500) : grant(r, d);
  });
  CHECK(scene.source->Get(Later()).ok());
  down = true;
  scene.clock.Pass(minutes(56));
  CHECK(Header(scene.source->Get(Later())) == "Bearer token-1");
  CHECK(Header(scene.source->Get(Later())) == "Bearer token-1");
  CHECK(scene.Requests() == 2);
  scene.clock.Pass(minutes(5));
  CHECK(scene.source->Get(Later()).error().kind == Kind::kCredentials);
}

TEST_CASE("many threads share one request") {
  Door door;
  Scene scene([&, grant = Grant()](const http_client::HttpRequest& r,
                                   const Deadline& d) {
    door.Wait(d);
    return grant(r, d);
  });
  std::vector<std::future<TokenResult>> callers;
  for (int i = 0; i < 16; ++i) {
    callers.push_back(std::async(std::launch::async,
                                 [&] { return scene.source->Get(Later()); }));
  }
  door.Await(1);
  door.Open();
  for (auto& caller : callers) CHECK(Header(caller.get()) == "Bearer token-1");
  CHECK(scene.Requests() == 1);
}

TEST_CASE("a failure is returned to all, and kept for five seconds") {
  Scene scene([](const http_client::HttpRequest&, const Deadline&) {
    return Status(401, R"({"error":"invalid_client"})");
  });
  for (int i = 0; i < 5; ++i) {
    const TokenResult token = scene.source->Get(Later());
    REQUIRE_FALSE(token.ok());
    CHECK(token.error().kind == Kind::kCredentials);
    CHECK(token.error().detail ==
          "no token from login.example.com:443: status 401, invalid_client: "
          "client_id, or its secret or certificate, is wrong");
  }
  CHECK(scene.Requests() == 1);
  CHECK(scene.observer.Requests("token 401") == 1);
  scene.clock.Pass(seconds(4));
  CHECK_FALSE(scene.source->Get(Later()).ok());
  CHECK(scene.Requests() == 1);
  scene.clock.Pass(seconds(2));
  CHECK_FALSE(scene.source->Get(Later()).ok());
  CHECK(scene.Requests() == 2);
}

TEST_CASE("a throttling token endpoint gets its whole pause") {
  Scene scene([](const http_client::HttpRequest&, const Deadline&) {
    return Status(429, "", "60");
  });
  CHECK_FALSE(scene.source->Get(Later()).ok());
  scene.clock.Pass(seconds(59));
  CHECK_FALSE(scene.source->Get(Later()).ok());
  CHECK(scene.Requests() == 1);
  scene.clock.Pass(seconds(2));
  CHECK_FALSE(scene.source->Get(Later()).ok());
  CHECK(scene.Requests() == 2);
}

TEST_CASE("each failure of the token endpoint has its code") {
  struct Case {
    FakeAnswer answer;
    std::string code;
  };
  for (const Case& test : {Case{Fails(Kind::kTransport), "token transport"},
                           Case{Fails(Kind::kTimeout), "token timeout"},
                           Case{Fails(Kind::kTooLarge), "token too_large"},
                           Case{Status(503), "token 503"},
                           Case{Status(200, "<html>"), "token malformed"}}) {
    CAPTURE(test.code);
    Scene scene([&](const http_client::HttpRequest&, const Deadline&) {
      return test.answer;
    });
    const TokenResult token = scene.source->Get(Later());
    REQUIRE_FALSE(token.ok());
    CHECK(token.error().kind == Kind::kCredentials);
    CHECK(scene.observer.Requests(test.code) == 1);
  }
}

TEST_CASE("a proxy of the account that tokens do not use is reported") {
  const auto detail = [](const std::string& own, Kind kind) {
    FakeNetwork network([kind](const http_client::HttpRequest&,
                               const Deadline&) { return Fails(kind); });
    FakeClock clock;
    FakeLog log;
    FakeObserver observer;
    config::Account account = MakeAccount(MakeOAuth2());
    account.proxy.url = "http://proxy:3128";
    account.oauth2->proxy.url = own;
    return MakeOAuth2TokenSource(account, clock, log, observer, network.Maker())
        ->Get(Later())
        .error()
        .detail;
  };
  const std::string hint = "oauth2 has a proxy_url of its own";
  CHECK(detail("", Kind::kTransport).ends_with(hint));
  CHECK(detail("", Kind::kTimeout).ends_with(hint));
  CHECK_FALSE(detail("", Kind::kTooLarge).ends_with(hint));
  CHECK_FALSE(detail("http://other:1", Kind::kTransport).ends_with(hint));
}

TEST_CASE("a placeholder instead of a secret is reported and not sent") {
  for (const char* secret : {"${SECRET}", "$(SECRET)", "<secret>", "\"abcdef\"",
                             "'abcdef'", "abc\u00a0def", "\u00a0abc"}) {
    CAPTURE(secret);
    config::OAuth2 oauth2 = MakeOAuth2();
    oauth2.client_secret = config::Secret{secret, ""};
    Scene scene(Grant(), oauth2);
    const TokenResult token = scene.source->Get(Later());
    REQUIRE_FALSE(token.ok());
    CHECK(token.error().kind == Kind::kCredentials);
    CHECK(token.error().detail.find("; write ") != std::string::npos);
    CHECK(token.error().detail.find("SECRET") == std::string::npos);
    CHECK(token.error().detail.find("abc") == std::string::npos);
    CHECK(scene.Requests() == 0);
  }
}

TEST_CASE("without a readable secret no request is sent") {
  const TempDir folder;
  config::OAuth2 oauth2 = MakeOAuth2();
  oauth2.client_secret = config::Secret{"", folder / "secret"};
  Scene scene(Grant(), oauth2);
  const TokenResult token = scene.source->Get(Later());
  REQUIRE_FALSE(token.ok());
  CHECK(token.error().kind == Kind::kCredentials);
  CHECK(token.error().detail.find(folder / "secret") != std::string::npos);
  CHECK(scene.observer.Requests("token credentials") == 1);
  CHECK(scene.Requests() == 0);
}

TEST_CASE("a rotated secret file is read again and trimmed") {
  const TempDir folder;
  config::OAuth2 oauth2 = MakeOAuth2();
  oauth2.client_secret = config::Secret{"", folder.Write("secret", "one\n")};
  Scene scene(Grant("10"), oauth2);
  CHECK(scene.source->Get(Later()).ok());
  folder.Write("secret", " two \n");
  scene.clock.Pass(seconds(11));
  CHECK(scene.source->Get(Later()).ok());
  const auto requests = scene.network.requests();
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].form->find("client_secret=one&") != std::string::npos);
  CHECK(requests[1].form->find("client_secret=two&") != std::string::npos);
}

TEST_CASE("a waiter has its own deadline and stop") {
  Door door;
  Scene scene([&](const http_client::HttpRequest&, const Deadline& deadline) {
    door.Wait(deadline);
    return Fails(Kind::kTimeout);
  });
  auto leader = std::async(std::launch::async,
                           [&] { return scene.source->Get(Later()); });
  door.Await(1);
  SUBCASE("deadline") {
    const TokenResult token =
        scene.source->Get(Deadline::After(milliseconds(30)));
    REQUIRE_FALSE(token.ok());
    CHECK(token.error().kind == Kind::kTimeout);
  }
  SUBCASE("stop") {
    std::stop_source stop;
    auto waiter = std::async(std::launch::async, [&] {
      return scene.source->Get(Deadline::After(seconds(20), stop.get_token()));
    });
    stop.request_stop();
    const TokenResult token = waiter.get();
    REQUIRE_FALSE(token.ok());
    CHECK(token.error().kind == Kind::kTimeout);
  }
  door.Open();
  CHECK_FALSE(leader.get().ok());
}

TEST_CASE("a leader that is cancelled does not fail the others") {
  Door door;
  std::atomic<int> asked{0};
  Scene scene([&, grant = Grant()](const http_client::HttpRequest& r,
                                   const Deadline& d) {
    if (asked++ > 0) return grant(r, d);
    door.Wait(d);
    return Fails(Kind::kTimeout);
  });
  std::stop_source stop;
  auto leader = std::async(std::launch::async, [&] {
    return scene.source->Get(Deadline::After(seconds(20), stop.get_token()));
  });
  door.Await(1);
  std::vector<std::future<TokenResult>> waiters;
  for (int i = 0; i < 4; ++i) {
    waiters.push_back(std::async(std::launch::async,
                                 [&] { return scene.source->Get(Later()); }));
  }
  stop.request_stop();
  CHECK(leader.get().error().kind == Kind::kTimeout);
  for (auto& waiter : waiters) CHECK(Header(waiter.get()) == "Bearer token-1");
  CHECK(scene.Requests() == 2);
}

TEST_CASE("a refused token is replaced once for all refused requests") {
  Scene scene(Grant());
  const TokenResult first = scene.source->Get(Later());
  REQUIRE(first.ok());
  scene.source->Accepted(**first);
  std::vector<std::future<TokenResult>> callers;
  for (int i = 0; i < 16; ++i) {
    callers.push_back(std::async(std::launch::async, [&] {
      return scene.source->Replace(**first, Later());
    }));
  }
  for (auto& caller : callers) CHECK(Header(caller.get()) == "Bearer token-2");
  CHECK(scene.Requests() == 2);
}

TEST_CASE("a platform that refuses every token costs one renewal in 30 s") {
  Scene scene(Grant());
  const TokenResult first = scene.source->Get(Later());
  const TokenResult second = scene.source->Replace(**first, Later());
  REQUIRE(second.ok());
  SUBCASE("refused again") { scene.source->Refused(**second); }
  SUBCASE("not accepted yet") {}
  SUBCASE("refused again, though accepted for others") {
    scene.source->Accepted(**second);
    scene.source->Refused(**second);
  }
  const TokenResult third = scene.source->Replace(**second, Later());
  CHECK(Header(third) == "none");
  CHECK(scene.Requests() == 2);
  scene.clock.Pass(seconds(31));
  CHECK(Header(scene.source->Replace(**second, Later())) == "Bearer token-3");
}

TEST_CASE("an accepted token can be replaced again") {
  Scene scene(Grant());
  const TokenResult first = scene.source->Get(Later());
  const TokenResult second = scene.source->Replace(**first, Later());
  scene.source->Accepted(**second);
  CHECK(Header(scene.source->Replace(**second, Later())) == "Bearer token-3");
}

TEST_CASE("a failed replacement leaves the old token to the others") {
  std::atomic<bool> down{false};
  Scene scene([&, grant = Grant()](const http_client::HttpRequest& r,
                                   const Deadline& d) {
    return down ? Status(500) : grant(r, d);
  });
  const TokenResult first = scene.source->Get(Later());
  down = true;
  CHECK(scene.source->Replace(**first, Later()).error().kind ==
        Kind::kCredentials);
  CHECK(scene.source->Replace(**first, Later()).error().kind ==
        Kind::kCredentials);
  CHECK(Header(scene.source->Get(Later())) == "Bearer token-1");
  CHECK(scene.Requests() == 2);
}

TEST_CASE("given credentials are read at each use") {
  const TempDir folder;
  config::Authorization authorization;
  authorization.type = "Token";
  authorization.credentials.file = folder.Write("credentials", "one\n");
  const auto source = MakeGivenTokenSource(authorization);
  const TokenResult first = source->Get(Later());
  CHECK(Header(first) == "Token one");
  CHECK(Header(source->Replace(**first, Later())) == "none");
  folder.Write("credentials", "two\n");
  CHECK(Header(source->Replace(**first, Later())) == "Token two");
  CHECK(Header(source->Get(Later())) == "Token two");
}

TEST_CASE("unusable given credentials are a failure") {
  const TempDir folder;
  config::Authorization authorization;
  SUBCASE("missing") { authorization.credentials.file = folder / "none"; }
  SUBCASE("empty") {
    authorization.credentials.file = folder.Write("empty", " \n");
  }
  SUBCASE("two lines") {
    authorization.credentials.file = folder.Write("two", "secret\nX: y");
  }
  const TokenResult token = MakeGivenTokenSource(authorization)->Get(Later());
  REQUIRE_FALSE(token.ok());
  CHECK(token.error().kind == Kind::kCredentials);
  CHECK(token.error().detail.find("secret") == std::string::npos);
}

}  // namespace
}  // namespace operator_connect::oauth
