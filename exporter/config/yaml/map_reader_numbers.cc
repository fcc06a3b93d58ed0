// The part of MapReader that reads booleans, numbers, durations and sizes.

#include "exporter/base/duration.h"
#include "exporter/config/yaml/map_reader.h"
#include "exporter/config/yaml/scalar.h"

namespace operator_connect::config {
namespace {

bool IsScalar(const YamlNode& node) {
  return node.kind == YamlNode::Kind::kScalar;
}

// Returns what was found instead, with the remedy for the most common mistake.
std::string Instead(const YamlNode& node, bool quotes_are_wrong) {
  if (!IsScalar(node)) return ", not " + std::string(Describe(node));
  std::string out = ", not " + Quoted(node.scalar);
  if (quotes_are_wrong && !node.plain) out += "; remove the quotes";
  return out;
}

// Writes bounds as people do: they are whole numbers.
std::string FormatBound(double bound) {
  return std::to_string(static_cast<std::int64_t>(bound));
}

}  // namespace

bool MapReader::Read(std::string_view key, bool& out) {
  const YamlNode* node = Find(key);
  if (node == nullptr) return true;
  const auto value = ParseBool(node->scalar);
  if (IsScalar(*node) && node->plain && value) {
    out = *value;
    return true;
  }
  Report(key, "must be true or false" + Instead(*node, value.has_value()));
  return false;
}

bool MapReader::Read(std::string_view key, std::int64_t& out,
                     std::int64_t least, std::int64_t most) {
  const YamlNode* node = Find(key);
  if (node == nullptr) return true;
  const auto value = ParseInt(node->scalar);
  if (IsScalar(*node) && node->plain && value && *value >= least &&
      *value <= most) {
    out = *value;
    return true;
  }
  Report(key, "must be a whole number from " + std::to_string(least) + " to " +
                  std::to_string(most) + Instead(*node, value.has_value()));
  return false;
}

bool MapReader::Read(std::string_view key, int& out, int least, int most) {
  std::int64_t value = out;
  if (!Read(key, value, static_cast<std::int64_t>(least),
            static_cast<std::int64_t>(most))) {
    return false;
  }
  out = static_cast<int>(value);
  return true;
}

bool MapReader::ReadNumber(std::string_view key, double& out, double least,
                           double most) {
  const YamlNode* node = Find(key);
  if (node == nullptr) return true;
  const auto value = ParseNumber(node->scalar);
  if (IsScalar(*node) && node->plain && value && *value >= least &&
      *value <= most) {
    out = *value;
    return true;
  }
  Report(key, "must be a number from " + FormatBound(least) + " to " +
                  FormatBound(most) + Instead(*node, value.has_value()));
  return false;
}

bool MapReader::ReadDuration(std::string_view key, Duration& out) {
  const YamlNode* node = Find(key);
  if (node == nullptr) return true;
  const auto value = ParseDuration(node->scalar);
  if (IsScalar(*node) && value) {
    out = *value;
    return true;
  }
  std::string remedy;
  if (IsScalar(*node) && TypeOf(*node) == ValueType::kInt &&
      ParseDuration(node->scalar + "s")) {
    remedy = "; add the unit, as in " + node->scalar + "s";
  }
  Report(key, "must be a duration such as 90s, 5m or 1h30m" +
                  Instead(*node, false) + remedy);
  return false;
}

bool MapReader::ReadSize(std::string_view key, std::uint64_t& out) {
  const YamlNode* node = Find(key);
  if (node == nullptr) return true;
  const auto value = ParseSize(node->scalar);
  if (IsScalar(*node) && value && *value > 0) {
    out = *value;
    return true;
  }
  Report(key, "must be a size such as 256MiB, 1GB or 1000000" +
                  Instead(*node, false));
  return false;
}

}  // namespace operator_connect::config
