#include "exporter/collector/account.h"

#include <utility>

#include "exporter/exposition/leads_samples.h"
#include "exporter/exposition/sample_writer.h"

namespace operator_connect::collector {
namespace {

using exposition::Family;
using http_client::Failure;
using live_platform::AllLeads;
using live_platform::AnswerReader;
using live_platform::Client;

void WriteTrack(exposition::SampleWriter& writer, std::string_view collector,
                double value) {
  writer.Add().Label("collector", collector).Value(value);
}

}  // namespace

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
    // Without leads nobody knows whom to ask for numbers.
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
  // A stop must wake the wait, and the wait holds the lock when it looks.
  std::stop_callback wake(deadline.stop(), [this] {
    MutexLock lock(mutex_);
    changed_.NotifyAll();
  });
  MutexLock lock(mutex_);
  while (!deadline.expired() && (leads_.ended_runs < ticket.leads_run ||
                                 numbers_.ended_runs < ticket.numbers_run)) {
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
  context_.pool.Submit([self = shared_from_this()] { self->RunNumbers(); });
}

void Account::RunLeads() {
  const SteadyTime started = context_.clock.Steady();
  const WallTime started_wall = context_.clock.Wall();
  Duration timeout;
  {
    MutexLock lock(mutex_);
    timeout = times_.leads.timeout;
  }
  const Deadline deadline = Deadline::After(timeout, stop_.get_token());
  std::uint64_t malformed = 0;
  Result<AllLeads, http_client::Failure> read = live_platform::ReadAllLeads(
      account(),
      [&](const Client::LeadsRequest& request, AnswerReader& reader) {
        return client_.GetLeads(request, reader, deadline);
      },
      malformed);
  metrics_->OnMalformedRecords("leads", malformed);

  Outcome outcome;
  std::shared_ptr<PublishedLeads> published;
  if (read.ok()) {
    outcome.success = true;
    outcome.records = read->leads.size();
    published = std::make_shared<PublishedLeads>();
    published->samples =
        exposition::WriteLeads(account(), read->leads, started_wall);
    published->samples[Family::kTenantsByLifecycle] = history_.Record(
        account(), *read, started_wall)[Family::kTenantsByLifecycle];
    published->tenants = TenantsToAsk(account(), read->leads);
    published->read_at = started;
  } else {
    outcome.failure = read.error().Reason();
    outcome.problem = read.error().detail;
  }
  MutexLock lock(mutex_);
  if (published) published_leads_ = std::move(published);
  EndRun(leads_, "leads", outcome, started, started_wall);
}

void Account::RunNumbers() {
  const SteadyTime started = context_.clock.Steady();
  const WallTime started_wall = context_.clock.Wall();
  Duration timeout;
  Duration max_age;
  std::shared_ptr<const exposition::NumbersSnapshot> before;
  {
    MutexLock lock(mutex_);
    timeout = times_.numbers.timeout;
    max_age = times_.numbers.max_age;
    before = published_numbers_;
  }
  const Deadline deadline = Deadline::After(timeout, stop_.get_token());
  const std::shared_ptr<const PublishedLeads> leads = WaitForLeads(deadline);
  if (leads == nullptr) {
    MutexLock lock(mutex_);
    EndRun(numbers_, "numbers",
           {.asked = false,
            .failure = "leads",
            .problem = "the tenants are not known: no leads could be read"},
           started, started_wall);
    // Nobody was asked, so that nothing keeps it from starting with the next
    // collection of leads.
    numbers_.started.reset();
    return;
  }
  const NumbersOutcome found = CollectNumbers(
      {client_, context_.clock, context_.log, context_.pool, max_age},
      leads->tenants, before, deadline);
  metrics_->OnMalformedRecords("numbers", found.malformed);
  exposition::NumbersSamples samples = exposition::WriteNumbers(
      account(), *found.snapshot, max_age, context_.clock.Steady());
  Outcome outcome;
  outcome.success = leads->tenants.empty() || found.answered > 0;
  outcome.records = found.records;
  if (!outcome.success) {
    outcome.failure = found.snapshot->tenants.front().failure;
    outcome.problem = "no tenant answered: " + found.problem;
  }
  MutexLock lock(mutex_);
  published_numbers_ = found.snapshot;
  numbers_samples_ = std::move(samples);
  EndRun(numbers_, "numbers", outcome, started, started_wall);
}

std::shared_ptr<const Account::PublishedLeads> Account::WaitForLeads(
    const Deadline& deadline) {
  MutexLock lock(mutex_);
  // A stop ends the run of leads, and that wakes the wait.
  while (published_leads_ == nullptr && leads_.running &&
         std::chrono::steady_clock::now() < deadline.at()) {
    changed_.WaitUntil(mutex_, deadline.at());
  }
  return published_leads_;
}

void Account::EndRun(Track& track, std::string_view collector,
                     const Outcome& outcome, SteadyTime started,
                     WallTime started_wall) {
  track.running = false;
  ++track.ended_runs;
  changed_.NotifyAll();
  // A run that was cancelled says nothing of the platform.
  if (stop_.stop_requested()) return;
  LogChange(track, collector, outcome);
  track.success = outcome.success;
  track.asked = outcome.asked;
  track.duration = context_.clock.Steady() - started;
  track.records = outcome.records;
  if (outcome.success) track.last_success = started_wall;
  track.failure = outcome.failure;
  track.problem = outcome.problem;
}

void Account::LogChange(const Track& track, std::string_view collector,
                        const Outcome& outcome) {
  const std::string& name = account().name;
  if (!outcome.success && outcome.failure != track.failure) {
    context_.log.Warn("collector", "A collection failed.",
                      {{"account", name},
                       {"endpoint", collector},
                       {"reason", outcome.failure},
                       {"detail", outcome.problem}});
  } else if (outcome.success && !track.success.value_or(false)) {
    context_.log.Info("collector", "A collection succeeded.",
                      {{"account", name},
                       {"endpoint", collector},
                       {"records", outcome.records}});
  }
}

void Account::SetTimes(const config::Collection& times) {
  MutexLock lock(mutex_);
  times_ = times;
  // What was written may now be too old, or no longer.
  numbers_samples_.valid_until = SteadyTime::min();
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

void Account::RefreshNumbers() {
  const SteadyTime now = context_.clock.Steady();
  if (published_numbers_ == nullptr || now <= numbers_samples_.valid_until) {
    return;
  }
  numbers_samples_ = exposition::WriteNumbers(account(), *published_numbers_,
                                              times_.numbers.max_age, now);
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
  RefreshNumbers();
  exposed.samples[1] = numbers_samples_.samples;
  exposed.samples[2] = WriteCollections();
  return exposed;
}

std::optional<bool> Account::Up() const {
  if (!leads_.success) return std::nullopt;
  // Numbers that nobody was asked for, as the leads had failed, say nothing of
  // the account once it has leads.
  return *leads_.success &&
         (!numbers_.asked || numbers_.success.value_or(true));
}

exposition::Samples Account::WriteCollections() const {
  const std::string& name = account().name;
  exposition::SampleWriter up(exposition::Family::kUp, name);
  exposition::SampleWriter success(exposition::Family::kCollectorSuccess, name);
  exposition::SampleWriter duration(exposition::Family::kCollectorDuration,
                                    name);
  exposition::SampleWriter records(exposition::Family::kCollectorRecords, name);
  exposition::SampleWriter last_success(
      exposition::Family::kCollectorLastSuccess, name);
  exposition::SampleWriter token_expiry(exposition::Family::kTokenExpiry, name);
  if (const std::optional<bool> is_up = Up())
    up.Add().Value(*is_up ? 1.0 : 0.0);
  const auto write = [&](const Track& track, std::string_view collector) {
    if (track.success) {
      WriteTrack(success, collector, *track.success ? 1 : 0);
      WriteTrack(duration, collector, ToSeconds(track.duration));
      WriteTrack(records, collector, static_cast<double>(track.records));
    }
    if (track.last_success) {
      WriteTrack(last_success, collector, ToUnixSeconds(*track.last_success));
    }
  };
  write(leads_, "leads");
  write(numbers_, "numbers");
  if (const std::optional<WallTime> expiry = metrics_->token_expiry()) {
    token_expiry.Add().Value(ToUnixSeconds(*expiry));
  }
  exposition::Samples samples;
  samples[exposition::Family::kUp] = up.Finish();
  samples[exposition::Family::kCollectorSuccess] = success.Finish();
  samples[exposition::Family::kCollectorDuration] = duration.Finish();
  samples[exposition::Family::kCollectorRecords] = records.Finish();
  samples[exposition::Family::kCollectorLastSuccess] = last_success.Finish();
  samples[exposition::Family::kTokenExpiry] = token_expiry.Finish();
  return samples;
}

exposition::AccountState Account::State() const {
  MutexLock lock(mutex_);
  exposition::AccountState state;
  state.name = account().name;
  state.base_url = account().base_url;
  state.up = Up();
  const auto part = [](const Track& track) {
    exposition::AccountState::Part shown;
    shown.running = track.running;
    shown.success = track.success;
    shown.duration = track.duration;
    shown.records = track.records;
    shown.problem = track.problem;
    shown.last_success = track.last_success;
    return shown;
  };
  state.leads = part(leads_);
  state.numbers = part(numbers_);
  state.numbers.enabled = account().numbers.enabled;
  state.tenants = numbers_samples_.tenants;
  return state;
}

}  // namespace operator_connect::collector
