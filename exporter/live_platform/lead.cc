#include "exporter/live_platform/lead.h"

#include <charconv>
#include <utility>

#include "exporter/live_platform/labels.h"

namespace operator_connect::live_platform {
namespace {

// In the order of LeadFields().
enum LeadField {
  kId,
  kTenantId,
  kStatus,
  kUmpCustomerGuid,
  kIsDirectLead,
  kCivicAddresses,
  kConsentedOn,
  kLastModifiedOn,
  kOvocChannelId,
  kCompanyName,
};

const FieldTable& LeadFields() {
  static const FieldTable kFields = {
      {"id"},
      {"tenantId"},
      {"status"},
      {"umpCustomerGuid"},
      {"isDirectLead"},
      {"civicAddresses"},
      {"consentedOn"},
      {"lastModifiedOn"},
      {"ovocChannelId"},
      {"contactDetails", "companyName"},
  };
  return kFields;
}

// A customer of the platform's. The zero GUID, with or without its dashes and
// braces, is none, and neither is false.
bool IsLicensed(const Record& record) {
  return record.value(kUmpCustomerGuid).kind != JsonValue::Kind::kBool &&
         record.Text(kUmpCustomerGuid).find_first_not_of("0-{} ") !=
             std::string_view::npos;
}

Lead MakeLead(const Record& record) {
  Lead lead;
  const std::string_view tenant = record.Text(kTenantId);
  lead.key = IdKey(record.Text(kId));
  lead.id = IdLabel(record.Text(kId));
  lead.tenant_id = IdLabel(tenant);
  lead.tenant = tenant;
  lead.company = CompanyLabel(record.Text(kCompanyName));
  lead.status = LabelValue(record.Text(kStatus, IsKnownLeadStatus));
  if (lead.status.empty()) lead.status = kUnknown;
  lead.licensed = IsLicensed(record);
  lead.direct = record.True(kIsDirectLead);
  lead.has_addresses = record.Filled(kCivicAddresses);
  lead.consented = record.Time(kConsentedOn);
  lead.modified = record.Time(kLastModifiedOn);
  const std::string_view channel = record.Text(kOvocChannelId);
  if (!channel.empty()) lead.channel = LabelValue(channel);
  return lead;
}

}  // namespace

bool IsKnownLeadStatus(std::string_view status) {
  return status == kLeadActive || status == kLeadNotActive ||
         status == kLeadEssential || status == kLeadRemoved;
}

bool Lead::InChannel(std::int64_t channel_id) const {
  if (!channel) return true;
  std::int64_t number = 0;
  const char* const end = channel->data() + channel->size();
  const auto [stop, error] = std::from_chars(channel->data(), end, number);
  return error == std::errc() && stop == end && number == channel_id;
}

LeadsPageReader::LeadsPageReader() : JsonRecordsReader(LeadFields()) {}

void LeadsPageReader::OnRecord(const Record& record) {
  leads_.push_back(MakeLead(record));
}

}  // namespace operator_connect::live_platform
