#include "tests/simulator/simulator.h"

#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/simulator/http.h"
#include "tests/support/test_client.h"

namespace operator_connect::simulator {
namespace {

using std::chrono::seconds;

constexpr char kLeads[] = "/tenantui/api/v2/oc/lead";
constexpr char kNumbers[] = "/tenantui/api/v2/oc/numbers";

void Fill(Platform& platform, std::size_t tenants = 25) {
  GenerateOptions options;
  options.tenants = tenants;
  options.uniform = true;
  platform.estate().Replace(Generate(options));
  platform.Configure(
      [](PlatformOptions& o) { o.framing = Framing::kContentLength; });
}

std::size_t CountLeads(const std::string& answer) {
  Estate estate;
  const auto loaded = estate.LoadLeads(BodyOf(answer));
  REQUIRE_MESSAGE(loaded.ok(), answer.substr(0, 200));
  return estate.Snapshot()->leads.size();
}

std::string FirstId(const std::string& answer) {
  Estate estate;
  REQUIRE(estate.LoadLeads(BodyOf(answer)).ok());
  REQUIRE(!estate.Snapshot()->leads.empty());
  return *estate.Snapshot()->leads[0].id;
}

std::string PostToken(Simulator& simulator, const std::string& path,
                      const std::string& form) {
  TestClient client(simulator);
  client.Send("POST " + path +
              " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
              "Content-Type: application/x-www-form-urlencoded\r\n"
              "Content-Length: " +
              std::to_string(form.size()) + "\r\n\r\n" + form);
  return client.ReadAll();
}

std::string Form(const std::string& secret, const std::string& client,
                 const std::string& scope) {
  return "grant_type=client_credentials&client_id=" + client +
         "&client_secret=" + secret + "&scope=" + scope;
}

}  // namespace

TEST_CASE("the token endpoint responds like Entra ID") {
  Simulator simulator;
  const PlatformOptions o = simulator.account().options();
  const std::string path = "/" + o.entra_tenant + "/oauth2/v2.0/token";
  const auto post = [&](const std::string& form) {
    return PostToken(simulator, path, form);
  };
  const auto has = [](const std::string& answer, const char* text) {
    return answer.find(text) != std::string::npos;
  };
  CHECK(has(post(Form(o.client_secret, o.client_id, o.scope)),
            R"("expires_in":3599)"));
  CHECK(has(post(Form("wrong", o.client_id, o.scope)), "AADSTS7000215"));
  CHECK(has(post(Form(o.client_secret, "wrong", o.scope)), "AADSTS700016"));
  CHECK(has(post(Form(o.client_secret, o.client_id, "x")), "AADSTS70011"));
  CHECK(
      has(PostToken(simulator, "/other/oauth2/v2.0/token", ""), "AADSTS90002"));
}

TEST_CASE("a request without a valid token is refused") {
  Simulator simulator;
  const std::string token = simulator.account().IssueToken();
  CHECK(StatusOf(Get(simulator, kLeads, "")) == 401);
  CHECK(StatusOf(Get(simulator, kLeads, token)) == 200);
  simulator.account().RevokeTokens();
  CHECK(StatusOf(Get(simulator, kLeads, token)) == 401);
}

TEST_CASE("an account's token is invalid for another account") {
  Simulator simulator;
  Platform& other = simulator.AddAccount("emea");
  const std::string path = "/emea" + std::string(kLeads);
  CHECK(StatusOf(Get(simulator, path, other.IssueToken())) == 200);
  CHECK(StatusOf(Get(simulator, path, simulator.account().IssueToken())) ==
        401);
}

TEST_CASE("pages of leads are cut as documented") {
  Simulator simulator;
  Fill(simulator.account());
  const std::string token = simulator.account().IssueToken();
  const auto get = [&](const std::string& query) {
    return Get(simulator, kLeads + query, token);
  };
  CHECK(CountLeads(get("")) == 10);
  CHECK(CountLeads(get("?PageNumber=3&PageSize=10")) == 5);
  CHECK(CountLeads(get("?PageNumber=4&PageSize=10")) == 0);
  CHECK(StatusOf(get("?PageNumber=0")) == 400);
  CHECK(CountLeads(get("?PageSize=20000")) == 25);
  CHECK(StatusOf(get("?PageSize=20001")) == 400);
}

TEST_CASE("lists of leads that are not whole") {
  Simulator simulator;
  Fill(simulator.account(), 9);
  const std::string token = simulator.account().IssueToken();
  const auto page = [&](int number, int size) {
    return Get(simulator,
               kLeads + ("?PageNumber=" + std::to_string(number) +
                         "&PageSize=" + std::to_string(size)),
               token);
  };
  const auto with = [&](Action action) {
    simulator.ClearFaults();
    simulator.AddFault(Fault::Do(Match::Leads(), action));
  };
  const std::string first_of_2 = FirstId(page(2, 3));
  SUBCASE("in a new order each time") {
    with(Action::kShufflePages);
    std::set<std::string> orders;
    for (int i = 0; i < 8; ++i) orders.insert(BodyOf(page(1, 9)));
    CHECK(orders.size() > 1);
  }
  SUBCASE("with ties at the borders of pages") {
    with(Action::kSwapTies);
    CHECK(CountLeads(page(2, 3)) == 3);
    CHECK(FirstId(page(2, 3)) != first_of_2);
    CHECK(FirstId(page(1, 9)) == FirstId(page(1, 3)));
  }
  SUBCASE("filtered after paging") {
    with(Action::kFilterPages);
    CHECK(CountLeads(page(1, 4)) == 3);
    CHECK(CountLeads(page(1, 12)) == 9);
    CHECK(CountLeads(page(2, 12)) == 0);
  }
  SUBCASE("cut to less than requested") {
    with(Action::kCapPages);
    CHECK(CountLeads(page(1, 9)) == 2);
    CHECK(CountLeads(page(5, 9)) == 1);
    CHECK(StatusOf(page(6, 9)) == 500);
  }
}

TEST_CASE("numbers are refused without a tenant") {
  Simulator simulator;
  const std::string token = simulator.account().IssueToken();
  CHECK(StatusOf(Get(simulator, kNumbers, token)) == 400);
}

TEST_CASE("a channel only sees the numbers of its own customers") {
  Simulator simulator;
  Platform& platform = simulator.account();
  Lead lead;
  lead.id = "l";
  lead.tenant_id = "t";
  lead.ovoc_channel_id = 17;
  platform.estate().AddLead(lead);
  platform.estate().AddNumber("t", {});
  const auto get = [&](const char* channel) {
    TestClient client(simulator);
    client.Send("GET " + std::string(kNumbers) +
                "?msTenantId=T HTTP/1.1\r\nConnection: close\r\n"
                "Authorization: Bearer " +
                platform.IssueToken() + "\r\nX-Ovoc-Channel-Id: " + channel +
                "\r\n\r\n");
    return client.ReadAll();
  };
  CHECK(get("17").find("telephoneNumber") != std::string::npos);
  CHECK(get("18").find("telephoneNumber") == std::string::npos);
  CHECK(StatusOf(get("x")) == 400);
}

TEST_CASE("v3 returns totals") {
  Simulator simulator;
  Fill(simulator.account(), 3);
  const std::string answer =
      Get(simulator, "/tenantui/api/v3/oc/numbers?PageNumber=2&PageSize=200",
          simulator.account().IssueToken());
  CHECK(answer.find(R"("currentPage":2,"pageSize":200,"totalPages":2,)"
                    R"("totalRecords":300)") != std::string::npos);
}

TEST_CASE("a fault applies as often as requested") {
  Simulator simulator;
  const std::string token = simulator.account().IssueToken();
  const std::uint64_t id = simulator.AddFault(
      Fault::Status(Match::Leads().After(1).Times(1), 503, "7"));
  CHECK(StatusOf(Get(simulator, kLeads, token)) == 200);
  const std::string answer = Get(simulator, kLeads, token);
  CHECK(StatusOf(answer) == 503);
  CHECK(answer.find("Retry-After: 7\r\n") != std::string::npos);
  CHECK(StatusOf(Get(simulator, kLeads, token)) == 200);
  CHECK(simulator.FaultHits(id) == 1);
}

TEST_CASE("a shifted record is the last of the page before") {
  Simulator simulator;
  Fill(simulator.account());
  const std::string token = simulator.account().IssueToken();
  const auto page = [&](int n) {
    return Get(simulator,
               std::string(kLeads) + "?PageNumber=" + std::to_string(n), token);
  };
  simulator.AddFault(Fault::Do(Match::Leads(), Action::kShiftRecord));
  CHECK(FirstId(page(2)) ==
        *simulator.account().estate().Snapshot()->leads[9].id);
  CHECK(CountLeads(page(3)) == 6);
}

TEST_CASE("a repeated page is the page before") {
  Simulator simulator;
  Fill(simulator.account());
  const std::string token = simulator.account().IssueToken();
  simulator.AddFault(Fault::Do(Match::LeadsPage(2), Action::kRepeatPage));
  CHECK(Get(simulator, std::string(kLeads) + "?PageNumber=2", token) ==
        Get(simulator, std::string(kLeads) + "?PageNumber=1", token));
}

TEST_CASE("endless pages are full of new records") {
  Simulator simulator;
  const std::string token = simulator.account().IssueToken();
  simulator.account().Configure(
      [](PlatformOptions& o) { o.framing = Framing::kContentLength; });
  simulator.AddFault(Fault::Do(Match::Leads(), Action::kEndlessPages));
  const std::string a =
      Get(simulator, std::string(kLeads) + "?PageNumber=1", token);
  const std::string b =
      Get(simulator, std::string(kLeads) + "?PageNumber=2", token);
  CHECK(CountLeads(b) == 10);
  CHECK(FirstId(a) != FirstId(b));
}

TEST_CASE("a body cut short ends before its framing does") {
  Simulator simulator;
  Fill(simulator.account());
  const std::string token = simulator.account().IssueToken();
  const std::string whole = Get(simulator, kLeads, token);
  for (const Framing framing :
       {Framing::kContentLength, Framing::kChunked, Framing::kClose}) {
    simulator.ClearFaults();
    simulator.AddFault(Fault::Cut(Match::Leads(), framing));
    const std::string cut = Get(simulator, kLeads, token);
    CHECK(StatusOf(cut) == 200);
    CHECK(cut.size() < whole.size());
    CHECK(cut.find("\r\n0\r\n") == std::string::npos);
  }
}

TEST_CASE("headers drip a byte at a time") {
  Simulator simulator;
  Fault fault = Fault::Do(Match::Leads(), Action::kDripHeaders);
  fault.interval = seconds(3600);
  simulator.AddFault(fault);
  TestClient client(simulator);
  client.SendGet(kLeads, simulator.account().IssueToken());
  CHECK(client.ReadAll(seconds(20), 1) == "H");
}

TEST_CASE("a client that leaves ends its request") {
  Simulator simulator;
  const std::string token = simulator.account().IssueToken();
  simulator.AddFault(Fault::Do(Match::Leads(), Action::kNeverAnswer));
  {
    TestClient client(simulator);
    client.SendGet(kLeads, token);
    REQUIRE(simulator.requests().WaitForCount(1, Match::Leads(),
                                              Deadline::After(seconds(20))));
  }
  const Deadline deadline = Deadline::After(seconds(20));
  while (simulator.requests().UnderWay() > 0 && !deadline.expired()) {
    std::this_thread::yield();
  }
  CHECK(simulator.requests().UnderWay() == 0);
}

TEST_CASE("every fault ends with the simulator") {
  for (int action = 0; action <= static_cast<int>(Action::kSpoil); ++action) {
    Simulator simulator;
    Fill(simulator.account());
    Fault fault = Fault::Do(Match::Leads(), static_cast<Action>(action));
    fault.interval = seconds(1);
    fault.bytes = action == static_cast<int>(Action::kGzipBomb) ? 1 << 24 : 0;
    simulator.AddFault(fault);
    TestClient client(simulator);
    client.SendGet(kLeads, simulator.account().IssueToken());
    CHECK(simulator.requests().WaitForCount(1, Match::Leads(),
                                            Deadline::After(seconds(20))));
  }
}

TEST_CASE("held requests wait for their release, some or all") {
  Simulator simulator;
  const std::string token = simulator.account().IssueToken();
  Hold hold = simulator.HoldRequests(Match::Numbers());
  std::atomic<int> answered = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      const std::string answer =
          Get(simulator, std::string(kNumbers) + "?msTenantId=t", token);
      if (StatusOf(answer) == 200) ++answered;
    });
  }
  CHECK(hold.WaitForHeld(8, Deadline::After(seconds(20))));
  CHECK(answered == 0);
  CHECK(simulator.requests().HighWater() == 8);
  hold.ReleaseSome(3);
  CHECK(hold.held() == 5);
  hold.Release();
  for (std::thread& thread : threads) thread.join();
  CHECK(answered == 8);
  CHECK(simulator.requests().UnderWay() == 0);
}

