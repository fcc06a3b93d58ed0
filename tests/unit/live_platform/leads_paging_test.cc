#include "exporter/live_platform/leads_paging.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/support/records_reader.h"

namespace operator_connect::live_platform {
namespace {

using Requests = std::vector<Client::LeadsRequest>;

// A platform with the bodies of some pages, and an empty array for all others.
struct Platform {
  std::map<int, std::string> pages;
  config::Account account;
  Requests requests = {};
  std::uint64_t malformed = 0;
  // Another collection was whole, so page 0 need not be read.
  LeadsBefore before = {.whole = true, .tenants = {}};
  std::string notes = {};  // each ends with a newline
  // Replaces `pages`.
  std::function<std::string(const Client::LeadsRequest&)> answer = {};

  explicit Platform(int page_size, std::map<int, std::string> bodies = {})
      : pages(std::move(bodies)) {
    account.leads.page_size = page_size;
  }

  Result<AllLeads, http_client::Failure> ReadAll() {
    return ReadAllLeads(
        account, before,
        [this](const Client::LeadsRequest& request,
               ResponseReader& reader) -> Result<Done, http_client::Failure> {
          requests.push_back(request);
          const auto found = pages.find(request.page_number);
          const std::string body = answer                 ? answer(request)
                                   : found == pages.end() ? "[]"
                                                          : found->second;
          if (body.starts_with("status ")) {
            const int status = std::stoi(body.substr(7));
            return http_client::Failure{http_client::Failure::Kind::kStatus,
                                        status, "status " + body.substr(7)};
          }
          std::optional<http_client::Failure> failure = ReadBody(reader, body);
          if (failure) return *std::move(failure);
          return Done();
        },
        [this](const std::string& seen) { notes += seen + '\n'; }, malformed);
  }

  // The ids of all leads, each followed by a space.
  std::string Ids() {
    const auto read = ReadAll();
    REQUIRE(read.ok());
    std::string ids;
    for (const Lead& lead : read->leads) ids += lead.id + ' ';
    return ids;
  }

  std::string FailureDetail() {
    const auto read = ReadAll();
    REQUIRE_FALSE(read.ok());
    return read.error().detail;
  }

