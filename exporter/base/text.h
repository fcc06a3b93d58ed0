#ifndef OPERATOR_CONNECT_EXPORTER_BASE_TEXT_H_
#define OPERATOR_CONNECT_EXPORTER_BASE_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace operator_connect {

// `text` without spaces, tabs and line breaks at both ends.
std::string_view TrimWhitespace(std::string_view text);

// Whether two texts are equal. Calls nothing: for short texts in hot loops.
inline bool SameText(std::string_view a, std::string_view b) {
  const std::size_t size = a.size();
  if (size != b.size()) return false;
  const auto differ = [&](std::size_t at, auto word) {
    auto other = word;
    std::memcpy(&word, a.data() + at, sizeof word);
    std::memcpy(&other, b.data() + at, sizeof other);
    return word != other;
  };
  if (size < 4) {
    for (std::size_t i = 0; i < size; ++i) {
      if (a[i] != b[i]) return false;
    }
    return true;
  }
  // The last word overlaps the one before it.
  if (size < 8) {
    return !differ(0, std::uint32_t{}) && !differ(size - 4, std::uint32_t{});
  }
  for (std::size_t at = 0; at + 8 < size; at += 8) {
    if (differ(at, std::uint64_t{})) return false;
  }
  return !differ(size - 8, std::uint64_t{});
}

// Whether two texts are equal, the case of ASCII letters apart.
bool EqualIgnoringCase(std::string_view a, std::string_view b);

// For ASCII letters alone: std::tolower depends on the locale.
constexpr char LowerCase(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
std::string LowerCase(std::string_view text);

// `text` without bytes that are not printable ASCII, cut at `max` bytes.
std::string Printable(std::string_view text, std::size_t max);

// Whether `c` is an ASCII letter or digit.
constexpr bool IsAlpha(char c) {
  return LowerCase(c) >= 'a' && LowerCase(c) <= 'z';
}
constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsAlnum(char c) { return IsAlpha(c) || IsDigit(c); }

// Whether `text` is a token of HTTP (RFC 9110): a name of a header, or of an
// authentication scheme.
bool IsHttpToken(std::string_view text);

// Whether `text` has a byte below 0x20 or 0x7f. Such a text must never become
// part of a request's head.
bool HasControlCharacter(std::string_view text);

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_BASE_TEXT_H_
