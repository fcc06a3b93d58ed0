#include "exporter/collector/account_change.h"

namespace operator_connect::collector {

bool ReadsTheSame(const config::Account& before, const config::Account& now) {
  return before.base_url == now.base_url &&
         before.channel_id == now.channel_id &&
         before.exclude_tenants == now.exclude_tenants &&
         before.leads.company == now.leads.company &&
         before.numbers.enabled == now.numbers.enabled &&
         before.numbers.exclude_statuses == now.numbers.exclude_statuses;
}

bool DiffersInPaceAlone(const config::Account& before, config::Account now) {
  now.concurrency = before.concurrency;
  now.requests_per_second = before.requests_per_second;
  now.request_timeout = before.request_timeout;
  now.max_response_bytes = before.max_response_bytes;
  now.leads.page_size = before.leads.page_size;
  now.numbers.page_size = before.numbers.page_size;
  now.numbers.removed_tenants_interval =
      before.numbers.removed_tenants_interval;
  return before == now;
}

}  // namespace operator_connect::collector
