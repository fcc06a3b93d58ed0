#ifndef OPERATOR_CONNECT_EXPORTER_EXPOSITION_ACCOUNT_STATE_H_
#define OPERATOR_CONNECT_EXPORTER_EXPOSITION_ACCOUNT_STATE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "exporter/base/clock.h"

namespace operator_connect::exposition {

// One account as shown on the landing page.
struct AccountState {
  struct Part {
    bool enabled = true;
    bool running = false;
    // Of the newest collection; nullopt: none has ended yet.
    std::optional<bool> success;
    Duration duration{};
    std::uint64_t records = 0;
    std::string problem;                   // safe to show
    std::optional<WallTime> last_success;  // its start
  };
  // Tenants asked for their numbers in the newest collection, by result.
  struct Tenants {
    std::uint64_t ok = 0;
    std::uint64_t stale = 0;
    std::uint64_t failed = 0;
  };
  std::string name;
  std::string base_url;
  std::optional<bool> up;
  Part leads;
  Part numbers;
  Tenants tenants;
};

}  // namespace operator_connect::exposition

#endif  // OPERATOR_CONNECT_EXPORTER_EXPOSITION_ACCOUNT_STATE_H_
