#include "exporter/base/log.h"

#include <cstdio>
#include <string>
#include <utility>

#include "exporter/base/clock.h"
#include "exporter/base/mutex.h"

namespace operator_connect {
namespace {

using WriteLine = std::function<void(std::string_view line)>;

class LineLog : public Log {
 public:
  LineLog(LogLevel level, LogFormat format, WriteLine write)
      : level_(level), format_(format), write_(std::move(write)) {}

  bool Enabled(LogLevel level) const override { return level >= level_; }

  void Write(LogLevel level, std::string_view source, std::string_view message,
             std::initializer_list<LogField> fields) override {
    if (!Enabled(level)) return;
    const std::string line = FormatLogLine(format_, SystemClock().Wall(), level,
                                           source, message, fields);
    MutexLock lock(mutex_);
    write_(line);
  }

 private:
  const LogLevel level_;
  const LogFormat format_;
  Mutex mutex_;
  const WriteLine write_ OC_GUARDED_BY(mutex_);
};

}  // namespace

std::unique_ptr<Log> MakeStderrLog(LogLevel level, LogFormat format) {
  return MakeCallbackLog(level, format, [](std::string_view line) {
    const std::string whole = std::string(line) + '\n';
    std::fwrite(whole.data(), 1, whole.size(), stderr);
  });
}

std::unique_ptr<Log> MakeCallbackLog(LogLevel level, LogFormat format,
                                     WriteLine write) {
  return std::make_unique<LineLog>(level, format, std::move(write));
}

}  // namespace operator_connect
