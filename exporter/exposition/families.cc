#include "exporter/exposition/families.h"

#include <vector>

namespace operator_connect::exposition {
namespace {

struct Description {
  std::string_view name;
  std::string_view help;
};

constexpr std::array<Description, kFamilies> kDescriptions = {{
    {"operator_connect_leads",
     "Leads by status (field status of Get All OC Leads)."},
    {"operator_connect_unlicensed_leads",
     "Leads without a license by status (field umpCustomerGuid is null, "
     "absent, empty or zero)."},
    {"operator_connect_leads_by_channel",
     "Leads by channel and status (fields ovocChannelId and status)."},
    {"operator_connect_unlicensed_leads_waiting",
     "Unlicensed Active leads that consented longer ago than this (field "
     "consentedOn, else lastModifiedOn)."},
    {"operator_connect_oldest_unlicensed_lead_timestamp_seconds",
     "When the unlicensed Active lead that waits longest consented (field "
     "consentedOn, else lastModifiedOn)."},
    {"operator_connect_direct_leads",
     "Leads that were entered for the operator (field isDirectLead)."},
    {"operator_connect_lead_info",
     "A lead (fields tenantId, id, contactDetails.companyName, status, "
     "umpCustomerGuid, isDirectLead, civicAddresses); always 1."},
    {"operator_connect_lead_consented_timestamp_seconds",
     "When the lead consented (field consentedOn)."},
    {"operator_connect_lead_last_modified_timestamp_seconds",
     "When the lead was last modified (field lastModifiedOn)."},
    {"operator_connect_tenant_info",
     "A tenant, its name, channel and size (fields tenantId, "
     "contactDetails.companyName, ovocChannelId and "
     "contactDetails.companySize of its newest lead); always 1."},
    {"operator_connect_tenants_by_lifecycle",
     "Tenants by the state of their life (fields status and umpCustomerGuid of "
     "their leads, now and before)."},
    {"operator_connect_tenants_changed_recently",
     "Tenants that have been in this state for less than this."},
    {"operator_connect_tenant_lifecycle_since_timestamp_seconds",
     "When the tenant entered its state: the start of the collection that "
     "first showed it (for tenants never seen before, field lastModifiedOn or "
     "consentedOn)."},
    {"operator_connect_sync_failures",
     "Failed syncs: direct leads without civic addresses (field "
     "civicAddresses), numbers whose last verification failed (field "
     "aslvCode is 400 or more)."},
    {"operator_connect_numbers",
     "Numbers by assignment status (field assignmentStatus of Get Operator "
     "Connect Customer Numbers)."},
    {"operator_connect_number_capabilities",
     "Numbers that have acquired a capability (field acquiredCapabilities); "
     "a number counts once for each."},
    {"operator_connect_number_available_capabilities",
     "Numbers for which a capability is available (field "
     "availableCapabilities); a number counts once for each."},
    {"operator_connect_number_acquired_status",
     "Numbers by acquired status (field acquiredNumberStatus)."},
    {"operator_connect_numbers_by_verification_code",
     "Numbers by the code of their last verification (field aslvCode or "
     "alsvcode)."},
    {"operator_connect_numbers_by_country",
     "Numbers by country (field isoCountryCode)."},
    {"operator_connect_numbers_by_source",
     "Numbers by the interface that they were uploaded through (field source; "
     "ocsync: not uploaded through the platform)."},
    {"operator_connect_numbers_by_sbc",
     "Numbers by SBC (field sbcList); a number counts once for each."},
    {"operator_connect_numbers_by_calling_profile",
     "Numbers by calling profile (field callingProfileId)."},
    {"operator_connect_numbers_acquired",
     "Numbers that were acquired within this time (field acquiredOn)."},
    {"operator_connect_idle_numbers",
     "Numbers that have been Unassigned for longer than this (field aslsct, "
     "else acquiredOn, else whenCreated)."},
    {"operator_connect_numbers_without_emergency_location",
     "Numbers without an emergency location (neither field locationId nor "
     "civicAddressId)."},
    {"operator_connect_oldest_assignment_check_timestamp_seconds",
     "The oldest of the numbers' last successful assignment checks (field "
     "aslcht)."},
    {"operator_connect_newest_assignment_check_timestamp_seconds",
     "The newest of the numbers' last successful assignment checks (field "
     "aslcht)."},
    {"operator_connect_numbers_never_checked",
     "Numbers without a successful assignment check (field aslcht)."},
    {"operator_connect_tenant_numbers",
     "Numbers of a tenant by assignment status (field assignmentStatus)."},
    {"operator_connect_tenant_sync_failures",
     "Numbers of a tenant whose last verification failed (field aslvCode is "
     "400 or more)."},
    {"operator_connect_tenant_idle_numbers",
     "Numbers of a tenant that have been Unassigned for longer than 90 days "
     "(field aslsct, else acquiredOn, else whenCreated)."},
    {"operator_connect_tenant_numbers_without_emergency_location",
     "UserAssigned numbers of a tenant without an emergency location (neither "
     "field locationId nor civicAddressId)."},
    {"operator_connect_tenant_leaving_numbers",
     "Numbers of a tenant that are being released or removed (field "
     "acquiredNumberStatus is neither 0 nor Active)."},
    {"operator_connect_tenant_first_number_timestamp_seconds",
     "When the first of a tenant's numbers was acquired (field acquiredOn)."},
    {"operator_connect_tenants",
     "Tenants asked for their numbers: ok, stale (failed this time, the last "
     "known counts are used) or failed (no counts)."},
    {"operator_connect_tenant_failed",
     "A tenant whose numbers could not be read this time; always 1."},
    {"operator_connect_oldest_tenant_numbers_timestamp_seconds",
     "When the oldest counts of numbers in use were read."},
    {"operator_connect_orphan_numbers",
     "Numbers of tenants that are no customers: all leads are removed (field "
     "status), or there is no lead; and of tenants without a license (field "
     "umpCustomerGuid)."},
    {"operator_connect_tenant_orphan_numbers",
     "Numbers of a tenant that is no customer, or not licensed (fields status "
     "and umpCustomerGuid of its leads)."},
    {"operator_connect_dropped_series",
     "Series left out by a limit of the configuration."},
    {"operator_connect_up",
     "Whether the newest collections of the account succeeded."},
    {"operator_connect_collector_success",
     "Whether the newest collection succeeded."},
    {"operator_connect_collector_duration_seconds",
     "Duration of the newest collection."},
    {"operator_connect_collector_records",
     "Records that the newest collection read."},
    {"operator_connect_collector_last_success_timestamp_seconds",
     "When the newest successful collection was started."},
    {"operator_connect_exporter_token_expiry_timestamp_seconds",
     "When the access token expires."},
    {"operator_connect_exporter_upstream_paused_until_timestamp_seconds",
     "Until when the platform demanded a pause (Retry-After)."},
}};

std::array<std::string, kFamilies> MakeHeads() {
  std::array<std::string, kFamilies> heads;
  for (std::size_t i = 0; i < kFamilies; ++i) {
    const std::string name(kDescriptions[i].name);
    heads[i] = "# HELP " + name + " " + std::string(kDescriptions[i].help) +
               "\n# TYPE " + name + " gauge\n";
  }
  return heads;
}

}  // namespace

std::string_view Name(Family family) {
  return kDescriptions[static_cast<std::size_t>(family)].name;
}

const std::string& Head(Family family) {
  static const std::array<std::string, kFamilies> kHeads = MakeHeads();
  return kHeads[static_cast<std::size_t>(family)];
}

}  // namespace operator_connect::exposition
