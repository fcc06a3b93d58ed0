#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_FUZZ_PLAIN_JSON_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_FUZZ_PLAIN_JSON_H_

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#define RAPIDJSON_ASSERT(x) static_cast<void>(0)
#include <rapidjson/document.h>

#include "exporter/live_platform/timestamp.h"

// The content of an array of records, determined in the plain way: repairs the
// whole body byte by byte, parses it into one document, and looks at that. The
// streaming reader is compared with it.
namespace operator_connect::plain_json {

inline void Require(bool condition) {
  if (!condition) std::abort();
}

inline std::optional<unsigned> EscapedUnit(std::string_view text,
                                           std::size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') {
    return std::nullopt;
  }
  const std::string digits(text.substr(at + 2, 4));
  if (digits.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) {
    return std::nullopt;
  }
  return static_cast<unsigned>(std::strtoul(digits.c_str(), nullptr, 16));
}

// Escapes raw control characters in strings, and replaces single surrogates by
// \ufffd. nullopt: a record nests too deep, or there is a NUL between values.
inline std::optional<std::string> Repair(std::string_view text, int max_depth) {
  std::string repaired;
  bool in_string = false;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') in_string = !in_string;
    if (!in_string) {
      if (c == '\0') return std::nullopt;
      if (c == '[' || c == '{') ++depth;
      if (c == ']' || c == '}') --depth;
      // The array around the records is one more level.
      if (depth > max_depth + 1) return std::nullopt;
      repaired += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      constexpr char kHex[] = "0123456789abcdef";
      repaired += "\\u00";
      repaired += kHex[c >> 4];
      repaired += kHex[c & 15];
    } else if (c != '\\') {
      repaired += c;
    } else if (const std::optional<unsigned> unit = EscapedUnit(text, i)) {
      const std::optional<unsigned> next = EscapedUnit(text, i + 6);
      const bool high = *unit >= 0xD800 && *unit <= 0xDBFF;
      const bool low = *unit >= 0xDC00 && *unit <= 0xDFFF;
      if (high && next && *next >= 0xDC00 && *next <= 0xDFFF) {
        repaired += text.substr(i, 12);
        i += 11;
        continue;
      }
      repaired += high || low ? "\\ufffd" : text.substr(i, 6);
      i += 5;
    } else {
      // Keeps an escape with its backslash; the parser refuses invalid ones.
      if (i + 1 < text.size() && text[i + 1] == '\0') return std::nullopt;
      repaired += text.substr(i, 2);
      ++i;
    }
  }
  return repaired;
}

using Value = rapidjson::Value;

// Whether a record has a wanted name with a capital, and none as wanted.
inline bool Capitalized(const Value& object,
                        const std::vector<std::string_view>& wanted) {
  bool capitalized = false;
  for (const auto& member : object.GetObject()) {
    std::string name(member.name.GetString(), member.name.GetStringLength());
    if (std::find(wanted.begin(), wanted.end(), name) != wanted.end()) {
      return false;
    }
    if (name.empty() || name[0] < 'A' || name[0] > 'Z') continue;
    name[0] = static_cast<char>(name[0] | 0x20);
    capitalized = capitalized ||
                  std::find(wanted.begin(), wanted.end(), name) != wanted.end();
  }
  return capitalized;
}

struct Records {
  rapidjson::Document document;
  std::vector<const Value*> objects;
  std::uint64_t elements = 0;
  // A number is beyond a double's range, which a plain parse refuses.
  bool unsure = false;
};

// The records of a body, of which the `wanted` members are read; nullopt: it is
// not an array of such records.
inline std::optional<Records> Parse(
    std::string_view body, int max_depth,
    const std::vector<std::string_view>& wanted) {
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  const std::optional<std::string> text = Repair(std::string(body), max_depth);
  if (!text) return std::nullopt;
  Records records;
  records.document.Parse<rapidjson::kParseIterativeFlag |
                         rapidjson::kParseNumbersAsStringsFlag>(text->c_str());
  if (records.document.GetParseError() == rapidjson::kParseErrorNumberTooBig) {
    records.unsure = true;
    return records;
  }
  if (records.document.HasParseError() || !records.document.IsArray()) {
    return std::nullopt;
  }
  const auto add = [&](const Value& element) {
    ++records.elements;
    if (element.IsObject()) records.objects.push_back(&element);
  };
  const Value& array = records.document;
  bool wrapped = !array.Empty() && array[0].IsArray();
  for (const Value& element : array.GetArray()) {
    if (!wrapped || !element.IsArray()) {
      add(element);
      continue;
    }
    for (const Value& inner : element.GetArray()) add(inner);
    wrapped = records.elements > 0;
    // An empty array in front of others is an element.
    if (!wrapped && array.Size() > 1) ++records.elements;
  }
  if (records.elements > 0 && records.objects.empty()) return std::nullopt;
  for (const Value* object : records.objects) {
    if (Capitalized(*object, wanted)) return std::nullopt;
  }
  return records;
}