  std::string AskedFor() const {
    std::string numbers;
    for (const auto& request : requests) {
      numbers += std::to_string(request.page_number) + ' ';
    }
    return numbers;
  }
};

// A page of leads with these ids; '-' is an element that is not an object.
std::string Page(const std::string& ids) {
  std::string body = "[";
  for (const char id : ids) {
    if (body.size() > 1) body += ',';
    body += id == '-' ? "null" : std::string(R"({"id":")") + id + "\"}";
  }
  return body + "]";
}

// A page of these leads.
std::string PageOf(const std::string& leads, int page, int page_size) {
  const auto begin =
      std::min(leads.size(), static_cast<std::size_t>(page) *
                                 static_cast<std::size_t>(page_size));
  return Page(leads.substr(begin, static_cast<std::size_t>(page_size)));
}

TEST_CASE("paging ends right after an empty page") {
  Platform platform(2, {{1, Page("ab")}, {2, Page("cd")}, {3, Page("e")}});
  CHECK(platform.Ids() == "a b c d e ");
  CHECK(platform.AskedFor() == "1 2 3 4 ");
  CHECK(platform.requests[0].page_size == 2);
  CHECK(platform.notes.empty());
}

TEST_CASE("leads on one page take two requests") {
  Platform platform(9, {{1, Page("abc")}});
  CHECK(platform.Ids() == "a b c ");
  CHECK(platform.AskedFor() == "1 2 ");
}

TEST_CASE("a short page in the middle proves nothing") {
  Platform platform(3, {{1, Page("abc")}, {2, Page("d")}, {3, Page("efg")}});
  CHECK(platform.Ids() == "a b c d e f g ");
  CHECK(platform.AskedFor() == "1 2 3 4 ");
}

TEST_CASE("after leads 404, 204 or null twice is an empty page") {
  for (const char* body : {"status 404", "status 204", "null", " null\n"}) {
    CAPTURE(body);
    Platform platform(9, {{1, Page("ab")}, {2, body}});
    CHECK(platform.Ids() == "a b ");
    CHECK(platform.AskedFor() == "1 2 2 ");
  }
}

TEST_CASE("after leads a page that arrives at the second request is read") {
  Platform platform(2);
  int asked = 0;
  platform.answer = [&](const Client::LeadsRequest& request) -> std::string {
    if (request.page_number == 2 && ++asked == 1) return "status 404";
    return PageOf("abcd", request.page_number - 1, request.page_size);
  };
  CHECK(platform.Ids() == "a b c d ");
}

TEST_CASE("after leads anything else is a failure") {
  for (const char* body :
       {"status 500", "status 403", "{}", "nullify", "", "[null]"}) {
    CAPTURE(body);
    Platform platform(9, {{1, Page("ab")}, {2, body}});
    CHECK(platform.FailureDetail().find("page 2: ") == 0);
  }
}

TEST_CASE("404, 204 and null on the first page are failures") {
  for (const char* body : {"status 404", "status 204", "null"}) {
    CAPTURE(body);
    Platform platform(9, {{1, body}});
    CHECK(platform.FailureDetail().find("page 1: ") == 0);
    CHECK(platform.AskedFor() == "1 ");
  }
}

TEST_CASE("pages that moved are read once more, with another page size") {
  Platform platform(3);
  platform.answer = [](const Client::LeadsRequest& request) {
    // d comes before c, and then after it.
    const std::string leads = request.page_number == 1 ? "abdcef" : "abcdef";
    return PageOf(leads, request.page_number - 1, request.page_size);
  };
  CHECK(platform.Ids() == "a b d c e f ");
  CHECK(platform.notes ==
        "page 2 repeated 1 lead of page 1; reading again, 10 a page\n");
  CHECK(platform.requests[0].page_size == 3);
  CHECK(platform.requests[3].page_size == 10);
  CHECK(platform.AskedFor() == "1 2 3 1 2 ");
}

TEST_CASE("a last page with one known lead shows that pages moved") {
  Platform platform(3);
  platform.answer = [](const Client::LeadsRequest& request) {
    const std::string leads = request.page_number == 1 ? "abcd" : "abdc";
    return PageOf(leads, request.page_number - 1, request.page_size);
  };
  CHECK(platform.Ids() == "a b c d ");
}

TEST_CASE("a platform without any order is read whole or not at all") {
  std::mt19937 random(1);
  std::string leads = "abcdefghijklmnopqrstuvwxyz";
  const auto shuffled = [&](int cap) {
    return [&random, &leads, cap](const Client::LeadsRequest& request) {
      std::shuffle(leads.begin(), leads.end(), random);
      return PageOf(leads, request.page_number - 1,
                    std::min(cap, request.page_size));
    };
  };
  Platform free(10);
  free.answer = shuffled(20'000);
  CHECK(free.ReadAll()->leads.size() == 26);
  Platform capped(10);
  capped.answer = shuffled(5);
  const auto read = capped.ReadAll();
  REQUIRE_FALSE(read.ok());
  CHECK(read.error().Reason() == "unstable");
  CHECK(read.error().detail.find("page_size that holds all leads helps") !=
        std::string::npos);
}

TEST_CASE("a platform that cuts pages is read with smaller ones") {
  Platform platform(9);
  const std::string leads = "abcdefgg";
  platform.answer = [&](const Client::LeadsRequest& request) {
    return PageOf(leads, request.page_number - 1,
                  std::min(7, request.page_size));
  };
  CHECK(platform.Ids() == "a b c d e f g ");
  CHECK(platform.requests.back().page_size == 5);
}

TEST_CASE("a lead that is always listed twice counts once, after two reads") {
  Platform platform(2, {{1, Page("ab")}, {2, Page("bc")}});
  CHECK(platform.Ids() == "a b c ");
  CHECK(platform.AskedFor() == "1 2 3 1 2 3 ");
}

TEST_CASE("a lead that repeats on one page is ignored, in any case") {
  Platform platform(3, {{1, Page("aAb")}, {2, Page("c")}});
  CHECK(platform.Ids() == "a b c ");
  CHECK(platform.notes.empty());
}

TEST_CASE("a platform that starts over after a short page is read once") {
  Platform platform(2, {{1, Page("ab")}, {2, Page("c")}, {3, Page("ab")}});
  CHECK(platform.Ids() == "a b c ");
  CHECK(platform.AskedFor() == "1 2 3 ");
}

TEST_CASE("a platform that starts over after a full page is read twice") {
  Platform platform(2, {{1, Page("ab")}, {2, Page("cd")}, {3, Page("ba")}});
  CHECK(platform.Ids() == "a b c d ");
  CHECK(platform.AskedFor() == "1 2 3 1 2 3 ");
  CHECK(platform.notes ==
        "page 3 has the same leads as page 1; reading again, 8 a page\n");
}

TEST_CASE("a platform that starts over too early is a failure") {
  Platform platform(2);
  platform.answer = [](const Client::LeadsRequest& request) {
    const std::string all = "abcdefghijklmnopqrstuvwxyz";
    const auto page = static_cast<std::size_t>((request.page_number - 1) % 2);
    const auto size = static_cast<std::size_t>(request.page_size);
    return Page(all.substr(page * size, size));
  };
  CHECK(platform.FailureDetail().find(
            "page 3 has the same leads as page 1, as in the read before") == 0);
}

TEST_CASE("a second read that fails fails the whole") {
  Platform platform(2);
  platform.answer = [](const Client::LeadsRequest& request) -> std::string {
    if (request.page_size != 2) return "status 400";
    if (request.page_number > 2) return "[]";
    return request.page_number == 1 ? Page("ab") : Page("bc");
  };
  CHECK(platform.FailureDetail() == "page 1: status 400");
  CHECK(platform.AskedFor() == "1 2 3 1 ");
}

// Leads a, b, … of the tenants ta, tb, …
std::string Tenants(const std::string& ids) {
  std::string body = "[";
  for (const char id : ids) {
    if (body.size() > 1) body += ',';
    body += std::string(R"({"id":")") + id + R"(","tenantId":"t)" + id + "\"}";
  }
  return body + "]";
}

std::vector<std::string> Ids(const std::string& ids) {
  std::vector<std::string> tenants;
  for (const char id : ids) tenants.push_back(std::string("t") + id);
  return tenants;
}

TEST_CASE("a response without most tenants is read once more") {
  Platform platform(99);
  platform.before.tenants = Ids("abcdefghijklmnopqrst");
  int reads = 0;
  platform.answer = [&](const Client::LeadsRequest& request) -> std::string {
    if (request.page_number > 1) return "[]";
    return ++reads == 1 ? "[]" : Tenants("abcdefghijklmnopqrst");
  };
  CHECK(platform.ReadAll()->leads.size() == 20);
  CHECK(platform.AskedFor() == "1 1 2 ");
  CHECK(platform.notes == "20 of 20 tenants are gone; reading again\n");
}

TEST_CASE("a response without most tenants twice is believed") {
  Platform platform(99, {{1, Tenants("abcdefghi")}});
  platform.before.tenants = Ids("abcdefghijklmnopqrst");
  const auto read = platform.ReadAll();
  REQUIRE(read.ok());
  CHECK(read->leads.size() == 9);
  CHECK(read->tenants == Ids("abcdefghi"));
  CHECK(platform.AskedFor() == "1 2 1 2 ");
}

TEST_CASE("a response without half of them, or nine, is believed at once") {
  Platform half(99, {{1, Tenants("abcdefghij")}});
  half.before.tenants = Ids("abcdefghijklmnopqrst");
  CHECK(half.ReadAll().ok());
  CHECK(half.AskedFor() == "1 2 ");
  Platform nine(99);
  nine.before.tenants = Ids("abcdefghi");
  CHECK(nine.ReadAll().ok());
  CHECK(nine.AskedFor() == "1 ");
}

TEST_CASE("the tenants are those of all leads, each once, in order") {
  Platform platform(99,
                    {{1, Tenants("cab")}, {2, R"([{"tenantId":"TA"},{}])"}});
  CHECK(platform.ReadAll()->tenants == Ids("abc"));
}

TEST_CASE("elements that are not objects are counted") {
  Platform platform(2, {{1, Page("a-")}, {2, Page("-b")}, {3, Page("c")}});
  CHECK(platform.Ids() == "a b c ");
  CHECK(platform.malformed == 2);
}

TEST_CASE("ids with the same label are different leads") {
  // Both redacted, cut to the same, or not UTF-8.
  const std::string start(128, 'x');
  for (const auto& [one, other] :
       {std::pair<std::string, std::string>("a@b.c", "d@e.f"),
        {"urn:+1234567a", "urn:+1234567b"},
        {start + "a", start + "b"},
        {"\xFE", "\xFF"}}) {
    CAPTURE(one);
    const std::string first = R"([{"id":")" + one + "\"}]";
    Platform platform(9, {{1, first}, {2, R"([{"id":")" + other + "\"}]"}});
    const auto read = platform.ReadAll();
    REQUIRE(read.ok());
    CHECK(read->leads.size() == 2);
    CHECK(read->leads.front().id == read->leads.back().id);
    Platform same(9, {{1, first}, {2, first}});
    CHECK(same.FailureDetail().find("ignores PageNumber") != std::string::npos);
  }
}

TEST_CASE("a lead is kept without its key") {
  Platform platform(2, {{1, R"([{"id":"a@b.c"}])"}});
  CHECK(platform.ReadAll()->leads.front().key.empty());
}

TEST_CASE("no company is kept if none is shown") {
  const std::string page =
      R"([{"id":"a","contactDetails":{"companyName":"Contoso"}}])";
  Platform platform(2, {{1, page}});
  CHECK(platform.ReadAll()->leads.at(0).company == "Contoso");
  platform.account.leads.company = false;
  CHECK(platform.ReadAll()->leads.at(0).company.empty());
}

TEST_CASE("leads without an id count each") {
  Platform platform(2, {{1, R"([{"status":"Active"},{}])"}, {2, "[{}]"}});
  CHECK(platform.ReadAll()->leads.size() == 3);
}

TEST_CASE("a page like the one before is a failure at any length") {
  Platform full(2, {{1, Page("ab")}, {2, Page("ba")}});
  CHECK(full.FailureDetail().find("page 2: ") == 0);
  Platform short_one(9, {{1, Page("ab")}, {2, Page("ab")}});
  CHECK(short_one.FailureDetail().find("ignores PageNumber") !=
        std::string::npos);
  Platform one_twice(9, {{1, Page("ab")}, {2, Page("aba")}});
  CHECK(one_twice.FailureDetail().find("ignores PageNumber") !=
        std::string::npos);
  Platform without_ids(
      9, {{1, R"([{"status":"x"}])"}, {2, R"([{"status":"x"}])"}});
  CHECK(without_ids.FailureDetail().find("ignores PageNumber") !=
        std::string::npos);
}

TEST_CASE("a page that fails is named, and fails the whole") {
  Platform platform(2, {{1, Page("ab")}, {2, "status 503"}});
  CHECK(platform.FailureDetail() == "page 2: status 503");
  Platform html(2, {{1, "<html>"}});
  CHECK(html.FailureDetail() == "page 1: HTML or XML instead of JSON");
}

TEST_CASE("malformed elements before a failure are counted") {
  Platform platform(2, {{1, Page("a-")}, {2, "status 503"}});
  CHECK_FALSE(platform.ReadAll().ok());
  CHECK(platform.malformed >= 1);
}

TEST_CASE("an account without leads has none") {
  Platform platform(2);
  CHECK(platform.Ids().empty());
  CHECK(platform.AskedFor() == "1 ");
}

TEST_CASE("until a collection was whole the page before is read, once") {
  Platform platform(2, {{1, Page("ab")}, {2, Page("c")}});
  platform.before.whole = false;
  CHECK(platform.Ids() == "a b c ");
  CHECK(platform.AskedFor() == "1 2 3 0 ");
  CHECK_FALSE(platform.requests[3].repeat);
}

TEST_CASE("new leads on the page before name the key to set") {
  Platform platform(2, {{0, Page("ab")}, {1, Page("cd")}, {2, Page("e")}});
  platform.before.whole = false;
  platform.account.name = "emea";
  CHECK(platform.FailureDetail() ==
        "page 0 has 2 leads that no other page has: set "
        "accounts[emea].leads.first_page to 0");
}

TEST_CASE("known leads on the page before are ignored") {
  Platform platform(2, {{0, Page("ab")}, {1, Page("ab")}, {2, Page("c")}});
  platform.before.whole = false;
  CHECK(platform.Ids() == "a b c ");
}

TEST_CASE("anything but leads on the page before is ignored") {
  for (const char* body :
       {"[]", "status 500", "status 404", "<html>", "[null]", "{}", "null"}) {
    CAPTURE(body);
    Platform empty(2, {{0, body}});
    empty.before.whole = false;
    CHECK(empty.Ids().empty());
    CHECK(empty.AskedFor() == "1 0 ");
    Platform platform(2, {{0, body}, {1, Page("a")}});
    platform.before.whole = false;
    CHECK(platform.Ids() == "a ");
  }
}

TEST_CASE("leads after an empty page 0 name the key to set") {
  Platform platform(2, {{1, Page("ab")}, {2, Page("c")}});
  platform.before.whole = false;
  platform.account.leads.first_page = 0;
  CHECK(platform.FailureDetail().find("leads.first_page to 1") !=
        std::string::npos);
  CHECK(platform.AskedFor() == "0 1 ");
}

TEST_CASE("with first_page 0 and leads there, nothing else is read") {
  Platform platform(2, {{0, Page("ab")}, {1, Page("c")}});
  platform.before.whole = false;
  platform.account.leads.first_page = 0;
  CHECK(platform.Ids() == "a b c ");
  CHECK(platform.AskedFor() == "0 1 2 ");
}

TEST_CASE("paging begins at first_page") {
  Platform platform(2, {{0, Page("ab")}, {1, Page("c")}});
  platform.account.leads.first_page = 0;
  CHECK(platform.Ids() == "a b c ");
}

TEST_CASE("checkOnline is only sent with the first page") {
  Platform platform(1, {{1, Page("a")}});
  platform.account.leads.check_online = true;
  CHECK(platform.Ids() == "a ");
  REQUIRE(platform.requests.size() == 2);
  CHECK(platform.requests[0].check_online);
  CHECK_FALSE(platform.requests[1].check_online);
}

TEST_CASE("checkOnline is not sent in a second read") {
  Platform platform(2, {{1, Page("ab")}, {2, Page("bc")}});
  platform.account.leads.check_online = true;
  CHECK(platform.Ids() == "a b c ");
  CHECK(std::count_if(platform.requests.begin(), platform.requests.end(),
                      [](const Client::LeadsRequest& request) {
                        return request.check_online;
                      }) == 1);
}

TEST_CASE("checkOnline is not sent with the page before the first") {
  Platform platform(1);
  platform.before.whole = false;
  platform.account.leads.check_online = true;
  CHECK(platform.Ids().empty());
  REQUIRE(platform.requests.size() == 2);
  CHECK_FALSE(platform.requests[1].check_online);
}

TEST_CASE("leads of excluded tenants are separate") {
  Platform platform(
      2, {{1, R"([{"id":"a","tenantId":"T"},{"id":"b","tenantId":"T"}])"},
          {2, Page("c")}});
  platform.account.exclude_tenants = {"t"};
  CHECK(platform.Ids() == "c ");
}

TEST_CASE("a tenant is excluded by its id, not by its label") {
  const std::string longest(128, 't');
  Platform platform(9, {{1, R"([{"id":"a","tenantId":"x@y.z"},)"
                            R"({"id":"b","tenantId":")" +
                                longest + R"(t"},{"id":"c","tenantId":")" +
                                longest + "\"}]"}});
  platform.account.exclude_tenants = {"redacted", longest};
  CHECK(platform.Ids() == "a b ");
}

TEST_CASE("endless paging is a failure") {
  Platform platform(1);
  platform.answer = [](const Client::LeadsRequest& request) {
    return R"([{"id":")" + std::to_string(request.page_number) + "\"}]";
  };
  CHECK(platform.FailureDetail().find("paging does not end") !=
        std::string::npos);
  CHECK(platform.requests.size() == kMaxLeadPages);
}

TEST_CASE("endless leads are a failure after kMaxLeads") {
  constexpr int kPageSize = 20000;
  Platform platform(kPageSize);
  platform.answer = [](const Client::LeadsRequest& request) {
    std::string text = "[";
    for (int i = 0; i < kPageSize; ++i) {
      text += R"({"id":")" +
              std::to_string(request.page_number * kPageSize + i) + "\"},";
    }
    text.back() = ']';
    return text;
  };
  CHECK(platform.FailureDetail().find("paging does not end") !=
        std::string::npos);
  CHECK(platform.requests.size() == kMaxLeads / kPageSize + 1);
}

}  // namespace
}  // namespace operator_connect::live_platform
