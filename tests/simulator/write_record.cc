#include <algorithm>
#include <charconv>
#include <string>

#include "exporter/base/json_string.h"
#include "tests/simulator/estate.h"
#include "tests/simulator/text.h"

namespace operator_connect::simulator {

namespace {

void AppendInteger(std::int64_t value, std::string& out) {
  char buffer[24];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value).ptr;
  out.append(buffer, end);
}

// Writes an object field by field, with the raw texts.
class RecordWriter {
 public:
  RecordWriter(const RawFields& raw, std::string& out)
      : raw_(raw), out_(out), fresh_(true) {
    out_ += '{';
  }

  // Writes a field's name if its value is wanted. False: a raw text replaces
  // it.
  bool Name(std::string_view name) {
    if (!raw_.empty() && raw_.find(name) != raw_.end()) return false;
    Key(name);
    return true;
  }
  void Literal(std::string_view name, std::string_view json) {
    if (Name(name)) out_ += json;
  }
  void Text(std::string_view name, std::string_view text) {
    if (Name(name)) AppendJsonString(text, out_);
  }
  void TextOrNull(std::string_view name,
                  const std::optional<std::string>& text) {
    if (!Name(name)) return;
    if (text) {
      AppendJsonString(*text, out_);
    } else {
      out_ += "null";
    }
  }
  void Integer(std::string_view name, std::int64_t value) {
    if (Name(name)) AppendInteger(value, out_);
  }
  void Boolean(std::string_view name, bool value) {
    Literal(name, value ? "true" : "false");
  }
  void Texts(std::string_view name, const std::vector<std::string>& texts) {
    if (!Name(name)) return;
    out_ += '[';
    for (const std::string& text : texts) {
      AppendJsonString(text, out_);
      out_ += ',';
    }
    if (!texts.empty()) out_.pop_back();
    out_ += ']';
  }
  void Finish() {
    for (const auto& [name, text] : raw_) {
      if (text.empty()) continue;
      Key(name);
      out_ += text;
    }
    out_ += '}';
  }

 private:
  void Key(std::string_view name) {
    if (!fresh_) out_ += ',';
    fresh_ = false;
    AppendJsonString(name, out_);
    out_ += ':';
  }

  const RawFields& raw_;
  std::string& out_;
  bool fresh_;
};

const RawFields kNoRawFields;

void AppendContact(const Lead& lead, std::string& out) {
  RecordWriter w(kNoRawFields, out);
  w.Text("fullName", lead.contact_name);
  w.Text("email", lead.contact_email);
  w.Text("phoneNumber", lead.contact_phone);
  w.TextOrNull("companyName", lead.company);
  w.Text("companySize", lead.company_size);
  w.Finish();
}

// An address derived from the lead's id, with a location nested like the
// platform's.
void AppendCivicAddress(const Lead& lead, int index, std::string& out) {
  std::uint64_t seed = static_cast<std::uint64_t>(index);
  for (const char c : lead.id.value_or("")) {
    seed = Mix(seed, static_cast<unsigned char>(c));
  }
  Random random(seed);
  const std::string id = random.Guid();
  const std::string location = random.Guid();
  const std::string_view city = random.Pick(
      {"Amsterdam", "Lod", "Or Yehuda", "Haifa", "Leeds", "Austin", "Lyon"});
  RecordWriter w(kNoRawFields, out);
  w.Text("id", id);
  w.Text("country", lead.consented_countries.empty()
                        ? std::string("US")
                        : lead.consented_countries.front());
  w.Text("houseNumber", std::to_string(1 + random.Below(200)));
  w.Text("houseNumberSuffix", "");
  w.Text("preDirectional", "");
  w.Text("streetName", random.Pick({"Hayarden Street", "Main Street",
                                    "Keizersgracht", "Park Avenue"}));
  w.Text("streetSuffix", "");
  w.Text("postDirectional", "");
  w.Text("stateOrProvince", "");
  w.Text("countyOrDistrict", "");
  w.Text("cityOrTown", city);
  w.Text("cityOrTownAlias", "");
  w.Text("postalOrZipCode", std::to_string(10000 + random.Below(89999)));
  w.Text("description", "Emergency" + std::to_string(index + 1));
  w.TextOrNull("companyName", lead.company);
  w.Text("companyId", "");
  w.Text("defaultLocationId", location);
  w.Text("validationStatus", "Validated");
  w.TextOrNull("tenantId", lead.tenant_id);
  w.Text("partnerId", "00000000-0000-0000-0000-000000000000");
  if (w.Name("locations")) {
    out += '[';
    RecordWriter inner(kNoRawFields, out);
    inner.Text("id", location);
    inner.Text("civicAddressId", id);
    inner.Text("description", "Emergency" + std::to_string(index + 1));
    inner.Literal("additionalInfo", "null");
    inner.Text("isDefault", "true");
    inner.Literal("elin", "null");
    inner.Finish();
    out += ']';
  }
  w.Finish();
}

void AppendCivicAddresses(const Lead& lead, std::string& out) {
  if (lead.civic_addresses < 0) {
    out += "null";
    return;
  }
  out += '[';
  for (int i = 0; i < lead.civic_addresses; ++i) {
    if (i > 0) out += ',';
    AppendCivicAddress(lead, i, out);
  }
  out += ']';
}

void WriteChannel(const Lead& lead, RecordWriter& w) {
  if (!lead.ovoc_channel_id) {
    w.Literal("ovocChannelId", "null");
  } else if (lead.ovoc_channel_id_is_text) {
    w.Text("ovocChannelId", std::to_string(*lead.ovoc_channel_id));
  } else {
    w.Integer("ovocChannelId", *lead.ovoc_channel_id);
  }
}

void WriteVerificationCode(const Number& number, RecordWriter& w) {
  const std::string_view name =
      number.code_is_spelt_aslv ? "aslvCode" : "alsvcode";
  if (number.verification_code && number.code_is_number) {
    w.Literal(name, *number.verification_code);
  } else {
    w.TextOrNull(name, number.verification_code);
  }
}

void AppendSbcs(const Number& number, std::string& out) {
  if (!number.sbcs) {
    out += "null";
    return;
  }
  out += '[';
  for (const Sbc& sbc : *number.sbcs) {
    RecordWriter w(kNoRawFields, out);
    if (sbc.name) w.Text("sbcName", *sbc.name);
    if (sbc.fqdn) w.Text("fqdn", *sbc.fqdn);
    if (sbc.id) w.Integer("sbcId", *sbc.id);
    w.Literal("tenantCallingProfileId", "12");
    w.Literal("ocSipConnectionName", "null");
    w.Literal("ocSipConnectionDescription", "null");
    w.Finish();
    out += ',';
  }
  if (!number.sbcs->empty()) out.pop_back();
  out += ']';
}

}  // namespace

