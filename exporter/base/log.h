#ifndef OPERATOR_CONNECT_EXPORTER_BASE_LOG_H_
#define OPERATOR_CONNECT_EXPORTER_BASE_LOG_H_

#include <concepts>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace operator_connect {

enum class LogLevel { kDebug, kInfo, kWarn, kError };
enum class LogFormat { kLogfmt, kJson };

// One key and its value. Keys are lower-case words; values are any text, and
// are quoted and escaped when the line is written. Never put a secret, a
// telephone number, an e-mail address, a person's name or a byte of an answer
// into one.
struct LogField {
  LogField(std::string_view k, std::string_view v) : key(k), value(v) {}
  LogField(std::string_view k, const char* v) : key(k), value(v) {}
  LogField(std::string_view k, const std::string& v) : key(k), value(v) {}
  template <std::integral Int>
  LogField(std::string_view k, Int v) : key(k), value(std::to_string(v)) {}

  std::string_view key;
  std::string value;
};

// Where the exporter says what happens. One line an event: UTC time with
// milliseconds, level, source, message, then the fields. Thread-safe.
class Log {
 public:
  virtual ~Log() = default;

  // False when a line of this level would be dropped: ask before building
  // fields that cost something.
  virtual bool Enabled(LogLevel level) const = 0;
  // `source` is the room that speaks, such as "live_platform".
  virtual void Write(LogLevel level, std::string_view source,
                     std::string_view message,
                     std::initializer_list<LogField> fields) = 0;

  void Debug(std::string_view source, std::string_view message,
             std::initializer_list<LogField> fields = {}) {
    Write(LogLevel::kDebug, source, message, fields);
  }
  void Info(std::string_view source, std::string_view message,
            std::initializer_list<LogField> fields = {}) {
    Write(LogLevel::kInfo, source, message, fields);
  }
  void Warn(std::string_view source, std::string_view message,
            std::initializer_list<LogField> fields = {}) {
    Write(LogLevel::kWarn, source, message, fields);
  }
  void Error(std::string_view source, std::string_view message,
             std::initializer_list<LogField> fields = {}) {
    Write(LogLevel::kError, source, message, fields);
  }
};

// A log to standard error.
std::unique_ptr<Log> MakeStderrLog(LogLevel level, LogFormat format);

// A log that hands each finished line, without its newline, to `write`, under
// a lock. For tests.
std::unique_ptr<Log> MakeCallbackLog(
    LogLevel level, LogFormat format,
    std::function<void(std::string_view line)> write);

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_BASE_LOG_H_
