#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_YAML_SCALAR_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_YAML_SCALAR_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/config/yaml/tree.h"

namespace operator_connect::config {

// The types of YAML 1.2's core schema: `yes` is a string, `1e3` is a number,
// and "1" in quotes is a string.
enum class ValueType { kNull, kBool, kInt, kFloat, kString, kList, kMap };
ValueType TypeOf(const YamlNode& node);

// "a list", "a number", …: for messages that must not show the value.
std::string_view Describe(const YamlNode& node);

// nullopt if the text is not of that type. A size is whole bytes, or a number
// with a unit: B, kB, MB, GB, TB (by 1000), KiB, MiB, GiB, TiB (by 1024).
std::optional<bool> ParseBool(std::string_view text);
std::optional<std::int64_t> ParseInt(std::string_view text);
std::optional<double> ParseNumber(std::string_view text);
std::optional<std::uint64_t> ParseSize(std::string_view text);

// The candidate that `word` was most likely meant to be; empty if none is
// close.
std::string DidYouMean(std::string_view word,
                       const std::vector<std::string_view>& candidates);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_YAML_SCALAR_H_
