#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_SAMPLES_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_SAMPLES_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/simulator/truth.h"

namespace operator_connect::simulator {

using Labels = std::vector<std::pair<std::string, std::string>>;

// Adds up samples of one account.
class SampleMap {
 public:
  SampleMap(Samples& samples, std::string account)
      : samples_(samples), account_(std::move(account)) {}
  void Set(std::string_view name, Labels labels, double value);
  void Add(std::string_view name, Labels labels, double value);

 private:
  std::string Key(std::string_view name, Labels labels) const;

  Samples& samples_;
  std::string account_;
};

// A value as the exporter may show it: at most 128 bytes, valid UTF-8.
std::string LabelValue(std::string_view text);
// A company's name in the same form, or "redacted".
std::string CompanyValue(std::string_view text);
// A state as a label: null, missing and empty are "unknown".
std::string StateValue(const std::optional<std::string>& state);

}  // namespace operator_connect::simulator

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SIMULATOR_SAMPLES_H_
