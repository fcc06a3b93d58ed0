#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <string>
#include <utility>

#include "tests/simulator/platform.h"

namespace operator_connect::simulator {

namespace {

using rapidjson::Document;
using rapidjson::Value;

// An unknown field with invalid content.
std::string SpoiltField(Spoil spoil, std::size_t index) {
  switch (spoil) {
    case Spoil::kLoneSurrogate:
      return R"("a\ud800b")";
    case Spoil::kInvalidUtf8:
      return "\"a\xff\xfe\xc3(\xed\xa0\x80 b\"";
    case Spoil::kNul:
      return R"("a\u0000b")";
    case Spoil::kMegabyteString:
      return '"' + std::string(index == 0 ? 1 << 20 : 3, 'x') + '"';
    default:
      return R"({"id":"nested","tenantId":"nested","status":"Removed",)"
             R"("umpCustomerGuid":"nested","isDirectLead":true,)"
             R"("assignmentStatus":"VoiceApp","aslvCode":"500",)"
             R"("acquiredCapabilities":["Nested"],"contactDetails":)"
             R"({"companyName":"Nested"},"civicAddresses":[{"status":[{}]}]})";
  }
}

void Wrap(Document& json, const char* name) {
  if (!json.HasMember(name) || json[name].IsNull()) return;
  Value array(rapidjson::kArrayType);
  array.PushBack(json[name], json.GetAllocator());
  json[name] = array;
}

// Replaces an array of one element by the element.
void Unwrap(Document& json, const char* name) {
  if (!json.HasMember(name) || !json[name].IsArray() ||
      json[name].Size() != 1) {
    return;
  }
  Value element;
  element = json[name][0];
  json[name] = element;
}

// Replaces true by "true", and 17 by "17".
void Quote(Document& json, const char* name) {
  if (!json.HasMember(name)) return;
  Value& value = json[name];
  std::string text;
  if (value.IsBool()) {
    text = value.GetBool() ? "true" : "false";
  } else if (value.IsInt64()) {
    text = std::to_string(value.GetInt64());
  } else {
    return;
  }
  value.SetString(text.c_str(), json.GetAllocator());
}

void Write(const Document& json, std::string& out) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  json.Accept(writer);
  out.append(buffer.GetString(), buffer.GetSize());
}

}  // namespace

void AppendSpoiltLead(Lead lead, Spoil spoil, std::size_t index,
                      std::string& out) {
  lead.raw_record.clear();
  if (spoil != Spoil::kWrongTypes) {
    lead.raw_fields["aSpoiltField"] = SpoiltField(spoil, index);
    AppendLead(lead, out);
    return;
  }
  std::string text;
  AppendLead(lead, text);
  Document json;
  if (json.Parse(text.c_str()).HasParseError()) {
    out += text;
    return;
  }
  Quote(json, "isDirectLead");
  Quote(json, "isNotActive");
  Quote(json, "ovocChannelId");
  Wrap(json, "contactDetails");
  Unwrap(json, "civicAddresses");
  Unwrap(json, "contacts");
  Unwrap(json, "consentedCountries");
  Write(json, out);
}

void AppendSpoiltNumber(Number number, Spoil spoil, std::size_t index,
                        std::string& out) {
  number.raw_record.clear();
  if (spoil != Spoil::kWrongTypes) {
    number.raw_fields["aSpoiltField"] = SpoiltField(spoil, index);
    AppendNumber(number, out);
    return;
  }
  number.code_is_number = !number.code_is_number;
  std::string text;
  AppendNumber(number, text);
  Document json;
  if (json.Parse(text.c_str()).HasParseError()) {
    out += text;
    return;
  }
  Quote(json, "id");
  Quote(json, "acquiredNumberStatus");
  for (const char* name : {"assignmentStatus", "isoCountryCode", "source",
                           "callingProfileId", "locationId", "civicAddressId",
                           "acquiredOn", "aslsct", "whenCreated"}) {
    Wrap(json, name);
  }
  Unwrap(json, "acquiredCapabilities");
  Unwrap(json, "availableCapabilities");
  Unwrap(json, "sbcList");
  Write(json, out);
}

}  // namespace operator_connect::simulator