TEST_CASE("a hold lets other requests pass") {
  Simulator simulator;
  const Hold hold = simulator.HoldRequests(Match::Numbers());
  CHECK(StatusOf(Get(simulator, kLeads, simulator.account().IssueToken())) ==
        200);
}

TEST_CASE("a connection gets no response until it is accepted") {
  Simulator simulator;
  simulator.SetAccepting(Simulator::Accepting::kQueue);
  TestClient client(simulator);
  client.SendGet(kLeads, simulator.account().IssueToken());
  CHECK(client.ReadAll(std::chrono::milliseconds(50)).empty());
  simulator.SetAccepting(Simulator::Accepting::kYes);
  CHECK(StatusOf(client.ReadAll()) == 200);
}

TEST_CASE("a connection that is never accepted is not established") {
  Simulator simulator;
  simulator.SetAccepting(Simulator::Accepting::kNever);
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(simulator.port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address));
  pollfd poll_for{fd, POLLOUT, 0};
  CHECK(::poll(&poll_for, 1, 50) == 0);
  ::close(fd);
  simulator.SetAccepting(Simulator::Accepting::kYes);
  CHECK(StatusOf(Get(simulator, kLeads, simulator.account().IssueToken())) ==
        200);
}

TEST_CASE("a connection can wait for its handshake for ever") {
  Simulator simulator;
  simulator.SetAccepting(Simulator::Accepting::kNoHandshake);
  TestClient client(simulator);
  client.SendGet(kLeads);
  CHECK(client.ReadAll(std::chrono::milliseconds(50)).empty());
  CHECK(client.connected());
}

