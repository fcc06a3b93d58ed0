#include "exporter/live_platform/leads_paging.h"

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/support/records_reader.h"

namespace operator_connect::live_platform {
namespace {

using Requests = std::vector<Client::LeadsRequest>;

// A platform that has the body of some pages, and an empty array for others.
struct Platform {
  std::map<int, std::string> pages;
  config::Account account;
  Requests requests = {};
  std::uint64_t malformed = 0;
  // Takes the place of `pages`.
  std::function<std::string(int page)> answer = {};

  explicit Platform(int page_size, std::map<int, std::string> bodies = {})
      : pages(std::move(bodies)) {
    account.leads.page_size = page_size;
  }

  Result<AllLeads, http_client::Failure> ReadAll() {
    return ReadAllLeads(
        account,
        [this](const Client::LeadsRequest& request,
               AnswerReader& reader) -> Result<Done, http_client::Failure> {
          requests.push_back(request);
          const auto found = pages.find(request.page_number);
          const std::string body = answer ? answer(request.page_number)
                                   : found == pages.end() ? "[]"
                                                          : found->second;
          if (body == "down") {
            return http_client::Failure{http_client::Failure::Kind::kStatus,
                                        503, "the platform is down"};
          }
          std::optional<http_client::Failure> failure = ReadBody(reader, body);
          if (failure) return *std::move(failure);
          return Done();
        },
        malformed);
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

// A page of leads with these ids; '-' is an element that is no object.
std::string Page(const std::string& ids) {
  std::string body = "[";
  for (const char id : ids) {
    if (body.size() > 1) body += ',';
    body += id == '-' ? "null" : std::string(R"({"id":")") + id + "\"}";
  }
  return body + "]";
}

TEST_CASE("paging ends after a page that is not full") {
  Platform platform(2, {{1, Page("ab")}, {2, Page("cd")}, {3, Page("e")}});
  CHECK(platform.Ids() == "a b c d e ");
  CHECK(platform.AskedFor() == "1 2 3 ");
  CHECK(platform.requests[0].page_size == 2);
}

TEST_CASE("paging ends after an empty page") {
  Platform platform(2, {{1, Page("ab")}, {2, Page("cd")}});
  CHECK(platform.Ids() == "a b c d ");
  CHECK(platform.AskedFor() == "1 2 3 ");
}

TEST_CASE("elements that are no objects make a page full, and are counted") {
  Platform platform(2, {{1, Page("a-")}, {2, Page("-b")}, {3, Page("c")}});
  CHECK(platform.Ids() == "a b c ");
  CHECK(platform.malformed == 2);
}

TEST_CASE("a platform that lowers PageSize is read to its end") {
  Platform platform(9, {{1, Page("ab")}, {2, Page("cd")}, {3, Page("e")}});
  CHECK(platform.Ids() == "a b c d e ");
  CHECK(platform.AskedFor() == "1 2 3 4 ");
}

TEST_CASE("a first page that is not full is followed by one with known ids") {
  Platform platform(9, {{1, Page("abc")}, {2, Page("ca")}});
  CHECK(platform.Ids() == "a b c ");
  CHECK(platform.AskedFor() == "1 2 ");
}

TEST_CASE("a record met twice counts once, case aside") {
  Platform platform(3, {{1, Page("aAb")}, {2, Page("Bc")}});
  CHECK(platform.Ids() == "a b c ");
}

TEST_CASE("ids that are shown alike are not the same lead") {
  // Redacted both, cut to the same, or no UTF-8.
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

TEST_CASE("a lead is kept without the key that told it from others") {
  Platform platform(2, {{1, R"([{"id":"a@b.c"}])"}});
  CHECK(platform.ReadAll()->leads.front().key.empty());
}

TEST_CASE("no company is kept where none may be shown") {
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

TEST_CASE("a page like the one before it is a failure, whatever its length") {
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

TEST_CASE("a full page of earlier pages' leads is a failure") {
  Platform platform(2, {{1, Page("ab")}, {2, Page("cd")}, {3, Page("ac")}});
  CHECK(platform.FailureDetail().find("repeats its pages") !=
        std::string::npos);
}

TEST_CASE("a page that fails fails the whole, and is named") {
  Platform platform(2, {{1, Page("ab")}, {2, "down"}});
  CHECK(platform.FailureDetail() == "page 2: the platform is down");
  Platform html(2, {{1, "<html>"}});
  CHECK(html.FailureDetail() == "page 1: HTML or XML instead of JSON");
}

TEST_CASE("what was malformed before a failure is counted") {
  Platform platform(2, {{1, Page("a-")}, {2, "down"}});
  CHECK_FALSE(platform.ReadAll().ok());
  CHECK(platform.malformed >= 1);
}

TEST_CASE("an account without leads has none") {
  Platform platform(2);
  CHECK(platform.Ids().empty());
  CHECK(platform.AskedFor() == "1 0 ");
  CHECK_FALSE(platform.requests[1].repeat);
}

TEST_CASE("records before an empty first page name the key to set") {
  Platform platform(2, {{0, Page("a")}});
  CHECK(platform.FailureDetail().find("set leads.first_page to 0") !=
        std::string::npos);
}

TEST_CASE("anything else before an empty first page is nothing") {
  for (const char* body : {"[]", "down", "<html>", "[null]", "{}"}) {
    CAPTURE(body);
    Platform platform(2, {{0, body}});
    CHECK(platform.Ids().empty());
  }
}

TEST_CASE("records behind an empty page 0 name the key to set") {
  Platform platform(2, {{1, Page("ab")}, {2, Page("c")}});
  platform.account.leads.first_page = 0;
  CHECK(platform.FailureDetail().find("set leads.first_page to 1") !=
        std::string::npos);
  CHECK(platform.AskedFor() == "0 1 ");
}

TEST_CASE("anything else behind an empty page 0 is nothing") {
  for (const char* body : {"[]", "down", "<html>", "[null]", "{}"}) {
    CAPTURE(body);
    Platform platform(2, {{1, body}});
    platform.account.leads.first_page = 0;
    platform.account.leads.check_online = true;
    CHECK(platform.Ids().empty());
    CHECK(platform.AskedFor() == "0 1 ");
    CHECK_FALSE(platform.requests[1].repeat);
    CHECK_FALSE(platform.requests[1].check_online);
  }
}

TEST_CASE("paging begins at first_page") {
  Platform platform(2, {{0, Page("ab")}, {1, Page("c")}});
  platform.account.leads.first_page = 0;
  CHECK(platform.Ids() == "a b c ");
}

TEST_CASE("checkOnline is asked for with the first page alone") {
  Platform platform(1, {{1, Page("a")}});
  platform.account.leads.check_online = true;
  CHECK(platform.Ids() == "a ");
  REQUIRE(platform.requests.size() == 2);
  CHECK(platform.requests[0].check_online);
  CHECK_FALSE(platform.requests[1].check_online);
}

TEST_CASE("checkOnline is not asked for when looking before the first page") {
  Platform platform(1);
  platform.account.leads.check_online = true;
  CHECK(platform.Ids().empty());
  REQUIRE(platform.requests.size() == 2);
  CHECK_FALSE(platform.requests[1].check_online);
}

TEST_CASE("leads of excluded tenants are apart, but make a page full") {
  Platform platform(
      2, {{1, R"([{"id":"a","tenantId":"T"},{"id":"b","tenantId":"T"}])"},
          {2, Page("c")}});
  platform.account.exclude_tenants = {"t"};
  CHECK(platform.Ids() == "c ");
}

TEST_CASE("a tenant is excluded by its id, not by what is shown of it") {
  const std::string longest(128, 't');
  Platform platform(9, {{1, R"([{"id":"a","tenantId":"x@y.z"},)"
                            R"({"id":"b","tenantId":")" +
                                longest + R"(t"},{"id":"c","tenantId":")" +
                                longest + "\"}]"}});
  platform.account.exclude_tenants = {"redacted", longest};
  CHECK(platform.Ids() == "a b ");
}

TEST_CASE("paging without an end is a failure") {
  Platform platform(1);
  platform.answer = [](int page) {
    return R"([{"id":")" + std::to_string(page) + "\"}]";
  };
  CHECK(platform.FailureDetail().find("paging does not end") !=
        std::string::npos);
  CHECK(platform.requests.size() == kMaxLeadPages);
}

TEST_CASE("leads without an end are a failure after kMaxLeads of them") {
  constexpr int kPageSize = 20000;
  Platform platform(kPageSize);
  platform.answer = [](int page) {
    std::string text = "[";
    for (int i = 0; i < kPageSize; ++i) {
      text += R"({"id":")" + std::to_string(page * kPageSize + i) + "\"},";
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
