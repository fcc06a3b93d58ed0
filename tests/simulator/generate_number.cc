#include <string>
#include <vector>

#include "tests/simulator/estate.h"
#include "tests/simulator/text.h"

namespace operator_connect::simulator {

namespace {

void PickAssignment(Number& number, Random& random) {
  const double dice = random.Unit();
  std::vector<std::string>& acquired = number.acquired_capabilities;
  acquired = {"InboundCalling", "OutboundCalling"};
  if (dice < 0.60) {
    number.assignment_status = "UserAssigned";
    acquired.push_back("UserAssignment");
  } else if (dice < 0.85) {
    number.assignment_status = "Unassigned";
  } else if (dice < 0.92) {
    number.assignment_status = "ConferenceAssigned";
    acquired.push_back("ConferenceAssignment");
  } else if (dice < 0.97) {
    number.assignment_status = "VoiceApp";
    acquired.push_back("FirstPartyAppAssignment");
  } else {
    number.assignment_status = std::nullopt;
  }
  number.available_capabilities = acquired;
  if (random.Chance(0.5)) {
    number.available_capabilities.push_back("Office365");
  }
  number.available_capabilities.emplace_back(
      random.Pick({"Geographic", "Geographic", "TollFree", "Mobile"}));
}

// Properties of which an operator has few values are picked from these.
std::optional<std::string> Source(Random& random) {
  if (random.Chance(0.75)) return "webapi";
  if (random.Chance(0.4)) return std::nullopt;
  return std::string(random.Pick({"", "OperatorConnect", "ui"}));
}

std::optional<std::string> Country(Random& random) {
  if (random.Chance(0.95)) {
    return std::string(random.Pick({"US", "GB", "NL", "DE", "FR", "CA"}));
  }
  if (random.Chance(0.3)) return std::nullopt;
  return std::string(random.Pick({"us", "", "USA", "1"}));
}

std::optional<std::string> Profile(Random& random) {
  if (random.Chance(0.04)) return std::nullopt;
  if (random.Chance(0.02)) return "";
  return std::string(random.Pick({"9a1d7c1e-3a52-4b5e-8f0e-2d6a4b7c9e11",
                                  "9A1D7C1E-3A52-4B5E-8F0E-2D6A4B7C9E11",
                                  "c0ffee00-5b1d-4c3a-9d2e-6f7a8b9c0d12",
                                  "00000000-0000-0000-0000-000000000000"}));
}

// Most numbers have a site; a few of these are zeros.
std::optional<std::string> Site(Random& random, double chance) {
  if (!random.Chance(chance)) return std::nullopt;
  if (random.Chance(0.03)) return "";
  if (random.Chance(0.03)) return "00000000-0000-0000-0000-000000000000";
  return random.Guid();
}

std::optional<std::vector<Sbc>> Sbcs(Random& random) {
  if (random.Chance(0.03)) return std::nullopt;
  std::vector<Sbc> sbcs;
  if (random.Chance(0.05)) return sbcs;
  const std::size_t count = random.Chance(0.1) ? 2 : 1;
  for (std::size_t i = 0; i < count; ++i) {
    const auto id = static_cast<std::int64_t>(1 + random.Below(6));
    const std::string host = "sbc" + std::to_string(id) + ".operator.example";
    Sbc& sbc = sbcs.emplace_back();
    if (random.Chance(0.9)) sbc.id = id;
    if (random.Chance(0.9)) sbc.name = host;
    if (random.Chance(0.03)) sbc.name = "";
    if (random.Chance(0.2)) sbc.fqdn = host;
  }
  return sbcs;
}

// Some were acquired lately; a few have no date, or one that is not over.
std::optional<std::string> Acquired(Random& random, std::int64_t now) {
  const std::int64_t days = random.Chance(0.1) ? 40 : 900;
  const auto age = static_cast<std::int64_t>(
      random.Below(static_cast<std::uint64_t>(days * kDay)));
  if (random.Chance(0.02)) return std::nullopt;
  if (random.Chance(0.01)) return "0001-01-01T00:00:00";
  if (random.Chance(0.005)) return RandomDate(random, now + age + 2 * kDay);
  return RandomDate(random, now - 60 - age);
}

void AddDates(Number& number, Random& random, std::int64_t now) {
  number.acquired_on = Acquired(random, now);
  if (random.Chance(0.95)) {
    number.aslcht = RandomDate(
        random, now - 60 - static_cast<std::int64_t>(random.Below(3 * kDay)));
    number.verification_code =
        random.Chance(0.97)
            ? "200"
            : std::string(random.Pick({"400", "403", "404", "500"}));
  }
  const auto since = static_cast<std::int64_t>(random.Below(500 * kDay));
  if (random.Chance(0.8)) number.aslsct = RandomDate(random, now - 60 - since);
  if (random.Chance(0.9)) {
    number.when_created = RandomDate(random, now - 120 - since);
  }
}

}  // namespace

Number TenantNumbers::at(std::size_t index) const {
  if (listed_) return (*listed_)[index];
  Random random(Mix(seed_, index));
  Number number;
  // Unlike the ids of other tenants, and below 2^53 so that no reader of JSON
  // rounds it.
  number.id = static_cast<std::int64_t>((Mix(seed_, 1) >> 33) * 4194304 +
                                        index % 4194304);
  number.telephone_number =
      "+1425" + std::to_string(1000000 + random.Below(9000000));
  number.tenant_id = tenant_id_;
  PickAssignment(number, random);
  AddDates(number, random, now_);
  number.code_is_spelt_aslv = random.Chance(0.8);
  number.code_is_number = random.Chance(0.3);
  if (random.Chance(0.03)) {
    number.acquired_number_status = std::nullopt;
  } else {
    number.acquired_number_status =
        random.Chance(0.9) ? 0 : static_cast<int>(random.Below(4));
  }
  number.iso_country_code = Country(random);
  number.source = Source(random);
  number.sbcs = Sbcs(random);
  number.calling_profile_id = Profile(random);
  number.location_id = Site(random, 0.85);
  number.civic_address_id = Site(random, 0.8);
  return number;
}

}  // namespace operator_connect::simulator
