#include "exporter/live_platform/lead.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "exporter/live_platform/labels.h"
#include "tests/support/records_reader.h"

namespace operator_connect::live_platform {
namespace {

// The lead of a record with these members.
Lead LeadOf(const std::string& members) {
  LeadsPageReader reader;
  REQUIRE_FALSE(ReadBody(reader, "[{" + members + "}]").has_value());
  REQUIRE(reader.leads().size() == 1);
  return reader.leads().front();
}

bool Licensed(const std::string& value) {
  return LeadOf("\"umpCustomerGuid\":" + value).licensed;
}

// The record of the API page, with fields as the platform sends them.
constexpr char kWhole[] = R"(
  "civicAddresses": [{"id": "7c92", "companyName": "Other", "status": "x",
      "tenantId": "1111", "locations": [{"id": "9a80"}]}],
  "comments": [], "umpCustomerGuid": null, "isNotActive": true,
  "channelId": null, "ovocChannelId": 1574, "isDirectLead": true,
  "id": "9CFCA362-453f-4005-b263-33e2b4b5e459",
  "tenantId": "A1A1F1AA-e7c1-4ffc-81e3-7b98e119324a",
  "status": "Active",
  "consentedOn": "2022-01-09T15:21:22.5762667Z",
  "lastModifiedOn": "2022-01-10T07:57:55.0623609Z",
  "contactDetails": {"fullName": "Ada", "email": "ada@example.com",
      "phoneNumber": "4255550100", "companyName": "Contoso"},
  "contacts": [{"fullName": "Ada", "companyName": "Fabrikam"}])";

TEST_CASE("all used fields of a lead are read") {
  const Lead lead = LeadOf(kWhole);
  CHECK(lead.id == "9cfca362-453f-4005-b263-33e2b4b5e459");
  CHECK(lead.key == lead.id);
  CHECK(lead.tenant_id == "a1a1f1aa-e7c1-4ffc-81e3-7b98e119324a");
  CHECK(lead.tenant == "A1A1F1AA-e7c1-4ffc-81e3-7b98e119324a");
  CHECK(lead.company == "Contoso");
  CHECK(lead.status == kLeadActive);
  CHECK(lead.direct);
  CHECK(lead.has_addresses);
  CHECK(lead.attached);
  CHECK(lead.channels == std::vector<std::int64_t>{1574});
  REQUIRE(lead.consented.has_value());
  REQUIRE(lead.modified.has_value());
  CHECK(*lead.consented < *lead.modified);
}

TEST_CASE("a lead without fields is a lead") {
  const Lead lead = LeadOf("");
  CHECK(lead.id.empty());
  CHECK(lead.tenant_id.empty());
  CHECK(lead.company.empty());
  CHECK(lead.status == kUnknown);
  CHECK_FALSE(lead.licensed);
  CHECK_FALSE(lead.direct);
  CHECK_FALSE(lead.consented.has_value());
  CHECK_FALSE(lead.attached);
}

TEST_CASE("a lead of nulls equals one without fields") {
  const Lead lead = LeadOf(
      R"("id":null,"tenantId":null,"status":null,"umpCustomerGuid":null,)"
      R"("isDirectLead":null,"civicAddresses":null,"consentedOn":null,)"
      R"("lastModifiedOn":null,"ovocChannelId":null,"contactDetails":null)");
  CHECK(lead.id.empty());
  CHECK(lead.status == kUnknown);
  CHECK_FALSE(lead.direct);
  CHECK_FALSE(lead.modified.has_value());
  CHECK_FALSE(lead.attached);
}

TEST_CASE("fields of an undocumented type are read") {
  const Lead lead = LeadOf(
      R"("id":12,"tenantId":["T"],"status":["New","Removed"],)"
      R"("umpCustomerGuid":5,"isDirectLead":"true","civicAddresses":{"id":1},)"
      R"("consentedOn":["2022-01-09"],"ovocChannelId":"7",)"
      R"("contactDetails":[{"companyName":["Contoso"]}])");
  CHECK(lead.id == "12");
  CHECK(lead.tenant_id == "t");
  CHECK(lead.status == kLeadRemoved);
  CHECK(lead.licensed);
  CHECK(lead.direct);
  CHECK(lead.has_addresses);
  CHECK(lead.consented.has_value());
  CHECK(lead.InChannel(7));
  CHECK(lead.company == "Contoso");
}

TEST_CASE("only the customer's GUID decides about the license") {
  CHECK(Licensed("\"0b587e64-648f-489e-a264-9da7d19bc68a\""));
  CHECK(LeadOf(R"("umpCustomerGuid":"1","isNotActive":true,)"
               R"("status":"OC Essential")")
            .licensed);
  for (const char* none :
       {"null", "\"\"", "\" \"", "\"00000000-0000-0000-0000-000000000000\"",
        "\"{00000000-0000-0000-0000-000000000000}\"",
        "\"(00000000-0000-0000-0000-000000000000)\"", "\"\\t\"", "\" \\r\\n\"",
        "0", "false", "[]", "{}"}) {
    CAPTURE(none);
    CHECK_FALSE(Licensed(none));
  }
}

TEST_CASE("a company's name is redacted when it is read") {
  CHECK(
      LeadOf(R"("contactDetails":{"companyName":"ada@example.com"})").company ==
      "redacted");
}

TEST_CASE("a person's name never replaces the company's") {
  for (const char* details :
       {R"({"companyName":{"fullName":"Ada"}})", R"({"fullName":"Ada"})",
        R"("Ada")", R"([{"fullName":"Ada"},"Ada"])"}) {
    CAPTURE(details);
    CHECK(LeadOf(std::string("\"contactDetails\":") + details).company.empty());
  }
}

TEST_CASE("a new status passes unchanged, an empty one is unknown") {
  CHECK(LeadOf(R"("status":"on hold")").status == "on hold");
  CHECK(LeadOf(R"("status":3)").status == "3");
  CHECK(LeadOf(R"("status":"")").status == kUnknown);
  CHECK(LeadOf(R"("status":{"a":1})").status == kUnknown);
}

TEST_CASE("a known status is shown in its own spelling, in any case") {
  for (const auto& [sent, shown] : {std::pair("ACTIVE", kLeadActive),
                                    std::pair("Not active", kLeadNotActive),
                                    std::pair("oc essential", kLeadEssential),
                                    std::pair("removed", kLeadRemoved),
                                    std::pair("suspended", kLeadSuspended)}) {
    CAPTURE(sent);
    CHECK(LeadOf("\"status\":\"" + std::string(sent) + "\"").status == shown);
  }
  CHECK(LeadOf(R"("status":"REMOVED")").removed());
}

TEST_CASE("an integer status has its meaning, also as a string") {
  CHECK(LeadOf(R"("status":0)").status == kLeadActive);
  CHECK(LeadOf(R"("status":1)").status == kLeadNotActive);
  CHECK(LeadOf(R"("status":"2")").status == kLeadEssential);
  CHECK(LeadOf(R"("status":["x",1])").status == kLeadNotActive);
}

TEST_CASE("a direct lead without addresses has a failed sync") {
  CHECK(LeadOf(R"("isDirectLead":true)").sync_failed());
  CHECK(LeadOf(R"("isDirectLead":true,"civicAddresses":[])").sync_failed());
  CHECK_FALSE(LeadOf(R"("isDirectLead":false)").sync_failed());
  CHECK_FALSE(
      LeadOf(R"("isDirectLead":true,"status":"Removed")").sync_failed());
  CHECK_FALSE(
      LeadOf(R"("isDirectLead":true,"civicAddresses":[{}])").sync_failed());
}

TEST_CASE("a lead is in its own channel, without one in all") {
  CHECK(LeadOf("").InChannel(7));
  CHECK(LeadOf(R"("ovocChannelId":null)").InChannel(7));
  CHECK(LeadOf(R"("ovocChannelId":"")").InChannel(7));
  CHECK(LeadOf(R"("ovocChannelId":0)").InChannel(7));
  CHECK(LeadOf(R"("ovocChannelId":"0")").InChannel(7));
  CHECK_FALSE(LeadOf(R"("ovocChannelId":[0,8])").InChannel(7));
  CHECK(LeadOf(R"("ovocChannelId":7)").InChannel(7));
  CHECK(LeadOf(R"("ovocChannelId":"7")").InChannel(7));
  CHECK_FALSE(LeadOf(R"("ovocChannelId":8)").InChannel(7));
  CHECK_FALSE(LeadOf(R"("ovocChannelId":"x")").InChannel(7));
}

TEST_CASE("a channel is read like other integers") {
  const auto in = [](const std::string& value) {
    return LeadOf("\"ovocChannelId\":" + value).InChannel(1574);
  };
  for (const char* mine :
       {"\"1574 \"", "\" 1574\"", "\"+1574\"", "1574.0", "\"1574.0\"", "[1574]",
        "[5,1574]", "[null,\"1574\"]", "\" \"", "[]", "[null]", "{}"}) {
    CAPTURE(mine);
    CHECK(in(mine));
  }
  for (const char* others : {"157", "15740", "\"1574x\"", "\"+-1574\"", "[5,6]",
                             "[\"x\"]", "true", "1e400"}) {
    CAPTURE(others);
    CHECK_FALSE(in(others));
  }
}

TEST_CASE("a lead's channel is shown as an integer, or none") {
  const auto channel = [](const std::string& value) {
    return LeadOf("\"ovocChannelId\":" + value).channel;
  };
  CHECK(LeadOf("").channel == kNone);
  for (const char* none :
       {"null", "\"\"", "\" \"", "0", "\"0\"", "[]", "[0]", "{}", "[null]"}) {
    CAPTURE(none);
    CHECK(channel(none) == kNone);
  }
  for (const char* same :
       {"1574", "\"1574\"", "\" 1574 \"", "1574.0", "[1574]", "[0,1574,5]"}) {
    CAPTURE(same);
    CHECK(channel(same) == "1574");
  }
  CHECK(channel("\"north\"") == "north");
}

TEST_CASE("a company's size passes unchanged") {
  for (const auto& [json, size] :
       {std::pair(R"({"companyName":"A","companySize":"L50_U249"})",
                  "L50_U249"),
        std::pair(R"({"companySize":250})", "250"),
        std::pair(R"([{"companySize":["L2_U4"]},{"companySize":"x"}])",
                  "L2_U4"),
        std::pair(R"({"companySize":null})", ""), std::pair("null", ""),
        std::pair(R"({"companySize":{"email":"x"}})", ""),
        std::pair(R"("L2_U4")", "")}) {
    CAPTURE(json);
    CHECK(LeadOf(std::string("\"contactDetails\":") + json).company_size ==
          size);
  }
  CHECK(LeadOf(R"("contactDetails":{"companySize":"x","companyName":"A"})")
            .company == "A");
}

TEST_CASE("a direct lead is recognised with white space") {
  for (const char* direct :
       {"\" true \"", "\"\\tTRUE\\n\"", "\" 1 \"", "\"+1\""}) {
    CAPTURE(direct);
    CHECK(LeadOf(std::string("\"isDirectLead\":") + direct).direct);
  }
  CHECK_FALSE(LeadOf(R"("isDirectLead":" ")").direct);
}

TEST_CASE("a second page replaces the first") {
  LeadsPageReader reader;
  ReadBody(reader, R"([{"id":"1"},{"id":"2"}])");
  ReadBody(reader, R"([{"id":"3"}])");
  REQUIRE(reader.leads().size() == 1);
  CHECK(reader.leads()[0].id == "3");
}

}  // namespace
}  // namespace operator_connect::live_platform