// The last member of that name, or null.
inline const Value* Member(const Value& object, std::string_view name) {
  const Value* found = nullptr;
  for (const auto& member : object.GetObject()) {
    if (std::string_view(member.name.GetString(),
                         member.name.GetStringLength()) == name) {
      found = &member.value;
    }
  }
  return found;
}

inline std::string Scalar(const Value& value) {
  if (value.IsString()) return {value.GetString(), value.GetStringLength()};
  if (value.IsBool()) return value.GetBool() ? "true" : "false";
  return {};
}

// All scalars of an array, or the one in its place.
inline std::vector<std::string> Texts(const Value* value) {
  std::vector<std::string> texts;
  if (value == nullptr) return texts;
  if (value->IsArray()) {
    for (const Value& item : value->GetArray()) {
      if (std::string text = Scalar(item); !text.empty()) texts.push_back(text);
    }
  } else if (std::string text = Scalar(*value); !text.empty()) {
    texts.push_back(text);
  }
  return texts;
}

// A text without the white space around it.
inline std::string Trimmed(const std::string& text) {
  constexpr char kSpace[] = " \t\r\n\v\f";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == text.npos) return "";
  return text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin);
}

// Like Texts(), but one scalar is split at its commas.
inline std::vector<std::string> Parts(const Value* value) {
  std::vector<std::string> texts = Texts(value);
  if (value == nullptr || value->IsArray() || texts.empty() ||
      texts.front().find(',') == std::string::npos) {
    return texts;
  }
  std::vector<std::string> parts;
  std::string rest = texts.front() + ",";
  for (std::size_t at; (at = rest.find(',')) != rest.npos;
       rest = rest.substr(at + 1)) {
    const std::string part = Trimmed(rest.substr(0, at));
    if (!part.empty()) parts.push_back(part);
  }
  return parts;
}

// The scalar, or the first known one of an array, else its first one.
inline std::string Text(const Value* value,
                        bool (*known)(std::string_view) = nullptr) {
  const std::vector<std::string> texts = Texts(value);
  for (const std::string& text : texts) {
    if (known != nullptr && known(text)) return text;
  }
  return texts.empty() ? "" : texts.front();
}

inline bool IsId(std::string_view text) {
  return text.find_first_not_of("0-{}() \t\r\n\v\f") != text.npos;
}

inline bool IsTime(std::string_view text) {
  return live_platform::ParseTimestamp(text).has_value();
}

// The integer that a text without white space around it begins with, if a
// fraction, an exponent or nothing follows; held to 64 bits.
inline std::optional<std::int64_t> IntegerOf(std::string text) {
  if (text.starts_with("+-")) return std::nullopt;
  if (text.starts_with('+')) text.erase(0, 1);
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  const std::size_t end = text.find_first_not_of("0123456789", sign);
  if (end == sign || text.size() == sign) return std::nullopt;
  if (text.find_first_of("eE") != text.npos &&
      text.find_first_not_of("0123456789.+-eE") == text.npos) {
    char* stop = nullptr;
    errno = 0;
    const double number = std::strtod(text.c_str(), &stop);
    if (*stop == '\0' && errno == 0) {
      if (number >= 9.2e18) return INT64_MAX;
      if (number <= -9.2e18) return INT64_MIN;
      return static_cast<std::int64_t>(number);
    }
  }
  if (end != text.npos && text[end] != '.') return std::nullopt;
  return std::strtoll(text.c_str(), nullptr, 10);
}

}  // namespace operator_connect::plain_json

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_FUZZ_PLAIN_JSON_H_
