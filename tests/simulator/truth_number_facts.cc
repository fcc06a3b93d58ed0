#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulator/text.h"
#include "tests/simulator/truth_parts.h"

namespace operator_connect::simulator {

namespace {

using OptionalText = std::optional<std::string>;

std::string Or(const OptionalText& text, const char* absent) {
  return text && !text->empty() ? LabelValue(*text) : absent;
}

// An id is set if it has anything but zeros.
bool HasId(const OptionalText& id) {
  return id && id->find_first_not_of("0-") != std::string::npos;
}

std::string CountryOf(const Number& number) {
  std::string code = number.iso_country_code.value_or("");
  for (char& c : code) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  const bool letters =
      code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos;
  return letters && code.size() == 2 ? code : "unknown";
}

std::set<std::string> SbcsOf(const Number& number) {
  std::set<std::string> names;
  for (const Sbc& sbc : number.sbcs.value_or(std::vector<Sbc>())) {
    if (sbc.name && !sbc.name->empty()) {
      names.insert(*sbc.name);
    } else if (sbc.fqdn && !sbc.fqdn->empty()) {
      names.insert(*sbc.fqdn);
    } else if (sbc.id) {
      names.insert(std::to_string(*sbc.id));
    }
  }
  if (names.empty()) names.insert("none");
  return names;
}

}  // namespace

void NumberFacts::Add(const std::string& tenant, const Number& number) {
  const std::string state = StateValue(number.assignment_status);
  const std::string country = CountryOf(number);
  const auto count = [&](const char* metric, const std::string& value) {
    ++by_state_[std::string("operator_connect_numbers_") + metric]
               [{value, state}];
  };
  Tenant& of_tenant = tenants_[tenant];
  count("by_country", country);
  count("by_source", Or(number.source, "ocsync"));
  for (const std::string& sbc : SbcsOf(number)) count("by_sbc", sbc);
  count("by_calling_profile", HasId(number.calling_profile_id)
                                  ? ToLower(*number.calling_profile_id)
                                  : "none");
  if (!HasId(number.location_id) && !HasId(number.civic_address_id)) {
    count("without_emergency_location", country);
    if (state == "UserAssigned") ++of_tenant.no_location[country];
  }
  ++by_code_[Or(number.verification_code, "unknown")];
  if (number.acquired_number_status.value_or(0) != 0) {
    ++of_tenant.leaving[std::to_string(*number.acquired_number_status)];
  }
  AddAges(number, of_tenant);
}

void NumberFacts::AddAges(const Number& number, Tenant& tenant) {
  const std::optional<double> acquired = DateOf(number.acquired_on);
  if (acquired) {
    tenant.first = std::min(tenant.first.value_or(*acquired), *acquired);
    for (const int days : {1, 7, 30}) {
      if (now_ - *acquired <= days * kDay) ++acquired_[days];
    }
  }
  if (number.assignment_status != "Unassigned") return;
  std::optional<double> since = DateOf(number.aslsct);
  if (!since) since = acquired;
  if (!since) since = DateOf(number.when_created);
  if (!since) return;
  for (const int days : {30, 90, 365}) {
    if (now_ - *since > days * kDay) ++idle_[days];
  }
  if (now_ - *since > 90 * kDay) ++tenant.idle;
}

void NumberFacts::ShowSums(SampleMap& out) const {
  const std::map<std::string, const char*> labels = {
      {"operator_connect_numbers_by_country", "country"},
      {"operator_connect_numbers_by_source", "source"},
      {"operator_connect_numbers_by_sbc", "sbc"},
      {"operator_connect_numbers_by_calling_profile", "calling_profile"},
      {"operator_connect_numbers_without_emergency_location", "country"}};
  for (const auto& [metric, counts] : by_state_) {
    for (const auto& [key, value] : counts) {
      out.Set(
          metric,
          {{labels.at(metric), key.first}, {"assignment_status", key.second}},
          value);
    }
  }
  for (const auto& [code, value] : by_code_) {
    out.Set("operator_connect_numbers_by_verification_code", {{"code", code}},
            value);
  }
  const auto show = [&](const char* metric, const char* label, int days,
                        const std::map<int, double>& counts) {
    const auto found = counts.find(days);
    out.Set(metric, {{label, std::to_string(days) + "d"}},
            found == counts.end() ? 0 : found->second);
  };
  for (const int days : {1, 7, 30}) {
    show("operator_connect_numbers_acquired", "within", days, acquired_);
  }
  for (const int days : {30, 90, 365}) {
    show("operator_connect_idle_numbers", "longer_than", days, idle_);
  }
}

std::vector<NumberFacts::Series> NumberFacts::Of(
    const std::string& tenant, const TruthSettings& settings) const {
  std::vector<Series> series;
  const auto found = tenants_.find(tenant);
  if (found == tenants_.end()) return series;
  const Tenant& facts = found->second;
  if (facts.idle > 0) {
    series.push_back({"operator_connect_tenant_idle_numbers", {}, facts.idle});
  }
  for (const auto& [country, value] : facts.no_location) {
    series.push_back(
        {"operator_connect_tenant_numbers_without_emergency_location",
         {{"country", country}},
         value});
  }
  for (const auto& [status, value] : facts.leaving) {
    series.push_back({"operator_connect_tenant_leaving_numbers",
                      {{"acquired_status", status}},
                      value});
  }
  if (facts.first && settings.tenant_series) {
    series.push_back({"operator_connect_tenant_first_number_timestamp_seconds",
                      {},
                      *facts.first});
  }
  return series;
}

}  // namespace operator_connect::simulator
