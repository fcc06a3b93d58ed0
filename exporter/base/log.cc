#include "exporter/base/log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <chrono>
#include <ctime>
#include <mutex>
#include <utility>

#include "exporter/base/clock.h"
#include "exporter/base/log_line.h"

namespace operator_connect {
namespace {

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarn:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

// Hands each line on, without the newline that the formatter would add.
class CallbackSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit CallbackSink(std::function<void(std::string_view)> write)
      : write_(std::move(write)) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    write_({message.payload.data(), message.payload.size()});
  }
  void flush_() override {}

 private:
  const std::function<void(std::string_view)> write_;
};

class SpdlogLog : public Log {
 public:
  SpdlogLog(LogLevel level, LogFormat format, spdlog::sink_ptr sink)
      : format_(format), logger_("", std::move(sink)) {
    logger_.set_level(ToSpdlog(level));
    // The line is made by us: spdlog knows neither format's escapes.
    logger_.set_pattern("%v");
    logger_.flush_on(spdlog::level::debug);
  }

  bool Enabled(LogLevel level) const override {
    return logger_.should_log(ToSpdlog(level));
  }

  void Write(LogLevel level, std::string_view source, std::string_view message,
             std::initializer_list<LogField> fields) override {
    if (!Enabled(level)) return;
    const std::string line = FormatLogLine(format_, SystemClock().Wall(), level,
                                           source, message, fields);
    logger_.log(ToSpdlog(level),
                spdlog::string_view_t(line.data(), line.size()));
  }

 private:
  const LogFormat format_;
  spdlog::logger logger_;
};

}  // namespace

std::unique_ptr<Log> MakeStderrLog(LogLevel level, LogFormat format) {
  return std::make_unique<SpdlogLog>(
      level, format, std::make_shared<spdlog::sinks::stderr_sink_mt>());
}

std::unique_ptr<Log> MakeCallbackLog(
    LogLevel level, LogFormat format,
    std::function<void(std::string_view line)> write) {
  return std::make_unique<SpdlogLog>(
      level, format, std::make_shared<CallbackSink>(std::move(write)));
}

}  // namespace operator_connect
