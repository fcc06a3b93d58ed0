#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdlib>
#include <string>
#include <utility>

#include "tests/simulator/estate.h"

namespace operator_connect::simulator {

namespace {

using Value = rapidjson::Value;

const Value* Find(const Value& object, const char* name) {
  const auto member = object.FindMember(name);
  if (member == object.MemberEnd() || member->value.IsNull()) return nullptr;
  return &member->value;
}

std::optional<std::string> Text(const Value& object, const char* name) {
  const Value* value = Find(object, name);
  if (value == nullptr) return std::nullopt;
  if (value->IsString()) {
    return std::string(value->GetString(), value->GetStringLength());
  }
  if (value->IsInt64()) return std::to_string(value->GetInt64());
  return std::nullopt;
}

std::optional<std::int64_t> Integer(const Value& object, const char* name) {
  const std::optional<std::string> text = Text(object, name);
  if (!text || text->empty()) return std::nullopt;
  char* end = nullptr;
  const std::int64_t value = std::strtoll(text->c_str(), &end, 10);
  if (*end != '\0') return std::nullopt;
  return value;
}

std::optional<bool> Boolean(const Value& object, const char* name) {
  const Value* value = Find(object, name);
  if (value == nullptr) return std::nullopt;
  if (value->IsBool()) return value->GetBool();
  const std::optional<std::string> text = Text(object, name);
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

std::vector<std::string> Texts(const Value& object, const char* name) {
  std::vector<std::string> texts;
  const Value* value = Find(object, name);
  if (value == nullptr) return texts;
  if (value->IsString()) texts.push_back(value->GetString());
  if (!value->IsArray()) return texts;
  for (const Value& element : value->GetArray()) {
    if (element.IsString()) texts.push_back(element.GetString());
  }
  return texts;
}

std::string Write(const Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

Lead ReadLead(const Value& json) {
  Lead lead;
  lead.id = Text(json, "id");
  lead.tenant_id = Text(json, "tenantId");
  lead.status = Text(json, "status");
  lead.ump_customer_guid = Text(json, "umpCustomerGuid");
  lead.consented_on = Text(json, "consentedOn");
  lead.last_modified_on = Text(json, "lastModifiedOn");
  lead.operator_id = Text(json, "operatorId");
  lead.ovoc_channel_id = Integer(json, "ovocChannelId");
  lead.is_not_active = Boolean(json, "isNotActive");
  lead.is_direct = Boolean(json, "isDirectLead").value_or(false);
  lead.consented_countries = Texts(json, "consentedCountries");
  lead.has_contacts = Find(json, "contacts") != nullptr;
  lead.has_comments = Find(json, "comments") != nullptr;
  const Value* addresses = Find(json, "civicAddresses");
  if (addresses != nullptr && addresses->IsArray()) {
    lead.civic_addresses = static_cast<int>(addresses->Size());
  }
  const Value* contact = Find(json, "contactDetails");
  if (contact != nullptr && contact->IsObject()) {
    lead.company = Text(*contact, "companyName");
    lead.contact_name = Text(*contact, "fullName").value_or("");
    lead.contact_email = Text(*contact, "email").value_or("");
    lead.contact_phone = Text(*contact, "phoneNumber").value_or("");
    lead.company_size = Text(*contact, "companySize").value_or("");
  }
  lead.raw_record = Write(json);
  return lead;
}

std::vector<Sbc> Sbcs(const Value& json) {
  std::vector<Sbc> sbcs;
  const Value* list = Find(json, "sbcList");
  if (list == nullptr || !list->IsArray()) return sbcs;
  for (const Value& element : list->GetArray()) {
    if (!element.IsObject()) continue;
    sbcs.push_back({Text(element, "sbcName"), Text(element, "fqdn"),
                    Integer(element, "sbcId")});
  }
  return sbcs;
}

Number ReadNumber(const Value& json) {
  Number number;
  number.id = Integer(json, "id").value_or(0);
  number.telephone_number = Text(json, "telephoneNumber").value_or("");
  number.tenant_id = Text(json, "tenantId");
  number.assignment_status = Text(json, "assignmentStatus");
  number.acquired_capabilities = Texts(json, "acquiredCapabilities");
  number.available_capabilities = Texts(json, "availableCapabilities");
  number.acquired_on = Text(json, "acquiredOn");
  number.aslcht = Text(json, "aslcht");
  number.aslsct = Text(json, "aslsct");
  number.when_created = Text(json, "whenCreated");
  number.iso_country_code = Text(json, "isoCountryCode");
  number.source = Text(json, "source");
  number.sbcs = Sbcs(json);
  number.calling_profile_id = Text(json, "callingProfileId");
  number.location_id = Text(json, "locationId");
  number.civic_address_id = Text(json, "civicAddressId");
  number.code_is_spelt_aslv = Find(json, "alsvcode") == nullptr;
  number.verification_code =
      Text(json, number.code_is_spelt_aslv ? "aslvCode" : "alsvcode");
  number.acquired_number_status = std::nullopt;
  if (const auto status = Integer(json, "acquiredNumberStatus")) {
    number.acquired_number_status = static_cast<int>(*status);
  }
  number.raw_record = Write(json);
  return number;
}

// Reads the records of an array, or of an array within an array.
template <typename Record>
Result<std::vector<Record>, std::string> ReadRecords(
    std::string_view text, Record (*read)(const Value&)) {
  rapidjson::Document document;
  document.Parse(text.data(), text.size());
  if (document.HasParseError()) {
    return std::string(rapidjson::GetParseError_En(document.GetParseError())) +
           " at byte " + std::to_string(document.GetErrorOffset());
  }
  const Value* array = &document;
  if (array->IsArray() && array->Size() == 1 && (*array)[0].IsArray()) {
    array = &(*array)[0];
  }
  if (!array->IsArray()) return std::string("not a JSON array");
  std::vector<Record> records;
  for (const Value& element : array->GetArray()) {
    if (!element.IsObject()) return std::string("an element is no object");
    records.push_back(read(element));
  }
  return records;
}

}  // namespace

Result<Done, std::string> Estate::LoadLeads(std::string_view json) {
  auto leads = ReadRecords<Lead>(json, ReadLead);
  if (!leads.ok()) return leads.error();
  Change([&](EstateData& data) {
    for (Lead& lead : *leads) data.leads.push_back(std::move(lead));
  });
  return Done{};
}

Result<Done, std::string> Estate::LoadNumbers(std::string_view json) {
  auto numbers = ReadRecords<Number>(json, ReadNumber);
  if (!numbers.ok()) return numbers.error();
  std::map<std::string, std::vector<Number>> by_tenant;
  for (Number& number : *numbers) {
    by_tenant[ToLower(number.tenant_id.value_or(""))].push_back(
        std::move(number));
  }
  Change([&](EstateData& data) {
    for (auto& [tenant, added] : by_tenant) {
      std::vector<Number> list = data.numbers[tenant].List();
      for (Number& number : added) list.push_back(std::move(number));
      data.numbers[tenant] = TenantNumbers::Listed(std::move(list));
    }
  });
  return Done{};
}

}  // namespace operator_connect::simulator
