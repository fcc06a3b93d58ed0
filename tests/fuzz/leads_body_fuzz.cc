// Any bytes as a page of leads, in pieces of any size: the streaming reader has
// the same verdict and the same leads as a plain parse of the whole document.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "exporter/live_platform/labels.h"
#include "exporter/live_platform/lead.h"
#include "exporter/live_platform/timestamp.h"
#include "tests/fuzz/pieces.h"
#include "tests/fuzz/plain_json.h"

namespace {

using namespace operator_connect;
using namespace operator_connect::live_platform;
using plain_json::IsId;
using plain_json::IsTime;
using plain_json::Member;
using plain_json::Require;
using plain_json::Text;
using plain_json::Value;

bool IsTrue(const Value* value) {
  std::string text = plain_json::Trimmed(Text(value));
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  if (text == "true") return true;
  return plain_json::IntegerOf(text).value_or(0) != 0;
}

bool HasAddresses(const Value* value) {
  if (value == nullptr) return false;
  if (value->IsObject()) return value->MemberCount() > 0;
  if (!value->IsArray()) return !plain_json::Scalar(*value).empty();
  for (const Value& item : value->GetArray()) {
    if (!item.IsNull()) return true;
  }
  return false;
}

std::string Company(const Value* details) {
  if (details == nullptr) return "";
  if (details->IsArray()) {
    const Value* object = nullptr;
    for (const Value& item : details->GetArray()) {
      if (object == nullptr && item.IsObject()) object = &item;
    }
    details = object;
  }
  if (details == nullptr || !details->IsObject()) return "";
  return CompanyLabel(Text(Member(*details, "companyName")));
}

void Compare(const Value& record, const Lead& lead) {
  const std::string tenant = Text(Member(record, "tenantId"));
  Require(lead.tenant == tenant);
  Require(lead.tenant_id == IdLabel(tenant));
  Require(lead.id == IdLabel(Text(Member(record, "id"))));
  Require(lead.key == IdKey(Text(Member(record, "id"))));
  std::string status = LabelValue(
      ShownLeadStatus(Text(Member(record, "status"), IsKnownLeadStatus)));
  if (status.empty()) status = kUnknown;
  Require(lead.status == status);
  const Value* customer = Member(record, "umpCustomerGuid");
  Require(lead.licensed == (customer != nullptr && !customer->IsBool() &&
                            IsId(Text(customer, IsId))));
  Require(lead.direct == IsTrue(Member(record, "isDirectLead")));
  Require(lead.has_addresses == HasAddresses(Member(record, "civicAddresses")));
  Require(lead.consented ==
          ParseTimestamp(Text(Member(record, "consentedOn"), IsTime)));
  Require(lead.modified ==
          ParseTimestamp(Text(Member(record, "lastModifiedOn"), IsTime)));
  Require(lead.company == Company(Member(record, "contactDetails")));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  Pieces pieces(data, size);
  LeadsPageReader reader;
  const bool good = pieces.ReadWith(reader);
  const auto records =
      plain_json::Parse(pieces.body(), RecordParser::kMaxDepth,
                        {"id", "tenantId", "status", "umpCustomerGuid",
                         "isDirectLead", "civicAddresses", "consentedOn",
                         "lastModifiedOn", "ovocChannelId", "contactDetails"});
  if (records && records->unsure) return 0;
  Require(good == records.has_value());
  if (!good) return 0;
  Require(reader.elements() == records->elements);
  Require(reader.leads().size() == records->objects.size());
  for (std::size_t i = 0; i < records->objects.size(); ++i) {
    Compare(*records->objects[i], reader.leads()[i]);
  }
  return 0;
}
