#include "tests/simulator/samples.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sstream>

namespace operator_connect::simulator {

namespace {

std::string Escape(std::string_view value) {
  std::string escaped;
  for (const char c : value) {
    if (c == '\n') {
      escaped += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

// The length of the valid UTF-8 sequence at the front of `text`; 0: there is
// none.
std::size_t SequenceLength(std::string_view text) {
  const auto at = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned first = at(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xc0U) != 0x80U) return 0;
  }
  if (first == 0xe0 && at(1) < 0xa0) return 0;
  if (first == 0xed && at(1) > 0x9f) return 0;  // surrogates
  if (first == 0xf0 && at(1) < 0x90) return 0;
  if (first == 0xf4 && at(1) > 0x8f) return 0;
  return length;
}

// [0-9]{7}
bool HoldsDigits(std::string_view text) {
  int row = 0;
  for (const char c : text) {
    row = c >= '0' && c <= '9' ? row + 1 : 0;
    if (row == 7) return true;
  }
  return false;
}

// \S+@\S+\.\S+
bool HoldsEmail(std::string_view text) {
  constexpr std::string_view kSpace = " \t\n\v\f\r";
  while (!text.empty()) {
    const std::string_view word =
        text.substr(0, std::min(text.find_first_of(kSpace), text.size()));
    // The first @ leaves the longest rest, unless it is at the start.
    const std::size_t at = word.find('@', 1);
    const std::size_t dot = at == std::string_view::npos
                                ? std::string_view::npos
                                : word.find('.', at + 2);
    if (dot != std::string_view::npos && dot + 1 < word.size()) return true;
    text.remove_prefix(std::min(word.size() + 1, text.size()));
  }
  return false;
}

// Removes one `name="value"` from the front. False: there is none.
bool TakeLabel(std::string_view& text, Labels& labels) {
  const std::size_t equals = text.find("=\"");
  if (equals == std::string_view::npos) return false;
  std::string name(text.substr(0, equals));
  std::string value;
  std::size_t i = equals + 2;
  for (; i < text.size() && text[i] != '"'; ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      ++i;
      value += text[i] == 'n' ? '\n' : text[i];
    } else {
      value += text[i];
    }
  }
  if (i >= text.size()) return false;
  text.remove_prefix(i + 1);
  labels.emplace_back(std::move(name), std::move(value));
  return true;
}

struct Sample {
  std::string name;
  Labels labels;
  double value = 0;
};

std::optional<Sample> ParseSample(std::string_view line) {
  Sample sample;
  const std::size_t end = line.find_first_of("{ ");
  if (end == 0 || end == std::string_view::npos) return std::nullopt;
  sample.name = line.substr(0, end);
  line.remove_prefix(end);
  if (line.front() == '{') {
    line.remove_prefix(1);
    while (!line.empty() && line.front() != '}') {
      if (!TakeLabel(line, sample.labels)) return std::nullopt;
      if (!line.empty() && line.front() == ',') line.remove_prefix(1);
    }
    if (line.empty()) return std::nullopt;
    line.remove_prefix(1);
  }
  if (line.size() < 2 || line.front() != ' ') return std::nullopt;
  const std::string number(line.substr(1));
  char* rest = nullptr;
  sample.value = std::strtod(number.c_str(), &rest);
  if (*rest != '\0') return std::nullopt;
  return sample;
}

// Timestamps have more digits than a double: allows for a microsecond.
bool Same(double a, double b) {
  return a == b || (std::abs(a) > 1e8 && std::abs(a - b) < 2e-6);
}

}  // namespace

std::string SampleKey(std::string_view name, Labels labels) {
  std::sort(labels.begin(), labels.end());
  std::string key(name);
  key += '{';
  for (const auto& [label, value] : labels) {
    key += label + "=\"" + Escape(value) + "\",";
  }
  if (!labels.empty()) key.pop_back();
  return key + '}';
}

std::string SampleMap::Key(std::string_view name, Labels labels) const {
  labels.emplace_back("account", account_);
  return SampleKey(name, std::move(labels));
}

void SampleMap::Set(std::string_view name, Labels labels, double value) {
  samples_[Key(name, std::move(labels))] = value;
}

void SampleMap::Add(std::string_view name, Labels labels, double value) {
  samples_[Key(name, std::move(labels))] += value;
}

std::string LabelValue(std::string_view text) {
  std::string value;
  while (!text.empty()) {
    const std::size_t length = SequenceLength(text);
    const std::string_view piece =
        length == 0 ? std::string_view("\xef\xbf\xbd") : text.substr(0, length);
    if (value.size() + piece.size() > 128) break;
    value += piece;
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return value;
}

std::string CompanyValue(std::string_view text) {
  if (HoldsDigits(text) || HoldsEmail(text)) return "redacted";
  return LabelValue(text);
}

std::string StateValue(const std::optional<std::string>& state) {
  return state && !state->empty() ? LabelValue(*state) : "unknown";
}

Samples ParseExposition(std::string_view text,
                        const std::set<std::string>& names) {
  Samples samples;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#') continue;
    std::optional<Sample> sample = ParseSample(line);
    if (!sample) {
      samples["BROKEN " + std::string(line)] = 0;
      continue;
    }
    if (!names.empty() && names.count(sample->name) == 0) continue;
    const std::string key = SampleKey(sample->name, sample->labels);
    if (!samples.emplace(key, sample->value).second) {
      samples["BROKEN twice: " + std::string(line)] = 0;
    }
  }
  return samples;
}

std::string Difference(const Samples& expected, const Samples& actual,
                       std::size_t most) {
  std::ostringstream lines;
  lines.precision(17);
  std::size_t count = 0;
  for (const auto& [key, value] : expected) {
    const auto found = actual.find(key);
    if (found != actual.end() && Same(found->second, value)) continue;
    if (count++ >= most) continue;
    lines << key << ": expected " << value << ", ";
    if (found == actual.end()) {
      lines << "absent\n";
    } else {
      lines << "is " << found->second << "\n";
    }
  }
  for (const auto& [key, value] : actual) {
    if (expected.count(key) > 0 || count++ >= most) continue;
    lines << key << ": unexpected, is " << value << "\n";
  }
  if (count > most) lines << "… and " << count - most << " more\n";
  return lines.str();
}

}  // namespace operator_connect::simulator
