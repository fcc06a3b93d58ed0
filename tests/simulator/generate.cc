#include <algorithm>
#include <string>
#include <utility>

#include "tests/simulator/estate.h"
#include "tests/simulator/text.h"

namespace operator_connect::simulator {

namespace {

std::string Company(Random& random, std::size_t index) {
  if (index % 97 == 41) return "Fabrikam 4255550100";
  if (index % 97 == 71) return "sales@fabrikam.example";
  if (index % 97 == 13) return "Müller & Söhne \"Nord\" GmbH";
  if (index % 97 == 29) return "Back\\slash Ltd";
  std::string name(random.Pick(
      {"Northwind",    "Contoso",       "Fabrikam",       "Adatum",
       "Tailspin",     "Wingtip",       "Litware",        "Proseware",
       "Lucerne",      "Fourth Coffee", "Graphic Design", "Blue Yonder",
       "Alpine Ski",   "City Power",    "Humongous",      "Relecloud",
       "Trey",         "Woodgrove",     "Margie's",       "Coho",
       "Consolidated", "Bellows"}));
  name += ' ';
  name += random.Pick({"Traders", "Logistics", "Media", "Research", "Bank",
                       "Insurance", "Travel", "Publishing", "Airlines",
                       "Winery", "Messenger", "Health", "Energy", "Telecom"});
  name += ' ';
  name += random.Pick({"Ltd", "BV", "GmbH", "Inc", "SA", "AB", "Pty", "Oy"});
  return name + " " + std::to_string(index);
}

std::vector<std::string> Countries(Random& random) {
  std::vector<std::string> countries;
  const std::size_t count = 1 + random.Below(4);
  while (countries.size() < count) {
    std::string country(random.Pick({"US", "GB", "NL", "DE", "FR", "IL", "AU",
                                     "RO", "BG", "CA", "SE", "NZ", "ES"}));
    if (std::find(countries.begin(), countries.end(), country) ==
        countries.end()) {
      countries.push_back(std::move(country));
    }
  }
  return countries;
}

Lead BasicLead(Random& random, std::size_t index, const std::string& tenant) {
  static constexpr const char* kSizes[] = {"L2_U4",       "L25_U49",
                                           "L50_U249",    "L250_U999",
                                           "L1000_U2999", "L3000_UInfinity"};
  Lead lead;
  lead.id = random.Guid();
  lead.tenant_id = tenant;
  lead.company = Company(random, index);
  lead.consented_countries = Countries(random);
  lead.company_size = kSizes[random.Below(6)];
  lead.contact_phone = "+1425555" + std::to_string(1000 + random.Below(9000));
  lead.operator_id = "7a4e58a1-8348-4fa5-8d36-4e19125e4ac3";
  return lead;
}

void AddDates(Lead& lead, Random& random, std::int64_t now, bool recent) {
  const std::int64_t most = (recent ? 60 : 1000) * kDay;
  const std::int64_t consent =
      now - 60 -
      static_cast<std::int64_t>(random.Below(static_cast<std::uint64_t>(most)));
  const std::int64_t modified =
      consent + static_cast<std::int64_t>(
                    random.Below(static_cast<std::uint64_t>(now - consent)));
  lead.consented_on = RandomDate(random, consent);
  lead.last_modified_on = RandomDate(random, modified);
}

void AddLicense(Lead& lead, Random& random, double chance) {
  if (random.Chance(chance)) {
    lead.ump_customer_guid = random.Guid();
    // An operator has few channels.
    lead.ovoc_channel_id = 1570 + static_cast<std::int64_t>(random.Below(9));
    lead.ovoc_channel_id_is_text = random.Chance(0.3);
    lead.civic_addresses = 1 + static_cast<int>(random.Below(2));
  } else if (random.Chance(0.05)) {
    lead.ump_customer_guid = "00000000-0000-0000-0000-000000000000";
  } else if (random.Chance(0.03)) {
    lead.ump_customer_guid = "";
  }
}

void PickStatus(Lead& lead, Random& random) {
  const double dice = random.Unit();
  if (dice < 0.80) {
    lead.status = "Active";
    AddLicense(lead, random, 0.75);
  } else if (dice < 0.86) {
    lead.status = "Not Active";
    AddLicense(lead, random, 0.2);
  } else if (dice < 0.90) {
    lead.status = "OC Essential";
    AddLicense(lead, random, 0.95);
  } else if (dice < 0.99) {
    lead.status = "Removed";
    AddLicense(lead, random, 0.3);
  } else if (dice < 0.995) {
    lead.status = std::nullopt;
  } else {
    lead.status = "Suspended";
  }
}

// The odd forms that records have in the field.
void AddOddities(Lead& lead, Random& random) {
  lead.is_direct = random.Chance(0.15);
  const bool removed = lead.status == "Removed";
  if (lead.is_direct && (removed || random.Chance(0.85))) {
    lead.civic_addresses = std::max(lead.civic_addresses, 1);
  } else if (lead.is_direct) {
    lead.civic_addresses = random.Chance(0.5) ? 0 : Lead::kNull;
  }
  if (random.Chance(0.04)) lead.consented_on = std::nullopt;
  if (random.Chance(0.02)) lead.consented_on = "0001-01-01T00:00:00";
  lead.has_contacts = random.Chance(0.9);
  lead.has_comments = random.Chance(0.3);
  if (random.Chance(0.2)) lead.operator_id = std::nullopt;
  if (random.Chance(0.5)) lead.is_not_active = random.Chance(0.5);
}

Lead FieldLead(Random& random, std::size_t index, const std::string& tenant,
               std::int64_t now) {
  Lead lead = BasicLead(random, index, tenant);
  PickStatus(lead, random);
  const bool licensed =
      lead.ump_customer_guid && lead.ump_customer_guid->front() != '0';
  AddDates(lead, random, now, !licensed && random.Chance(0.7));
  AddOddities(lead, random);
  return lead;
}

// The lead that the tenant had before it consented again.
Lead EarlierLead(Random& random, const Lead& lead, std::size_t index,
                 std::int64_t now) {
  Lead earlier = BasicLead(random, index, *lead.tenant_id);
  earlier.company = lead.company;
  earlier.status = "Removed";
  earlier.consented_on = RandomDate(random, now - 1200 * kDay);
  earlier.last_modified_on = RandomDate(random, now - 1100 * kDay);
  return earlier;
}

void AddUniform(EstateData& data, Random& random, std::size_t index,
                const GenerateOptions& options) {
  const std::string tenant = random.Guid();
  Lead lead = BasicLead(random, index, tenant);
  AddDates(lead, random, options.now, false);
  AddLicense(lead, random, 0.8);
  data.leads.push_back(std::move(lead));
  data.numbers[tenant] =
      TenantNumbers::Generated(Mix(options.seed, index), tenant,
                               options.numbers_per_tenant, options.now);
}

void AddField(EstateData& data, Random& random, std::size_t index,
              const GenerateOptions& options) {
  const std::string lower = random.Guid();
  std::string tenant = lower;
  if (random.Chance(0.05)) {
    for (char& c : tenant) {
      if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
    }
  }
  Lead lead = FieldLead(random, index, tenant, options.now);
  if (random.Chance(0.06)) {
    data.leads.push_back(EarlierLead(random, lead, index, options.now));
  }
  data.leads.push_back(std::move(lead));
  // Skewed: a few have many, one in ten has none.
  const double share = random.Chance(0.1) ? 0 : random.Unit();
  const auto count =
      static_cast<std::size_t>(static_cast<double>(options.numbers_per_tenant) *
                               4 * share * share * share);
  data.numbers[lower] = TenantNumbers::Generated(Mix(options.seed, index),
                                                 tenant, count, options.now);
}

}  // namespace

EstateData Generate(const GenerateOptions& options) {
  EstateData data;
  Random random(Mix(options.seed, 0x65737461));
  for (std::size_t i = 0; i < options.tenants; ++i) {
    if (options.uniform) {
      AddUniform(data, random, i, options);
    } else {
      AddField(data, random, i, options);
    }
  }
  return data;
}

}  // namespace operator_connect::simulator
