#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_LEAD_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_LEAD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/live_platform/records_reader.h"

namespace operator_connect::live_platform {

// The known statuses, as they are shown: those that the page "Get All OC Leads"
// names, and the one that Microsoft gives a tenant.
inline constexpr std::string_view kLeadActive = "Active";
inline constexpr std::string_view kLeadNotActive = "Not Active";
inline constexpr std::string_view kLeadEssential = "OC Essential";
inline constexpr std::string_view kLeadRemoved = "Removed";
inline constexpr std::string_view kLeadSuspended = "Suspended";

// The known status that a text of the platform's means, in any case of letters
// or as the integer that some answers have in its place; empty if it is none.
std::string_view KnownLeadStatus(std::string_view text);
bool IsKnownLeadStatus(std::string_view text);
// `text` as it is shown and compared: a known status in its own spelling, any
// other text as it is.
std::string_view ShownLeadStatus(std::string_view text);

// One lead, as far as it is looked at. Texts but `key` and `tenant` are label
// values, ready to be shown; no telephone number, e-mail address or person's
// name is in them.
struct Lead {
  std::string key;        // `id` as IdKey() has it; empty: it has none
  std::string id;         // `id` as a label, lower case
  std::string tenant_id;  // `tenantId`, likewise; empty: it has none
  std::string tenant;     // `tenantId` as it was sent, to ask for its numbers
  std::string company;    // `contactDetails.companyName`
  std::string company_size;  // `contactDetails.companySize`
  std::string channel;       // `ovocChannelId`; kNone: null, absent, empty or 0
  std::string status;     // `status` as shown; kUnknown: null, absent or empty
  bool licensed = false;  // `umpCustomerGuid` is there and not zero
  bool direct = false;    // `isDirectLead`
  bool has_addresses = false;          // `civicAddresses` is not empty
  std::optional<WallTime> consented;   // `consentedOn`
  std::optional<WallTime> modified;    // `lastModifiedOn`
  bool attached = false;               // to a channel: `ovocChannelId` is there
  std::vector<std::int64_t> channels;  // `ovocChannelId`, one or several

  bool removed() const { return status == kLeadRemoved; }
  // A direct lead whose civic addresses the platform could not fetch: that is
  // all it shows of a failed sync.
  bool sync_failed() const { return direct && !removed() && !has_addresses; }
  // False if the lead is attached to another channel than `channel_id`.
  bool InChannel(std::int64_t channel_id) const;
};

// Reads one page of leads.
class LeadsPageReader : public RecordsReader {
 public:
  LeadsPageReader();

  // Of the page read last.
  const std::vector<Lead>& leads() const { return leads_; }
  std::vector<Lead>& leads() { return leads_; }

 private:
  void OnRestart() override { leads_.clear(); }
  void OnRecord(const Record& record) override;

  std::vector<Lead> leads_;
};

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_LEAD_H_
