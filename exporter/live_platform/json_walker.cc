#include "exporter/live_platform/json_walker.h"

#include "exporter/base/utf8.h"

namespace operator_connect::live_platform {
namespace {

// The characters of escapes, and their meanings.
constexpr std::string_view kEscaped = "\"\\/bfnrt";
constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";

bool IsHexDigit(char c) {
  return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

// The code unit of four hexadecimal digits.
char32_t Unit(std::string_view digits) {
  char32_t unit = 0;
  for (const char c : digits.substr(0, 4)) {
    unit = unit << 4 |
           static_cast<char32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return unit;
}

// Removes the digits of a \u escape, and the second half of a pair, from
// `rest`.
char32_t TakePoint(std::string_view& rest) {
  const char32_t unit = Unit(rest);
  rest.remove_prefix(4);
  if (unit < 0xD800 || unit > 0xDFFF) return unit;
  const bool pair = unit < 0xDC00 && rest.starts_with("\\u");
  const char32_t low = pair ? Unit(rest.substr(2)) : 0;
  if (low < 0xDC00 || low > 0xDFFF) return 0xFFFD;
  rest.remove_prefix(6);
  return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
}

}  // namespace

bool SkipJsonEscape(const char*& p) {
  ++p;
  if (*p == 'u') {
    ++p;
    for (int i = 0; i < 4; ++i, ++p) {
      if (!IsHexDigit(*p)) return false;
    }
    return true;
  }
  if (kEscaped.find(*p) == kEscaped.npos) return false;
  ++p;
  return true;
}

void AppendUnescaped(std::string_view text, std::string& out) {
  for (;;) {
    const std::size_t at = text.find('\\');
    out += text.substr(0, at);
    if (at == text.npos) return;
    const char escaped = text[at + 1];
    text.remove_prefix(at + 2);
    if (escaped == 'u') {
      AppendUtf8(TakePoint(text), out);
    } else if (const std::size_t index = kEscaped.find(escaped);
               index != kEscaped.npos) {
      out += kMeant[index];
    }
  }
}

}  // namespace operator_connect::live_platform