TEST_CASE("two requests can share a connection") {
  Simulator simulator;
  const std::string token = simulator.account().IssueToken();
  TestClient client(simulator);
  client.SendGet(kLeads, token, false);
  client.SendGet(kLeads, token, true);
  client.ReadAll();
  CHECK(simulator.requests().Count(Match::Leads()) == 2);
  CHECK(simulator.AcceptedConnections() == 1);
}

TEST_CASE("self-signed certificates work for a server") {
  const std::string folder = std::filesystem::temp_directory_path() /
                             ("simulator-" + std::to_string(::getpid()));
  MakeSelfSigned(folder);
  SimulatorOptions options;
  options.certificate_file = folder + "/cert.pem";
  options.key_file = folder + "/key.pem";
  {
    Simulator simulator(options);
    CHECK(simulator.Url().rfind("https://", 0) == 0);
  }
  std::filesystem::remove_all(folder);
}

TEST_CASE("the control endpoint accepts faults and explains wrong ones") {
  Simulator simulator;
  CHECK(ParseFault(R"({"endpoint":"leads","action":"status","status":503})")
            .ok());
  CHECK_FALSE(ParseFault(R"({"action":"explode"})").ok());
  CHECK_FALSE(ParseFault(R"({"colour":"red"})").ok());
  const std::string answer = Get(simulator, "/_simulator/truth", "");
  CHECK(StatusOf(answer) == 200);
  CHECK(answer.find("operator_connect_leads") != std::string::npos);
}

}  // namespace operator_connect::simulator
