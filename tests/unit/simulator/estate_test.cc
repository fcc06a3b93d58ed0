#include "tests/simulator/estate.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

#include "tests/simulator/platform.h"
#include "tests/simulator/truth.h"

namespace operator_connect::simulator {
namespace {

std::string ReadData(const char* name) {
  const auto tests = std::filesystem::path(OC_SOURCE_DIR) / "tests";
  std::ifstream file(tests / "simulator/data" / name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TruthSettings Settings() {
  TruthSettings settings;
  settings.now = WallTime(std::chrono::seconds(1735732800));
  return settings;
}

GenerateOptions Options(std::uint64_t seed) {
  GenerateOptions options;
  options.seed = seed;
  options.tenants = 150;
  options.numbers_per_tenant = 20;
  return options;
}

// The estate after writing and loading its records.
EstateData Reread(const EstateData& data, std::optional<Spoil> spoil = {}) {
  Estate estate;
  std::string leads = "[";
  std::size_t index = 0;
  for (const Lead& lead : data.leads) {
    if (leads.size() > 1) leads += ',';
    if (spoil) {
      AppendSpoiltLead(lead, *spoil, index++, leads);
    } else {
      AppendLead(lead, leads);
    }
  }
  const auto loaded = estate.LoadLeads(leads + "]");
  REQUIRE_MESSAGE(loaded.ok(), loaded.error());
  for (const auto& [tenant, numbers] : data.numbers) {
    std::string json = "[";
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (i > 0) json += ',';
      if (spoil) {
        AppendSpoiltNumber(numbers.at(i), *spoil, i, json);
      } else {
        AppendNumber(numbers.at(i), json);
      }
    }
    const auto done = estate.LoadNumbers(json + "]");
    REQUIRE_MESSAGE(done.ok(), done.error());
  }
  return *estate.Snapshot();
}

}  // namespace

TEST_CASE("the published leads have the counts of their page") {
  Estate estate;
  REQUIRE(estate.LoadLeads(ReadData("leads-example.json")).ok());
  const Samples samples = Truth(*estate.Snapshot(), Settings());
  const auto at = [&](const char* name, const char* status) {
    return samples.at(
        SampleKey(name, {{"account", "default"}, {"status", status}}));
  };
  CHECK(at("operator_connect_leads", "Active") == 6);
  CHECK(at("operator_connect_leads", "Removed") == 4);
  CHECK(at("operator_connect_unlicensed_leads", "Active") == 3);
  CHECK(at("operator_connect_unlicensed_leads", "Removed") == 4);
}

TEST_CASE("the published number is read and written back unchanged") {
  Estate estate;
  REQUIRE(estate.LoadNumbers(ReadData("numbers-example.json")).ok());
  const EstateSnapshot data = estate.Snapshot();
  REQUIRE(data->numbers.size() == 1);
  const Number number = data->numbers.begin()->second.at(0);
  CHECK(number.assignment_status == "Active");
  CHECK(number.available_capabilities.size() == 2);
}

TEST_CASE("the same seed gives the same estate, another seed another") {
  const Samples one = Truth(Generate(Options(1)), Settings());
  CHECK(one == Truth(Generate(Options(1)), Settings()));
  CHECK(one != Truth(Generate(Options(2)), Settings()));
}

TEST_CASE("sent records carry the counted meaning") {
  const EstateData data = Generate(Options(3));
  CHECK(Difference(Truth(data, Settings()), Truth(Reread(data), Settings())) ==
        "");
}

TEST_CASE("wanted names in unknown objects change no meaning") {
  const EstateData data = Generate(Options(4));
  const EstateData spoilt = Reread(data, Spoil::kNestedNames);
  CHECK(Difference(Truth(data, Settings()), Truth(spoilt, Settings())) == "");
}

TEST_CASE("a uniform estate has exactly the requested size") {
  GenerateOptions options = Options(5);
  options.uniform = true;
  const EstateData data = Generate(options);
  CHECK(data.leads.size() == 150);
  CHECK(data.numbers.size() == 150);
  for (const auto& [tenant, numbers] : data.numbers) {
    CHECK(numbers.size() == 20);
    CHECK(numbers.at(19).tenant_id == tenant);
  }
}

TEST_CASE("an edit of a lead that was loaded as text is sent") {
  Estate estate;
  REQUIRE(estate.LoadLeads(ReadData("leads-example.json")).ok());
  const std::string id = *estate.Snapshot()->leads[1].id;
  REQUIRE(estate.EditLead(id, [](Lead& lead) { lead.status = "Removed"; }));
  std::string json;
  AppendLead(estate.Snapshot()->leads[1], json);
  CHECK(json.find(R"("status":"Removed")") != std::string::npos);
}

TEST_CASE("a raw field replaces the usual one") {
  Lead lead;
  lead.raw_fields["status"] = "17";
  lead.raw_fields["comments"] = "";
  std::string json;
  AppendLead(lead, json);
  CHECK(json.find(R"("status":17)") != std::string::npos);
  CHECK(json.find(R"("status":"Active")") == std::string::npos);
  CHECK(json.find("comments") == std::string::npos);
}

TEST_CASE("a snapshot does not change") {
  Estate estate;
  const EstateSnapshot before = estate.Snapshot();
  estate.AddLead({});
  CHECK(before->leads.empty());
  CHECK(estate.Snapshot()->version == before->version + 1);
}

}  // namespace operator_connect::simulator
