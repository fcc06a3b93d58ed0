#include "exporter/live_platform/numbers_reader.h"

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <string>
#include <utility>

#include "tests/support/records_reader.h"

namespace operator_connect::live_platform {
namespace {

using Kind = NumberCount::Kind;
// Numbers by the label values of their count, separated by a slash.
using Counts = std::map<std::string, std::uint32_t>;

constexpr char kTenant[] = "1f00";
// 2024-06-01T12:00:00Z
constexpr WallTime kNow{std::chrono::seconds(1717243200)};

// The result of a response.
struct Answer {
  explicit Answer(const std::string& body) {
    reader.Expect(kTenant, kNow);
    REQUIRE_FALSE(ReadBody(reader, body).has_value());
    total = reader.Total();
  }

  Counts Of(Kind kind) const {
    const NumberLabels& labels = reader.labels();
    Counts counts;
    for (const NumberCount& count : total.counts) {
      if (count.kind != kind) continue;
      std::string key;
      if (kind != Kind::kAcquiredStatus && kind != Kind::kAvailable &&
          kind != Kind::kCode) {
        key = labels.assignment_statuses.label(count.status);
      }
      if (const LabelIds* const values = ValuesOf(kind, labels)) {
        if (!key.empty()) key += '/';
        key += values->label(count.value);
      }
      counts[key] += count.numbers;
    }
    return counts;
  }

