#include "exporter/collector/account.h"

namespace operator_connect::collector {
namespace {

// What `before` read still tells of what `now` asks for: the same platform,
// the same tenants.
bool ReadsTheSame(const config::Account& before, const config::Account& now) {
  return before.base_url == now.base_url &&
         before.channel_id == now.channel_id &&
         before.exclude_tenants == now.exclude_tenants &&
         before.leads.company == now.leads.company &&
         before.numbers.enabled == now.numbers.enabled &&
         before.numbers.exclude_statuses == now.numbers.exclude_statuses;
}

// Nothing differs but how fast and in what portions the platform is asked: no
// reason to ask it again at once.
bool DiffersInPaceAlone(const config::Account& before, config::Account now) {
  now.concurrency = before.concurrency;
  now.requests_per_second = before.requests_per_second;
  now.request_timeout = before.request_timeout;
  now.max_response_bytes = before.max_response_bytes;
  now.leads.page_size = before.leads.page_size;
  now.numbers.page_size = before.numbers.page_size;
  return before == now;
}

}  // namespace

Account::Results Account::TakeResults() {
  MutexLock lock(mutex_);
  return {leads_, numbers_, published_leads_, published_numbers_};
}

void Account::TakeOver(Account& old) {
  if (!ReadsTheSame(old.account(), account())) return;
  client_.PauseUntil(old.client_.paused_until());
  Results results = old.TakeResults();
  const bool in_no_hurry = DiffersInPaceAlone(old.account(), account());
  for (Track* track : {&results.leads, &results.numbers}) {
    // A run under way is the old account's, and ends with it.
    if (track->running || !in_no_hurry) track->started.reset();
    track->running = false;
    track->ended_runs = 0;
  }
  MutexLock lock(mutex_);
  leads_ = std::move(results.leads);
  numbers_ = std::move(results.numbers);
  published_leads_ = std::move(results.published_leads);
  published_numbers_ = std::move(results.published_numbers);
  // To be written with the new limits.
  numbers_samples_.valid_until = SteadyTime::min();
}

}  // namespace operator_connect::collector
