#include "tests/simulator/truth.h"

#include <doctest/doctest.h>

namespace operator_connect::simulator {
namespace {

constexpr double kNow = 1735732800;

TruthSettings Settings() {
  TruthSettings settings;
  settings.now = WallTime(std::chrono::seconds(1735732800));
  return settings;
}

Lead MakeLead(std::string id, std::string tenant, std::string status) {
  Lead lead;
  lead.id = std::move(id);
  lead.tenant_id = std::move(tenant);
  lead.status = std::move(status);
  return lead;
}

double Find(const Samples& samples, const char* name,
            std::vector<std::pair<std::string, std::string>> labels) {
  labels.emplace_back("account", "default");
  const auto found = samples.find(SampleKey(name, std::move(labels)));
  return found == samples.end() ? -1 : found->second;
}

}  // namespace

TEST_CASE("dates are parsed in every form of the field") {
  CHECK(ParseDate("2025-01-01T12:00:00Z") == kNow);
  CHECK(ParseDate("2025-01-01T12:00:00") == kNow);
  CHECK(ParseDate("2025-01-01T12:00:00.5+00:00") == kNow + 0.5);
  CHECK(ParseDate("2025-01-01T14:00:00.0000000+02:00") == kNow);
  CHECK_FALSE(ParseDate("0001-01-01T00:00:00").has_value());
  CHECK_FALSE(ParseDate("2025-02-30T00:00:00Z").has_value());
  CHECK_FALSE(ParseDate("yesterday").has_value());
}

TEST_CASE("a repeated lead counts once") {
  EstateData data;
  data.leads = {MakeLead("a", "t", "Active"), MakeLead("A", "t", "Active")};
  const Samples samples = Truth(data, Settings());
  CHECK(Find(samples, "operator_connect_leads", {{"status", "Active"}}) == 1);
}

TEST_CASE("a tenant is named after its newest lead that is not Removed") {
  EstateData data;
  data.leads = {MakeLead("a", "t", "Removed"), MakeLead("b", "t", "Active")};
  data.leads[0].company = "Old";
  data.leads[0].last_modified_on = "2024-12-31T00:00:00Z";
  data.leads[1].company = "New";
  data.leads[1].last_modified_on = "2024-01-01T00:00:00Z";
  const Samples samples = Truth(data, Settings());
  CHECK(Find(samples, "operator_connect_tenant_info",
             {{"tenant_id", "t"},
              {"company", "New"},
              {"channel", "none"},
              {"company_size", "L250_U999"}}) == 1);
}

TEST_CASE("a tenant whose leads are all excluded by status is not asked") {
  EstateData data;
  data.leads = {MakeLead("a", "gone", "Removed"),
                MakeLead("b", "BACK", "Removed"),
                MakeLead("c", "back", "Active")};
  CHECK(AskedTenants(data, Settings()) == std::set<std::string>{"back"});
}

TEST_CASE("a failed tenant only counts as failed") {
  EstateData data;
  data.leads = {MakeLead("a", "t", "Active"), MakeLead("b", "u", "Active")};
  data.numbers["t"] = TenantNumbers::Listed({Number{}});
  data.numbers["u"] = TenantNumbers::Listed({Number{}, Number{}});
  TruthSettings settings = Settings();
  settings.failed["u"] = "500";
  const Samples samples = Truth(data, settings);
  CHECK(Find(samples, "operator_connect_numbers",
             {{"assignment_status", "Unassigned"}}) == 1);
  CHECK(Find(samples, "operator_connect_tenants", {{"state", "failed"}}) == 1);
  CHECK(Find(samples, "operator_connect_tenants", {{"state", "ok"}}) == 1);
  CHECK(Find(samples, "operator_connect_tenant_failed",
             {{"tenant_id", "u"}, {"reason", "500"}}) == 1);
}

TEST_CASE("leads wait since their consent, else their last change") {
  EstateData data;
  data.leads = {MakeLead("a", "t", "Active"), MakeLead("b", "t", "Active"),
                MakeLead("c", "t", "Not Active")};
  data.leads[0].consented_on = "2024-12-30T12:00:00Z";
  data.leads[1].last_modified_on = "2024-12-01T12:00:00Z";
  data.leads[2].consented_on = "2020-01-01T00:00:00Z";
  const Samples samples = Truth(data, Settings());
  const auto waiting = [&](const char* limit) {
    return Find(samples, "operator_connect_unlicensed_leads_waiting",
                {{"longer_than", limit}});
  };
  CHECK(waiting("1d") == 2);
  CHECK(waiting("7d") == 1);
  CHECK(waiting("30d") == 1);
}

TEST_CASE("a company with personal details is redacted") {
  EstateData data;
  data.leads = {MakeLead("a", "t", "Active"), MakeLead("b", "u", "Active")};
  data.leads[0].company = "Call 4255550100";
  data.leads[1].company = "A \"B\"\xff";
  const Samples samples = Truth(data, Settings());
  CHECK(Find(samples, "operator_connect_tenant_info",
             {{"tenant_id", "t"},
              {"company", "redacted"},
              {"channel", "none"},
              {"company_size", "L250_U999"}}) == 1);
  CHECK(Find(samples, "operator_connect_tenant_info",
             {{"tenant_id", "u"},
              {"company", "A \"B\"\xef\xbf\xbd"},
              {"channel", "none"},
              {"company_size", "L250_U999"}}) == 1);
}

TEST_CASE("an e-mail address is recognised by its form") {
  EstateData data;
  const auto company = [&](const char* name) {
    data.leads = {MakeLead("a", "t", "Active")};
    data.leads[0].company = name;
    return Find(Truth(data, Settings()), "operator_connect_tenant_info",
                {{"tenant_id", "t"},
                 {"company", "redacted"},
                 {"channel", "none"},
                 {"company_size", "L250_U999"}}) == 1;
  };
  CHECK(company("ask a@b.c now"));
  CHECK(company("@a@b.c"));
  CHECK(company("a@b.c.d"));
  CHECK_FALSE(company("a@b"));
  CHECK_FALSE(company("a @b.c"));
  CHECK_FALSE(company("a@.c"));
  CHECK_FALSE(company("a@b."));
}

TEST_CASE("an exposition is parsed into the truth's keys") {
  const Samples samples = ParseExposition(
      "# HELP a b\na{y=\"1\",x=\"q\\\"\\\\\\n\"} 2\nb 3\nb 4\nbroken\n");
  CHECK(samples.at("a{x=\"q\\\"\\\\\\n\",y=\"1\"}") == 2);
  CHECK(samples.at("b{}") == 3);
  CHECK(samples.count("BROKEN twice: b 4") == 1);
  CHECK(samples.count("BROKEN broken") == 1);
}

TEST_CASE("a difference names missing, wrong and additional samples") {
  const std::string text =
      Difference({{"a", 1}, {"b", 2}}, {{"b", 3}, {"c", 4}});
  CHECK(text.find("a: expected 1, absent") != std::string::npos);
  CHECK(text.find("b: expected 2, is 3") != std::string::npos);
  CHECK(text.find("c: unexpected, is 4") != std::string::npos);
}

}  // namespace operator_connect::simulator
