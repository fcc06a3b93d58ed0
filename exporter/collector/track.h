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

// When a read was started, by both clocks.
struct ReadTime {
  explicit ReadTime(const Clock& clock)
      : steady(clock.Steady()), wall(clock.Wall()) {}

  SteadyTime steady;
  WallTime wall;
};

// How one collection of an account's leads or numbers went.
struct Outcome {
  bool success = false;
  bool asked = true;  // the platform
  std::uint64_t records = 0;
  std::string failure;  // as a label; empty: none
  std::string problem;  // the same in words
};

// One of an account's two kinds of collection, and how its newest run went.
struct Track {
  bool running = false;
  std::uint64_t ended_runs = 0;
  // When the newest run was started; no value: it may be started at once.
  std::optional<SteadyTime> started;
  std::optional<bool> success;
  bool asked = false;
  Duration duration{};
  std::uint64_t records = 0;
  std::optional<WallTime> last_success;
  std::string failure;
  std::string problem;

  // The newest run has ended.
  void Take(const Outcome& outcome, Duration took, WallTime started_wall);
  exposition::AccountState::Part State() const;
};

// Logs a collection that begins to fail, or to fail otherwise, and the first
// one that succeeds. `before`: as the one before it left it.
void LogChange(Log& log, std::string_view account, std::string_view collector,
               const Track& before, const Outcome& outcome);

// Whether the account is up; no value before its first collection of leads.
std::optional<bool> Up(const Track& leads, const Track& numbers);

// The samples of `up` and of the collections.
exposition::Samples WriteTracks(std::string_view account, const Track& leads,
                                const Track& numbers);

// Adds the one sample of a family that is a time, if there is a time.
void WriteTime(exposition::Family family, std::string_view account,
               const std::optional<WallTime>& time,
               exposition::Samples& samples);

}  // namespace operator_connect::collector

#endif  // OPERATOR_CONNECT_EXPORTER_COLLECTOR_TRACK_H_