  TenantNumbersReader reader;
  TenantNumbers total;
};

Answer Number(const std::string& members) {
  return Answer("[{" + members + "}]");
}

TEST_CASE("a number is counted by each of its values") {
  const Answer answer = Number(
      R"("id":12345,"tenantId":"1F00","telephoneNumber":"+12345678901",)"
      R"("assignmentStatus":"Active","acquiredCapabilities":["calling"],)"
      R"("availableCapabilities":["calling","sms"],"acquiredNumberStatus":0,)"
      R"("aslcht":"2024-01-15T10:30:00Z","sbcList":[{"tenantId":"x"}])");
  CHECK(answer.total.numbers == 1);
  CHECK(answer.Of(Kind::kStatus) == Counts{{"Active", 1}});
  CHECK(answer.Of(Kind::kAcquired) == Counts{{"Active/calling", 1}});
  CHECK(answer.Of(Kind::kAvailable) == Counts{{"calling", 1}, {"sms", 1}});
  CHECK(answer.Of(Kind::kAcquiredStatus) == Counts{{"0", 1}});
  CHECK(answer.total.never_checked == 0);
  CHECK(answer.total.oldest_check.has_value());
  CHECK(answer.total.failed == 0);
}

TEST_CASE("a number without fields is a number") {
  const Answer answer("[{},{}]");
  CHECK(answer.total.numbers == 2);
  CHECK(answer.Of(Kind::kStatus) == Counts{{"unknown", 2}});
  CHECK(answer.Of(Kind::kAcquired).empty());
  CHECK(answer.Of(Kind::kAvailable).empty());
  CHECK(answer.Of(Kind::kAcquiredStatus) == Counts{{"unknown", 2}});
  CHECK(answer.total.never_checked == 2);
}

TEST_CASE("nulls and empty texts equal missing fields") {
  for (const char* value : {"null", "\"\"", "[]", "{}"}) {
    CAPTURE(value);
    const std::string is = std::string("\":") + value;
    const Answer answer =
        Number("\"assignmentStatus" + is + ",\"acquiredCapabilities" + is +
               ",\"acquiredNumberStatus" + is + ",\"aslcht" + is +
               ",\"aslvCode" + is + ",\"tenantId" + is);
    CHECK(answer.Of(Kind::kStatus) == Counts{{"unknown", 1}});
    CHECK(answer.Of(Kind::kAcquired).empty());
    CHECK(answer.Of(Kind::kAcquiredStatus) == Counts{{"unknown", 1}});
    CHECK(answer.total.never_checked == 1);
    CHECK(answer.total.failed == 0);
  }
}

TEST_CASE("a repeated capability counts once") {
  const Answer answer = Number(R"("acquiredCapabilities":["sms","sms"],)"
                               R"("availableCapabilities":["sms","sms"])");
  CHECK(answer.Of(Kind::kAcquired) == Counts{{"unknown/sms", 1}});
  CHECK(answer.Of(Kind::kAvailable) == Counts{{"sms", 1}});
}

TEST_CASE("a capability can be a text instead of an array") {
  CHECK(Number(R"("acquiredCapabilities":"calling")").Of(Kind::kAcquired) ==
        Counts{{"unknown/calling", 1}});
}

TEST_CASE("the known state in an array counts") {
  CHECK(Number(R"("assignmentStatus":["New","VoiceApp"])").Of(Kind::kStatus) ==
        Counts{{"VoiceApp", 1}});
}

TEST_CASE("an acquired status is shown unchanged, of any type") {
  CHECK(Answer(R"([{"acquiredNumberStatus":1},{"acquiredNumberStatus":"1"}])")
            .Of(Kind::kAcquiredStatus) == Counts{{"1", 2}});
}

TEST_CASE("a verification failed from 400 on, in either field") {
  for (const char* code :
       {R"("aslvCode":400)", R"("aslvCode":"500")", R"("alsvcode":"404")",
        R"("aslvCode":null,"alsvcode":404)", R"("aslvCode":"","alsvcode":404)",
        R"("aslvCode":[503])", R"("alsvcode":99999999999999999999)"}) {
    CAPTURE(code);
    CHECK(Number(code).total.failed == 1);
  }
  for (const char* code :
       {R"("aslvCode":399)", R"("aslvCode":"200")", R"("aslvCode":-400)",
        R"("aslvCode":"x")", R"("aslvCode":200,"alsvcode":null)"}) {
    CAPTURE(code);
    CHECK(Number(code).total.failed == 0);
  }
}

// A written form of a field, and its result for one number.
struct Form {
  const char* json;
  const char* value;
};

constexpr const char* kAbsentForms[] = {"null",   "\"\"",   "[]",  "{}",
                                        "[null]", "[\"\"]", "[{}]"};
constexpr const char* kZeroForms[] = {
    "\"00000000-0000-0000-0000-000000000000\"",
    "0",
    "\"{00000000-0000-0000-0000-000000000000}\"",
    "\" \"",
    "false",
    "[\"00000000-0000-0000-0000-000000000000\"]"};

// The counts of a kind for a number with this field.
Counts Field(const char* name, const std::string& json, Kind kind) {
  return Number("\"" + std::string(name) + "\":" + json).Of(kind);
}

TEST_CASE("a field without a value counts as such, in every form") {
  for (const char* json : kAbsentForms) {
    CAPTURE(json);
    CHECK(Field("isoCountryCode", json, Kind::kNoLocation) ==
          Counts{{"unknown/unknown", 1}});
    CHECK(Field("source", json, Kind::kSource) ==
          Counts{{"unknown/ocsync", 1}});
    CHECK(Field("callingProfileId", json, Kind::kProfile) ==
          Counts{{"unknown/none", 1}});
    CHECK(Field("sbcList", json, Kind::kSbc) == Counts{{"unknown/none", 1}});
    CHECK(Field("aslvCode", json, Kind::kCode) == Counts{{"unknown", 1}});
    CHECK(Field("acquiredNumberStatus", json, Kind::kAcquiredStatus) ==
          Counts{{"unknown", 1}});
    CHECK(Field("locationId", json, Kind::kCountry).empty());
    CHECK(Field("civicAddressId", json, Kind::kCountry).empty());
  }
  CHECK(Number("").Of(Kind::kSbc) == Counts{{"unknown/none", 1}});
  CHECK(Number("").Of(Kind::kSource) == Counts{{"unknown/ocsync", 1}});
}

TEST_CASE("an id of zeros counts as unset") {
  for (const char* json : kZeroForms) {
    CAPTURE(json);
    CHECK(Field("callingProfileId", json, Kind::kProfile) ==
          Counts{{"unknown/none", 1}});
    CHECK(Field("locationId", json, Kind::kNoLocation).size() == 1);
    CHECK(Field("civicAddressId", json, Kind::kNoLocation).size() == 1);
  }
}

TEST_CASE("a number has a location by either of two fields") {
  for (const char* name : {"locationId", "civicAddressId"}) {
    for (const char* json : {"\"loc-123\"", "7", "[\"loc\"]"}) {
      CHECK(Field(name, json, Kind::kCountry) ==
            Counts{{"unknown/unknown", 1}});
    }
  }
}

TEST_CASE("a country is two letters, in upper case") {
  for (const auto& [json, value] :
       {Form{"\"US\"", "US"}, Form{"\"us\"", "US"}, Form{"[\"Us\"]", "US"},
        Form{"[\"x\",\"de\",\"fr\"]", "DE"}, Form{"\"USA\"", "unknown"},
        Form{"\"U\"", "unknown"}, Form{"\"U1\"", "unknown"},
        Form{"44", "unknown"}, Form{"\"\u00fc\"", "unknown"},
        Form{"true", "unknown"}}) {
    CAPTURE(json);
    CHECK(Field("isoCountryCode", json, Kind::kNoLocation) ==
          Counts{{std::string("unknown/") + value, 1}});
  }
}

TEST_CASE("a source passes unchanged, of any type") {
  for (const auto& [json, value] :
       {Form{"\"webapi\"", "webapi"}, Form{"[\"webapi\",\"x\"]", "webapi"},
        Form{"5", "5"}, Form{"\"a@b.example\"", "redacted"}}) {
    CHECK(Field("source", json, Kind::kSource) ==
          Counts{{std::string("unknown/") + value, 1}});
  }
}

TEST_CASE("a calling profile is shown in lower case") {
  for (const auto& [json, value] :
       {Form{"\"AB-01\"", "ab-01"}, Form{"12", "12"}, Form{"[\"A\"]", "a"}}) {
    CHECK(Field("callingProfileId", json, Kind::kProfile) ==
          Counts{{std::string("unknown/") + value, 1}});
  }
}

TEST_CASE("a code is the string of its digits, in either field") {
  for (const char* members :
       {R"("aslvCode":404)", R"("aslvCode":"404")", R"("alsvcode":404)",
        R"("aslvCode":null,"alsvcode":"404")", R"("aslvCode":[404])",
        R"("alsvcode":500,"aslvCode":"404")"}) {
    CAPTURE(members);
    CHECK(Number(members).Of(Kind::kCode) == Counts{{"404", 1}});
  }
}

TEST_CASE("an SBC has a name, else a host, else an id") {
  for (const auto& [json, value] :
       {Form{R"([{"sbcName":"n","fqdn":"f","sbcId":1}])", "n"},
        Form{R"([{"sbcId":1,"fqdn":"f"}])", "f"},
        Form{R"([{"sbcName":"","fqdn":null,"sbcId":1}])", "1"},
        Form{R"([{"sbcId":"1"}])", "1"}, Form{R"({"sbcName":"n"})", "n"},
        Form{R"([{"sbcName":["n","m"]}])", "n"},
        Form{R"([{"sbcName":{"x":"n"},"fqdn":"f"}])", "f"},
        Form{R"([{"x":{"sbcName":"n"}},{"sbcName":"a","sbcName":"b"}])", "b"},
        Form{R"("n")", "n"}, Form{R"(["n"])", "n"},
        Form{R"([{"port":5061},{"fqdn":"f"}])", "f"},
        Form{R"([[{"sbcName":"n"}]])", "none"},
        Form{R"([{"port":5061}])", "none"}}) {
    CAPTURE(json);
    CHECK(Field("sbcList", json, Kind::kSbc) ==
          Counts{{std::string("unknown/") + value, 1}});
  }
}

TEST_CASE("a number counts once for each different SBC") {
  CHECK(Field("sbcList",
              R"([{"sbcName":"a"},{"fqdn":"a"},{"sbcId":2},{"sbcName":"a"}])",
              Kind::kSbc) == Counts{{"unknown/2", 1}, {"unknown/a", 1}});
}

TEST_CASE("dates count from the start of the read") {
  const auto acquired = [](const char* date) {
    return Number(std::string("\"acquiredOn\":") + date).total;
  };
  CHECK(acquired(R"("2024-05-31T12:00:00Z")").acquired[0] == 1);
  CHECK(acquired(R"("2024-05-31T11:59:59.9999999Z")").acquired[0] == 0);
  CHECK(acquired(R"(["2024-05-25T12:00:00"])").acquired[1] == 1);
  CHECK(acquired(R"("2030-01-01T00:00:00+00:00")").acquired[0] == 1);
  CHECK(acquired(R"("2030-01-01")").first_acquired.has_value());
  for (const char* none : {"null", "\"\"", "\"0001-01-01T00:00:00\"", "5",
                           "\"1999-12-31T23:59:59Z\"", "[]", "{}"}) {
    CAPTURE(none);
    CHECK(acquired(none).acquired[2] == 0);
    CHECK_FALSE(acquired(none).first_acquired.has_value());
  }
}

TEST_CASE("an Unassigned number is idle since its status or acquisition") {
  const auto idle = [](const char* status, const char* members) {
    return Number("\"assignmentStatus\":\"" + std::string(status) + "\"," +
                  members)
        .total.idle[0];
  };
  const char* const old = R"("aslsct":"2024-01-01T00:00:00Z")";
  CHECK(idle("Unassigned", old) == 1);
  CHECK(idle("UserAssigned", old) == 0);
  CHECK(idle("unassigned", old) == 0);
  CHECK(idle("Unassigned", R"("aslsct":null,"acquiredOn":"2024-01-01")") == 1);
  CHECK(idle("Unassigned", R"("whenCreated":"2024-01-01")") == 1);
  CHECK(idle("Unassigned",
             R"("aslsct":"2024-05-31","acquiredOn":"2020-01-01")") == 0);
  CHECK(idle("Unassigned",
             R"("acquiredOn":"2024-05-31","whenCreated":"2020-01-01")") == 0);
  CHECK(idle("Unassigned", R"("aslsct":"2030-01-01")") == 0);
  CHECK(idle("Unassigned", R"("aslsct":"0001-01-01T00:00:00")") == 0);
}

TEST_CASE("a check in the year 1 is none") {
  CHECK(Number(R"("aslcht":"0001-01-01T00:00:00")").total.never_checked == 1);
}

TEST_CASE("numbers of another tenant are reported and not counted") {
  const Answer answer(
      R"([{"tenantId":"1f00"},{"tenantId":"2f00"},{"tenantId":"1f0"}])");
  CHECK(answer.reader.mismatched() == 2);
  CHECK(answer.total.numbers == 1);
}

TEST_CASE("every number counts, also repeated ones") {
  CHECK(Answer(R"([{"id":1},{"id":1}])").total.numbers == 2);
}

TEST_CASE("another response starts at zero, with the same label ids") {
  Answer answer(R"([{"assignmentStatus":"New"},{"tenantId":"2f00"}])");
  REQUIRE_FALSE(
      ReadBody(answer.reader, R"([{"assignmentStatus":"New"}])").has_value());
  CHECK(answer.reader.mismatched() == 0);
  const TenantNumbers second = answer.reader.Total();
  CHECK(second.numbers == 1);
  const auto status_of = [](const TenantNumbers& numbers) {
    for (const NumberCount& count : numbers.counts) {
      if (count.kind == Kind::kStatus) return count.status;
    }
    return LabelIds::Id{0};
  };
  CHECK(status_of(second) == status_of(answer.total));
}

TEST_CASE("a number's identity is tenant and id, or telephone number") {
  // The identity of each record.
  class Identities : public RecordsReader {
   public:
    Identities() : RecordsReader(NumberRecordTally::Fields()) {}
    std::vector<std::uint64_t> found;

   private:
    void OnRestart() override { found.clear(); }
    void OnRecord(const Record& record) override {
      found.push_back(tally_.IdentityOf(record));
    }

    NumberRecordTally tally_;
  } reader;
  ReadBody(reader,
           R"([{"tenantId":"A","id":1},{"tenantId":"a","id":"1","x":2},)"
           R"({"tenantId":"b","id":1},{"tenantId":"a","telephoneNumber":"2"},)"
           R"({"tenantId":"a"}])");
  REQUIRE(reader.found.size() == 5);
  CHECK(reader.found[0] == reader.found[1]);
  CHECK(reader.found[0] != reader.found[2]);
  CHECK(reader.found[0] != reader.found[3]);
  CHECK(reader.found[3] != 0);
  CHECK(reader.found[4] == 0);
}

TEST_CASE("a page is forgotten when the next one is read") {
  const NumbersPageReader::Places places = {{"a", 0}};
  NumbersPageReader reader(places, kNow);
  REQUIRE_FALSE(ReadBody(reader,
                         R"({"currentPage":2,"totalPages":3,"totalRecords":7,)"
                         R"("data":[{"tenantId":"A","id":1},{"id":2},)"
                         R"({"tenantId":"c","id":3}]})")
                    .has_value());
  CHECK(reader.current_page() == 2);
  CHECK(reader.total_pages() == 3);
  CHECK(reader.total_records() == 7);
  CHECK(reader.unwanted() == NumbersByTenant{{"c", 1}});
  CHECK(reader.nameless() == 1);
  CHECK(reader.fingerprint() != 0);
  CHECK(reader.tallies().at(0).Total().numbers == 1);
  REQUIRE_FALSE(ReadBody(reader, R"({"data":[]})").has_value());
  CHECK_FALSE(reader.current_page().has_value());
  CHECK_FALSE(reader.total_pages().has_value());
  CHECK_FALSE(reader.total_records().has_value());
  CHECK(reader.unwanted().empty());
  CHECK(reader.nameless() == 0);
  CHECK(reader.fingerprint() == 0);
  CHECK(reader.tallies().empty());
}

TEST_CASE("endless tenants share one count") {
  NumbersByTenant by_tenant;
  for (int i = 0; i < 100'000; ++i)
    CountNumbers(std::to_string(i), 1, by_tenant);
  CountNumbers("0", 2, by_tenant);
  CountNumbers("one more", 3, by_tenant);
  CountNumbers("and another", 4, by_tenant);
  CHECK(by_tenant.size() == 100'001);
  CHECK(by_tenant.at("0") == 3);
  CHECK(by_tenant.at("") == 7);
}

}  // namespace
}  // namespace operator_connect::live_platform