void AppendLead(const Lead& lead, std::string& out) {
  if (!lead.raw_record.empty()) {
    out += lead.raw_record;
    return;
  }
  RecordWriter w(lead.raw_fields, out);
  if (w.Name("civicAddresses")) AppendCivicAddresses(lead, out);
  w.Literal("comments", lead.has_comments ? "[]" : "null");
  w.TextOrNull("umpCustomerGuid", lead.ump_customer_guid);
  w.Literal("isNotActive", !lead.is_not_active   ? "null"
                           : *lead.is_not_active ? "true"
                                                 : "false");
  w.Literal("channelId", "null");
  WriteChannel(lead, w);
  w.Boolean("isDirectLead", lead.is_direct);
  w.TextOrNull("id", lead.id);
  w.TextOrNull("tenantId", lead.tenant_id);
  w.Literal("tenantOrigin", "null");
  w.TextOrNull("operatorId", lead.operator_id);
  w.TextOrNull("status", lead.status);
  w.TextOrNull("consentedOn", lead.consented_on);
  w.TextOrNull("lastModifiedOn", lead.last_modified_on);
  w.Texts("consentedCountries", lead.consented_countries);
  if (w.Name("contactDetails")) AppendContact(lead, out);
  if (!lead.has_contacts) {
    w.Literal("contacts", "null");
  } else if (w.Name("contacts")) {
    out += '[';
    AppendContact(lead, out);
    out += ']';
  }
  w.Finish();
}

void AppendNumber(const Number& number, std::string& out) {
  if (!number.raw_record.empty()) {
    out += number.raw_record;
    return;
  }
  Random random(Mix(0x6e756d62, static_cast<std::uint64_t>(number.id)));
  RecordWriter w(number.raw_fields, out);
  w.Integer("id", number.id);
  w.Text("uploadTelephoneNumberEntryId", random.Guid());
  w.TextOrNull("source", number.source);
  if (w.Name("sbcList")) AppendSbcs(number, out);
  w.Text("umpCustomerGuid", random.Guid());
  w.Literal("ovocChannelId", "null");
  w.TextOrNull("consentedOn", number.acquired_on);
  w.Text("umpCustomerFullName", "Customer of the operator");
  w.Text("msCompanyName", "Customer of the operator");
  w.Literal("sbcListArray", "null");
  w.Integer("uploadToAccountJobId",
            static_cast<std::int64_t>(random.Below(100000)));
  w.TextOrNull("whenCreated", number.when_created);
  if (number.acquired_number_status) {
    w.Integer("acquiredNumberStatus", *number.acquired_number_status);
  } else {
    w.Literal("acquiredNumberStatus", "null");
  }
  w.Text("telephoneNumber", number.telephone_number);
  w.TextOrNull("callingProfileId", number.calling_profile_id);
  w.Texts("acquiredCapabilities", number.acquired_capabilities);
  w.Texts("availableCapabilities", number.available_capabilities);
  w.TextOrNull("acquiredOn", number.acquired_on);
  w.TextOrNull("isoCountryCode", number.iso_country_code);
  w.Literal("tnUploadJobId", "null");
  w.TextOrNull("locationId", number.location_id);
  w.TextOrNull("civicAddressId", number.civic_address_id);
  w.TextOrNull("assignmentStatus", number.assignment_status);
  w.TextOrNull("tenantId", number.tenant_id);
  w.TextOrNull("aslcht", number.aslcht);
  w.TextOrNull("aslsct", number.aslsct);
  WriteVerificationCode(number, w);
  w.Literal("asticks", "null");
  w.Finish();
}

}  // namespace operator_connect::simulator
