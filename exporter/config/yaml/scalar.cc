#include "exporter/config/yaml/scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>

#include "exporter/base/text.h"

namespace operator_connect::config {
namespace {

// The Levenshtein distance of two texts.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

// Whether YAML reads `text` as a number that no key takes: hexadecimal, octal,
// infinite or NaN.
bool IsOtherNumber(std::string_view text) {
  if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'o')) {
    return text.find_first_not_of("0123456789abcdefABCDEF", 2) == text.npos;
  }
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    text.remove_prefix(1);
  }
  return text == ".inf" || text == ".Inf" || text == ".INF" || text == ".nan" ||
         text == ".NaN" || text == ".NAN";
}

}  // namespace

ValueType TypeOf(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::kNull:
      return ValueType::kNull;
    case YamlNode::Kind::kList:
      return ValueType::kList;
    case YamlNode::Kind::kMap:
      return ValueType::kMap;
    case YamlNode::Kind::kScalar:
      break;
  }
  if (!node.plain) return ValueType::kString;
  if (ParseBool(node.scalar)) return ValueType::kBool;
  if (ParseInt(node.scalar)) return ValueType::kInt;
  if (ParseNumber(node.scalar) || IsOtherNumber(node.scalar)) {
    return ValueType::kFloat;
  }
  return ValueType::kString;
}

std::string_view Describe(const YamlNode& node) {
  switch (TypeOf(node)) {
    case ValueType::kNull:
      return "nothing";
    case ValueType::kBool:
      return "true or false";
    case ValueType::kInt:
    case ValueType::kFloat:
      return "a number";
    case ValueType::kString:
      return "a string";
    case ValueType::kList:
      return "a list";
    case ValueType::kMap:
      return "a map";
  }
  return "something else";
}

std::optional<bool> ParseBool(std::string_view text) {
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  return std::nullopt;
}

std::optional<std::int64_t> ParseInt(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && IsDigit(text[1])) {
    text.remove_prefix(1);
  }
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return value;
}

std::optional<double> ParseNumber(std::string_view text) {
  // from_chars also accepts "inf" and "nan", which are strings in YAML.
  if (text.find_first_not_of("0123456789+-.eE") != text.npos) {
    return std::nullopt;
  }
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') {
    text.remove_prefix(1);
  }
  double value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ptr != end || text.empty()) return std::nullopt;
  if (parsed.ec != std::errc() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> ParseSize(std::string_view text) {
  struct Unit {
    std::string_view name;
    std::uint64_t bytes;
  };
  constexpr std::uint64_t kOne = 1;
  static constexpr std::array<Unit, 11> kUnits = {{{"", 1},
                                                   {"B", 1},
                                                   {"kB", 1000},
                                                   {"KB", 1000},
                                                   {"MB", 1000000},
                                                   {"GB", 1000000000},
                                                   {"TB", 1000000000000},
                                                   {"KiB", kOne << 10},
                                                   {"MiB", kOne << 20},
                                                   {"GiB", kOne << 30},
                                                   {"TiB", kOne << 40}}};
  constexpr std::uint64_t kLargest = kOne << 60;
  std::uint64_t count = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, count);
  if (parsed.ec != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(parsed.ptr - text.data()));
  // Accepts "256 MiB", but not "256 ".
  if (text.size() > 1 && text.front() == ' ') text.remove_prefix(1);
  for (const Unit& unit : kUnits) {
    if (text != unit.name) continue;
    if (count > kLargest / unit.bytes) return std::nullopt;
    return count * unit.bytes;
  }
  return std::nullopt;
}

std::string DidYouMean(std::string_view word,
                       const std::vector<std::string_view>& candidates) {
  if (word.empty() || word.size() > 64) return "";
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 4) + 1;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = EditDistance(word, candidate);
    if (distance < best_distance && distance < candidate.size()) {
      best = candidate;
      best_distance = distance;
    }
  }
  return std::string(best);
}

}  // namespace operator_connect::config
