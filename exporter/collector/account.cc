#include "exporter/collector/account.h"

#include <utility>

#include "exporter/collector/account_change.h"
#include "exporter/collector/orphans.h"

namespace operator_connect::collector {

Account::Account(const Context& context, config::Account account,
                 const config::Collection& times,
                 std::shared_ptr<exposition::RequestMetrics> metrics)
    : context_(context),
      metrics_(std::move(metrics)),
      client_(std::move(account), context.clock, context.log, *metrics_),
      history_(
          context.history.Configure(client_.account(), context.clock.Wall())),
      times_(times) {}

Account::Ticket Account::StartDue() {
  MutexLock lock(mutex_);
  if (!retired_) {
    if (Due(leads_, times_.leads)) StartLeads();
    // Without leads, the tenants to ask for numbers are unknown.
    const bool has_leads = published_leads_ != nullptr || leads_.running;
    if (account().numbers.enabled && has_leads &&
        Due(numbers_, times_.numbers)) {
      StartNumbers();
    }
  }
  ++waiting_;
  return {leads_.ended_runs + (leads_.running ? 1 : 0),
          numbers_.ended_runs + (numbers_.running ? 1 : 0)};
}

void Account::Wait(const Ticket& ticket, const Deadline& deadline) {
  // A stop must wake the wait. The lock keeps the wake-up from falling between
  // the check of the deadline and the wait.
  std::stop_callback wake(deadline.stop(), [this] {
    MutexLock lock(mutex_);
    changed_.NotifyAll();
  });
  MutexLock lock(mutex_);
  // Removed tenants are asked after the run of numbers that this ticket waits
  // for.
  const bool wait_for_orphans = numbers_.ended_runs < ticket.numbers_run;
  while (!deadline.expired() && (leads_.ended_runs < ticket.leads_run ||
                                 numbers_.ended_runs < ticket.numbers_run ||
                                 (wait_for_orphans && asking_orphans_))) {
    changed_.WaitUntil(mutex_, deadline.at());
  }
  --waiting_;
  if (retired_ && waiting_ == 0) stop_.request_stop();
}

bool Account::Due(const Track& track,
                  const config::CollectionTimes& times) const {
  if (track.running) return false;
  return !track.started ||
         context_.clock.Steady() - *track.started >= times.min_interval;
}

void Account::StartLeads() {
  leads_.running = true;
  leads_.started = context_.clock.Steady();
  context_.pool.Submit([self = shared_from_this()] { self->RunLeads(); });
}

void Account::StartNumbers() {
  numbers_.running = true;
  numbers_.started = context_.clock.Steady();
  orphans_stop_.request_stop();
  context_.pool.Submit([self = shared_from_this()] { self->RunNumbers(); });
}

void Account::RunLeads() {
  const ReadTime started(context_.clock);
  Duration timeout;
  live_platform::LeadsBefore before;
  bool read_again_before = false;
  {
    MutexLock lock(mutex_);
    timeout = times_.leads.timeout;
    before.whole = leads_whole_;
    if (published_leads_) before.tenants = published_leads_->all_tenants;
    read_again_before = leads_read_again_;
  }
  const LeadsOutcome found =
      CollectLeads({client_, context_.log, history_}, before, read_again_before,
                   started, Deadline::After(timeout, stop_.get_token()));
  metrics_->OnMalformedRecords("leads", found.malformed);
  MutexLock lock(mutex_);
  leads_read_again_ = found.read_again;
  if (found.published) {
    published_leads_ = found.published;
    leads_whole_ = true;
  }
  EndRun(leads_, "leads", found.summary, started);
}

void Account::RunNumbers() {
  const ReadTime started(context_.clock);
  Duration timeout;
  {
    MutexLock lock(mutex_);
    // The start of this run has stopped it.
    while (asking_orphans_) changed_.Wait(mutex_);
    timeout = times_.numbers.timeout;
  }
  const Deadline deadline = Deadline::After(timeout, stop_.get_token());
  const std::shared_ptr<const PublishedLeads> leads = WaitForLeads(deadline);
  if (leads != nullptr) {
    ReadNumbers(*leads, started, deadline);
    return;
  }
  MutexLock lock(mutex_);
  EndRun(numbers_, "numbers",
         {.asked = false,
          .failure = "leads",
          .problem = "the tenants are not known: no leads could be read"},
         started);
  // No tenant was asked: the next collection of leads may start numbers again.
  numbers_.started.reset();
}

void Account::ReadNumbers(const PublishedLeads& leads, const ReadTime& started,
                          const Deadline& deadline) {
  Duration max_age;
  PublishedNumbers before;
  {
    MutexLock lock(mutex_);
    max_age = times_.numbers.max_age;
    before = published_numbers_;
  }
  const NumbersContext numbers{client_, context_.clock, context_.log,
                               context_.pool, max_age};
  const NumbersOutcome found = CollectNumbers(numbers, leads.tenants.customers,
                                              before.numbers(), deadline);
  metrics_->OnMalformedRecords("numbers", found.malformed);
  PublishedNumbers published(
      found.snapshot,
      ListOrphans(account(), leads.tenants, leads.all_tenants, found,
                  {before.numbers().get(), before.orphans().get()}));
  published.Refresh(account(), max_age, context_.clock.Steady());
  const bool ask_orphans =
      leads.tenants.removed && OrphansAreAsked(account(), found);
  const std::stop_source stop;
  {
    MutexLock lock(mutex_);
    published_numbers_ = std::move(published);
    EndRun(numbers_, "numbers", found.Summary(), started);
    asking_orphans_ = ask_orphans;
    orphans_stop_ = stop;
  }
  if (ask_orphans) RunOrphans(numbers, *leads.tenants.removed, stop, deadline);
}

void Account::RunOrphans(const NumbersContext& numbers,
                         const std::vector<Tenant>& removed,
                         std::stop_source stop, const Deadline& deadline) {
  const std::stop_callback stop_too(deadline.stop(),
                                    [&stop] { stop.request_stop(); });
  std::shared_ptr<const exposition::OrphansSnapshot> before;
  {
    MutexLock lock(mutex_);
    before = published_numbers_.orphans();
  }
  std::uint64_t malformed = 0;
  exposition::OrphansSnapshot orphans =
      AskOrphans(numbers, removed, *before, malformed,
                 Deadline(deadline.at(), stop.get_token()));
  metrics_->OnMalformedRecords("numbers", malformed);
  MutexLock lock(mutex_);
  published_numbers_.SetOrphans(std::move(orphans));
  asking_orphans_ = false;
  changed_.NotifyAll();
}

std::shared_ptr<const PublishedLeads> Account::WaitForLeads(
    const Deadline& deadline) {
  MutexLock lock(mutex_);
  // A stop ends the run of leads, which wakes the wait.
  while (published_leads_ == nullptr && leads_.running &&
         std::chrono::steady_clock::now() < deadline.at()) {
    changed_.WaitUntil(mutex_, deadline.at());
  }
  return published_leads_;
}

void Account::EndRun(Track& track, std::string_view collector,
                     const Outcome& outcome, const ReadTime& started) {
  track.running = false;
  ++track.ended_runs;
  changed_.NotifyAll();
  // A cancelled run says nothing about the platform.
  if (stop_.stop_requested()) return;
  LogChange(context_.log, account().name, collector, track, outcome);
  track.Take(outcome, context_.clock.Steady() - started.steady, started.wall);
}

void Account::SetTimes(const config::Collection& times) {
  MutexLock lock(mutex_);
  times_ = times;
  // With the new `max_age`, the samples may have expired, or be valid again.
  published_numbers_.Outdate();
}

void Account::Retire() {
  MutexLock lock(mutex_);
  retired_ = true;
  if (waiting_ == 0) stop_.request_stop();
}

void Account::Stop() {
  {
    MutexLock lock(mutex_);
    retired_ = true;
  }
  stop_.request_stop();
}

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
    // A run under way belongs to the old account and ends with it.
    if (track->running || !in_no_hurry) track->started.reset();
    track->running = false;
    track->ended_runs = 0;
  }
  MutexLock lock(mutex_);
  leads_ = std::move(results.leads);
  numbers_ = std::move(results.numbers);
  published_leads_ = std::move(results.published_leads);
  published_numbers_ = std::move(results.published_numbers);
  // They must be written with the new limits.
  published_numbers_.Outdate();
}

