#ifndef OPERATOR_CONNECT_EXPORTER_BASE_LOG_H_
#define OPERATOR_CONNECT_EXPORTER_BASE_LOG_H_

#include <functional>
#include <initializer_list>
#include <memory>
#include <string_view>

#include "exporter/base/log_line.h"

namespace operator_connect {

// The exporter's log. One line for each event: UTC time with milliseconds,
// level, source, message, then the fields. Thread-safe.
class Log {
 public:
  virtual ~Log() = default;

  // False if a line of this level would be dropped: ask before building costly
  // fields.
  virtual bool Enabled(LogLevel level) const = 0;
  // `source` is the folder that logs, such as "live_platform".
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

// A log that passes each finished line, without its newline, to `write`, under
// a lock. For tests.
std::unique_ptr<Log> MakeCallbackLog(
    LogLevel level, LogFormat format,
    std::function<void(std::string_view line)> write);

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_BASE_LOG_H_
