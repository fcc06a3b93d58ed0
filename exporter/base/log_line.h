#ifndef OPERATOR_CONNECT_EXPORTER_BASE_LOG_LINE_H_
#define OPERATOR_CONNECT_EXPORTER_BASE_LOG_LINE_H_

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include "exporter/base/clock.h"

namespace operator_connect {

enum class LogLevel { kDebug, kInfo, kWarn, kError };
enum class LogFormat { kLogfmt, kJson };

// One key and its value. Keys are lower-case words; values are any text, quoted
// and escaped when the line is written. Never put a secret, a phone number, an
// e-mail address, a person's name or a byte of a response into one.
struct LogField {
  LogField(std::string_view k, std::string_view v) : key(k), value(v) {}
  LogField(std::string_view k, const char* v) : key(k), value(v) {}
  LogField(std::string_view k, const std::string& v) : key(k), value(v) {}
  template <std::integral Int>
  LogField(std::string_view k, Int v) : key(k), value(std::to_string(v)) {}

  std::string_view key;
  std::string value;
};

// A message or value is cut at this many bytes, and then ends in "...".
inline constexpr std::size_t kMaxLogValue = 4096;

// One event as one line of UTF-8 without its newline:
//   ts=2026-01-02T03:04:05.678Z level=info source=web msg="…" key=value
//   {"ts":"…","level":"info","source":"web","msg":"…","key":"value"}
// Whatever the texts hold, the line has no control character and no line or
// paragraph separator in it (they are escaped), bytes that are not UTF-8 show
// as U+FFFD, and a logfmt or JSON reader finds each value again. Characters
// that a key may not have become '_'.
std::string FormatLogLine(LogFormat format, WallTime time, LogLevel level,
                          std::string_view source, std::string_view message,
                          std::initializer_list<LogField> fields);

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_BASE_LOG_LINE_H_
