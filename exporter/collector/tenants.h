#ifndef OPERATOR_CONNECT_EXPORTER_COLLECTOR_TENANTS_H_
#define OPERATOR_CONNECT_EXPORTER_COLLECTOR_TENANTS_H_

#include <optional>
#include <string>
#include <vector>

#include "exporter/config/config.h"
#include "exporter/live_platform/lead.h"

namespace operator_connect::collector {

// A tenant to ask for its numbers.
struct Tenant {
  std::string id;   // lower case, as in labels
  std::string raw;  // as the platform wrote it
  // The tenant has leads that are not Removed, and none of them is licensed.
  bool unlicensed = false;
};

// The tenants of an account's leads, each once, in the order of the leads.
struct Tenants {
  // Tenants whose numbers are collected: with a lead whose status is not
  // excluded and which is attached to no other channel than the account's.
  std::vector<Tenant> customers;
  // Tenants whose leads are all Removed, at least one of them attached to no
  // other channel. nullopt: `exclude_statuses` does not hold Removed.
  std::optional<std::vector<Tenant>> removed;
};

Tenants TenantsOf(const config::Account& account,
                  const std::vector<live_platform::Lead>& leads);

}  // namespace operator_connect::collector

#endif  // OPERATOR_CONNECT_EXPORTER_COLLECTOR_TENANTS_H_
