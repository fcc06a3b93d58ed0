#ifndef OPERATOR_CONNECT_EXPORTER_BASE_UTF8_H_
#define OPERATOR_CONNECT_EXPORTER_BASE_UTF8_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace operator_connect {

// U+FFFD in UTF-8, the replacement of bytes that are not UTF-8.
inline constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

// Some editors and servers begin a text in UTF-8 with it.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// The length, 1 to 4, of the UTF-8 character at the start of `text`; 0 if there
// is none. As in RFC 3629, overlong forms, surrogates and code points above
// U+10FFFF are no characters. `text` must not be empty.
std::size_t Utf8Length(std::string_view text);

// Whether all of `text` is UTF-8.
bool IsUtf8(std::string_view text);

// `text` with every byte outside a character replaced by U+FFFD, cut to at most
// `max_bytes` bytes without splitting a character. Prometheus rejects a whole
// exposition for one label value that is not UTF-8.
std::string SanitizeUtf8(std::string_view text,
                         std::size_t max_bytes = std::string::npos);

// Appends the UTF-8 form of `point`, which must not be a surrogate.
void AppendUtf8(char32_t point, std::string& out);

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_BASE_UTF8_H_
