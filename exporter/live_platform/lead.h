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

// The known statuses as shown: those of the page "Get All OC Leads", and
// Microsoft's status of a tenant.
inline constexpr std::string_view kLeadActive = "Active";
inline constexpr std::string_view kLeadNotActive = "Not Active";
inline constexpr std::string_view kLeadEssential = "OC Essential";
inline constexpr std::string_view kLeadRemoved = "Removed";
inline constexpr std::string_view kLeadSuspended = "Suspended";

// The known status of a platform's text, in any case or as the integer that
// some responses have instead; empty if it is none.
std::string_view KnownLeadStatus(std::string_view text);
bool IsKnownLeadStatus(std::string_view text);
// `text` for display and comparison: a known status in its own spelling, any
// other text unchanged.
std::string_view ShownLeadStatus(std::string_view text);

// The fields of a lead that are used. Texts but `key` and `tenant` are label
// values, ready to be shown; they hold no telephone number, e-mail address or
// person's name.
struct Lead {
  std::string key;           // IdKey() of `id`; empty: it has none
  std::string id;            // `id` as a label, lower case
  std::string tenant_id;     // `tenantId` as a label; empty: it has none
  std::string tenant;        // `tenantId` as it was sent, for requests
  std::string company;       // `contactDetails.companyName`
  std::string company_size;  // `contactDetails.companySize`
  std::string channel;       // `ovocChannelId`; kNone: none, empty or 0
  std::string status;     // `status` as shown; kUnknown: null, missing or empty
  bool licensed = false;  // `umpCustomerGuid` is set and not zero
  bool direct = false;    // `isDirectLead`
  bool has_addresses = false;          // `civicAddresses` is not empty
  std::optional<WallTime> consented;   // `consentedOn`
  std::optional<WallTime> modified;    // `lastModifiedOn`
  bool attached = false;               // to a channel: `ovocChannelId` is set
  std::vector<std::int64_t> channels;  // `ovocChannelId`, one or several

  bool removed() const { return status == kLeadRemoved; }
  // A direct lead whose civic addresses the platform could not fetch: the only
  // sign of a failed sync.
  bool sync_failed() const { return direct && !removed() && !has_addresses; }
  // False: the lead is attached to other channels than `channel_id`.
  bool InChannel(std::int64_t channel_id) const;
};

// Reads one page of leads.
class LeadsPageReader : public RecordsReader {
 public:
  LeadsPageReader();

  // Of the last page.
  const std::vector<Lead>& leads() const { return leads_; }
  std::vector<Lead>& leads() { return leads_; }

 private:
  void OnRestart() override { leads_.clear(); }
  void OnRecord(const Record& record) override;

  std::vector<Lead> leads_;
};

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_LEAD_H_
