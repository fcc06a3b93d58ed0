#include "exporter/live_platform/lead.h"

#include <algorithm>
#include <array>
#include <utility>

#include "exporter/base/text.h"
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
  kCompanySize,
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
      {"contactDetails", "companySize"},
  };
  return kFields;
}

// A lead is in one channel. The limit bounds memory.
constexpr std::size_t kMaxChannels = 32;

void ReadChannels(const Record& record, Lead& lead) {
  record.ForEachText(kOvocChannelId, [&](std::string_view text) {
    if (TrimWhitespace(text).empty()) return;
    const std::optional<std::int64_t> channel = ToInteger(text);
    if (channel == 0) return;  // as if absent
    lead.attached = true;
    if (channel && lead.channels.size() < kMaxChannels) {
      lead.channels.push_back(*channel);
    }
    // Each integer has one label, in whichever way it is written. The first
    // channel is shown.
    if (lead.channel.empty()) {
      lead.channel = channel ? std::to_string(*channel) : LabelValue(text);
    }
  });
  if (lead.channel.empty()) lead.channel = kNone;
}

Lead MakeLead(const Record& record) {
  Lead lead;
  const std::string_view tenant = record.Text(kTenantId);
  lead.key = IdKey(record.Text(kId));
  lead.id = IdLabel(record.Text(kId));
  lead.tenant_id = IdLabel(tenant);
  lead.tenant = tenant;
  lead.company = CompanyLabel(record.Text(kCompanyName));
  lead.company_size = LabelValue(record.Text(kCompanySize));
  lead.status =
      LabelValue(ShownLeadStatus(record.Text(kStatus, IsKnownLeadStatus)));
  if (lead.status.empty()) lead.status = kUnknown;
  lead.licensed = !record.Id(kUmpCustomerGuid).empty();
  lead.direct = record.True(kIsDirectLead);
  lead.has_addresses = record.Filled(kCivicAddresses);
  lead.consented = record.Time(kConsentedOn);
  lead.modified = record.Time(kLastModifiedOn);
  ReadChannels(record, lead);
  return lead;
}

}  // namespace

std::string_view KnownLeadStatus(std::string_view text) {
  // The first three are in the order of the platform's integers.
  constexpr std::array<std::string_view, 5> kKnown = {
      kLeadActive, kLeadNotActive, kLeadEssential, kLeadRemoved,
      kLeadSuspended};
  if (text == "0" || text == "1" || text == "2") {
    return kKnown[static_cast<std::size_t>(text.front() - '0')];
  }
  for (const std::string_view known : kKnown) {
    if (EqualIgnoringCase(text, known)) return known;
  }
  return {};
}

bool IsKnownLeadStatus(std::string_view text) {
  return !KnownLeadStatus(text).empty();
}

std::string_view ShownLeadStatus(std::string_view text) {
  const std::string_view known = KnownLeadStatus(text);
  return known.empty() ? text : known;
}

bool Lead::InChannel(std::int64_t channel_id) const {
  return !attached || std::find(channels.begin(), channels.end(), channel_id) !=
                          channels.end();
}

LeadsPageReader::LeadsPageReader() : RecordsReader(LeadFields()) {}

void LeadsPageReader::OnRecord(const Record& record) {
  leads_.push_back(MakeLead(record));
}

}  // namespace operator_connect::live_platform
