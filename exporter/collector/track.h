#ifndef OPERATOR_CONNECT_EXPORTER_COLLECTOR_TRACK_H_
#define OPERATOR_CONNECT_EXPORTER_COLLECTOR_TRACK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "exporter/base/clock.h"
#include "exporter/base/log.h"
#include "exporter/exposition/account_state.h"
#include "exporter/exposition/families.h"

namespace operator_connect::collector {

// The start of a read by both clocks.
struct ReadTime {
  explicit ReadTime(const Clock& clock)
      : steady(clock.Steady()), wall(clock.Wall()) {}

  SteadyTime steady;
  WallTime wall;
};

// The outcome of one collection of an account's leads or numbers.
struct Outcome {
  bool success = false;
  bool asked = true;  // false: no request was sent
  std::uint64_t records = 0;
  std::string failure;  // as a label; empty: none
  std::string problem;  // the failure in words
};

// One of an account's two kinds of collection, with the outcome of its newest
// run.
struct Track {
  bool running = false;
  std::uint64_t ended_runs = 0;
  // The start of the newest run; nullopt: the next can start at once.
  std::optional<SteadyTime> started;
  std::optional<bool> success;
  bool asked = false;
  Duration duration{};
  std::uint64_t records = 0;
  std::optional<WallTime> last_success;
  std::string failure;
  std::string problem;

  // Records the end of a run.
  void Take(const Outcome& outcome, Duration took, WallTime started_wall);
  exposition::AccountState::Part State() const;
};

// Logs a collection that begins to fail, or fails for another reason, and the
// first success. `before` is the track before this outcome.
void LogChange(Log& log, std::string_view account, std::string_view collector,
               const Track& before, const Outcome& outcome);

// Whether the account is up; nullopt before its first collection of leads.
std::optional<bool> Up(const Track& leads, const Track& numbers);

// The samples of `up` and of the collections.
exposition::Samples WriteTracks(std::string_view account, const Track& leads,
                                const Track& numbers);

// Adds the sample of a family that holds a time, if there is one.
void WriteTime(exposition::Family family, std::string_view account,
               const std::optional<WallTime>& time,
               exposition::Samples& samples);

}  // namespace operator_connect::collector

#endif  // OPERATOR_CONNECT_EXPORTER_COLLECTOR_TRACK_H_
