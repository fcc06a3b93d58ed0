#ifndef OPERATOR_CONNECT_EXPORTER_BASE_UTF8_H_
#define OPERATOR_CONNECT_EXPORTER_BASE_UTF8_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace operator_connect {

// What takes the place of bytes that are not UTF-8: U+FFFD, in UTF-8.
inline constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

// What some editors and servers put before a text in UTF-8.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// The length, 1 to 4, of the UTF-8 character that `text` begins with; 0 if
// it begins with none. Overlong forms, surrogates and what is past U+10FFFF
// are none, as RFC 3629 has it. `text` must not be empty.
std::size_t Utf8Length(std::string_view text);

// Whether `text` is UTF-8 from end to end.
bool IsUtf8(std::string_view text);

// `text` with every byte that is part of no character replaced by U+FFFD, cut
// to at most `max_bytes` bytes without splitting a character. Prometheus
// refuses a whole exposition for one label value that is not UTF-8.
std::string SanitizeUtf8(std::string_view text,
                         std::size_t max_bytes = std::string::npos);

// Appends the UTF-8 form of `point`, a code point that is no surrogate.
void AppendUtf8(char32_t point, std::string& out);

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_BASE_UTF8_H_