exposition::AccountSamples Account::Expose() {
  exposition::AccountSamples exposed;
  exposed.requests = metrics_->Collect();
  for (prometheus::MetricFamily& family : history_.Families()) {
    exposed.requests.push_back(std::move(family));
  }
  exposed.samples[3] = history_.Expose(context_.clock.Wall());
  MutexLock lock(mutex_);
  if (published_leads_ && context_.clock.Steady() - published_leads_->read_at <=
                              times_.leads.max_age) {
    exposed.samples[0] = published_leads_->samples;
  }
  published_numbers_.Refresh(account(), times_.numbers.max_age,
                             context_.clock.Steady());
  exposed.samples[1] = published_numbers_.samples().samples;
  exposed.samples[4] = published_numbers_.orphan_samples().samples;
  exposed.samples[2] = WriteCollections();
  return exposed;
}

exposition::Samples Account::WriteCollections() {
  exposition::Samples samples = WriteTracks(account().name, leads_, numbers_);
  WriteTime(exposition::Family::kTokenExpiry, account().name,
            metrics_->token_expiry(), samples);
  // All waits use the machine's clock.
  const SteadyTime now = std::chrono::steady_clock::now();
  const SteadyTime until = client_.paused_until();
  if (until > now) {
    // In whole seconds, so that the value is the same at each scrape.
    WriteTime(exposition::Family::kPausedUntil, account().name,
              std::chrono::round<std::chrono::seconds>(context_.clock.Wall() +
                                                       (until - now)),
              samples);
  }
  return samples;
}

exposition::AccountState Account::State() const {
  MutexLock lock(mutex_);
  exposition::AccountState state;
  state.name = account().name;
  state.base_url = account().base_url;
  state.up = Up(leads_, numbers_);
  state.leads = leads_.State();
  state.numbers = numbers_.State();
  state.numbers.enabled = account().numbers.enabled;
  state.tenants = published_numbers_.samples().tenants;
  return state;
}

}  // namespace operator_connect::collector
