#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_SAMPLES_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_SAMPLES_H_

#include <chrono>
#include <sstream>
#include <string>
#include <vector>

#include "exporter/config/config.h"
#include "exporter/exposition/families.h"
#include "exporter/live_platform/lead.h"

namespace operator_connect::exposition {

// The present in these tests.
inline constexpr WallTime kNow{std::chrono::seconds(1'700'000'000)};

using Lines = std::vector<std::string>;

inline Lines SplitLines(const std::string& text) {
  Lines lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// The samples of a family in order, each from behind the account's label:
// `status="Active"} 1`.
inline Lines Of(const exposition::Samples& samples, exposition::Family family) {
  if (samples[family] == nullptr) return {};
  const std::string start = std::string(Name(family)) + "{account=\"emea\"";
  Lines lines;
  for (const std::string& line : SplitLines(*samples[family])) {
    // Shows a line of another family or account whole.
    std::string rest =
        line.starts_with(start) ? line.substr(start.size()) : line;
    lines.push_back(rest.starts_with(',') ? rest.substr(1) : rest);
  }
  return lines;
}

inline bool Has(const Lines& lines, const std::string& line) {
  for (const std::string& other : lines) {
    if (other == line) return true;
  }
  return false;
}

inline config::Account Emea() {
  config::Account account;
  account.name = "emea";
  return account;
}

inline live_platform::Lead MakeLead(const std::string& id,
                                    std::string_view status) {
  live_platform::Lead lead;
  lead.key = lead.id = id;
  lead.tenant_id = lead.tenant = "t-" + id;
  lead.company = "Contoso " + id;
  lead.status = status;
  return lead;
}

}  // namespace operator_connect::exposition

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_SAMPLES_H_
