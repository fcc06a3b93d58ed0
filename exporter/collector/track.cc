#include "exporter/collector/track.h"

#include "exporter/exposition/sample_writer.h"

namespace operator_connect::collector {

using exposition::Family;
using exposition::SampleWriter;

void Track::Take(const Outcome& outcome, Duration took, WallTime started_wall) {
  success = outcome.success;
  asked = outcome.asked;
  duration = took;
  records = outcome.records;
  if (outcome.success) last_success = started_wall;
  failure = outcome.failure;
  problem = outcome.problem;
}

exposition::AccountState::Part Track::State() const {
  exposition::AccountState::Part part;
  part.running = running;
  part.success = success;
  part.duration = duration;
  part.records = records;
  part.problem = problem;
  part.last_success = last_success;
  return part;
}

void LogChange(Log& log, std::string_view account, std::string_view collector,
               const Track& before, const Outcome& outcome) {
  if (!outcome.success && outcome.failure != before.failure) {
    log.Warn("collector", "A collection failed.",
             {{"account", account},
              {"endpoint", collector},
              {"reason", outcome.failure},
              {"detail", outcome.problem}});
  } else if (outcome.success && !before.success.value_or(false)) {
    log.Info("collector", "A collection succeeded.",
             {{"account", account},
              {"endpoint", collector},
              {"records", outcome.records}});
  }
}

std::optional<bool> Up(const Track& leads, const Track& numbers) {
  if (!leads.success) return std::nullopt;
  // Numbers that were not collected, as the leads had failed, say nothing about
  // the account once it has leads.
  return *leads.success && (!numbers.asked || numbers.success.value_or(true));
}

exposition::Samples WriteTracks(std::string_view account, const Track& leads,
                                const Track& numbers) {
  SampleWriter up(Family::kUp, account);
  SampleWriter success(Family::kCollectorSuccess, account);
  SampleWriter duration(Family::kCollectorDuration, account);
  SampleWriter records(Family::kCollectorRecords, account);
  SampleWriter last_success(Family::kCollectorLastSuccess, account);
  if (const std::optional<bool> is_up = Up(leads, numbers)) {
    up.Add().Value(*is_up ? 1.0 : 0.0);
  }
  const auto write = [&](const Track& track, std::string_view collector) {
    const auto add = [&](SampleWriter& writer, double value) {
      writer.Add().Label("collector", collector).Value(value);
    };
    if (track.success) {
      add(success, *track.success ? 1 : 0);
      add(duration, ToSeconds(track.duration));
      add(records, static_cast<double>(track.records));
    }
    if (track.last_success) {
      add(last_success, ToUnixSeconds(*track.last_success));
    }
  };
  write(leads, "leads");
  write(numbers, "numbers");
  exposition::Samples samples;
  samples[Family::kUp] = up.Finish();
  samples[Family::kCollectorSuccess] = success.Finish();
  samples[Family::kCollectorDuration] = duration.Finish();
  samples[Family::kCollectorRecords] = records.Finish();
  samples[Family::kCollectorLastSuccess] = last_success.Finish();
  return samples;
}

void WriteTime(Family family, std::string_view account,
               const std::optional<WallTime>& time,
               exposition::Samples& samples) {
  if (!time) return;
  SampleWriter writer(family, account);
  writer.Add().Value(ToUnixSeconds(*time));
  samples[family] = writer.Finish();
}

}  // namespace operator_connect::collector
