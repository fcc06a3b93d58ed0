#include "exporter/base/log.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "exporter/base/log_line.h"
#include "exporter/base/utf8.h"

namespace operator_connect {
namespace {

// 2026-01-02T03:04:05.678Z
const WallTime kTime{std::chrono::milliseconds(1767323045678)};

std::string Logfmt(std::string_view value) {
  const std::string line = FormatLogLine(
      LogFormat::kLogfmt, kTime, LogLevel::kInfo, "s", "m", {{"key", value}});
  return line.substr(line.find("key="));
}

std::string Json(std::string_view value) {
  const std::string line = FormatLogLine(
      LogFormat::kJson, kTime, LogLevel::kInfo, "s", "m", {{"key", value}});
  const std::string mark = "\"key\":";
  const std::size_t at = line.find(mark) + mark.size();
  return line.substr(at, line.size() - at - 1);
}

TEST_CASE("a logfmt line has time, level, source, message and fields") {
  CHECK(FormatLogLine(LogFormat::kLogfmt, kTime, LogLevel::kWarn, "web",
                      "not answered", {{"account", "emea"}, {"status", 503}}) ==
        "ts=2026-01-02T03:04:05.678Z level=warn source=web "
        "msg=\"not answered\" account=emea status=503");
}

TEST_CASE("a JSON line has time, level, source, message and fields") {
  CHECK(FormatLogLine(LogFormat::kJson, kTime, LogLevel::kError, "web",
                      "not answered", {{"account", "emea"}, {"status", 503}}) ==
        "{\"ts\":\"2026-01-02T03:04:05.678Z\",\"level\":\"error\","
        "\"source\":\"web\",\"msg\":\"not answered\",\"account\":\"emea\","
        "\"status\":\"503\"}");
}

TEST_CASE("logfmt quotes values that could not be split otherwise") {
  CHECK(Logfmt("plain-1.5/x:y") == "key=plain-1.5/x:y");
  CHECK(Logfmt("") == "key=\"\"");
  CHECK(Logfmt("a b") == "key=\"a b\"");
  CHECK(Logfmt("a=b") == "key=\"a=b\"");
  CHECK(Logfmt("a\"b") == "key=\"a\\\"b\"");
  CHECK(Logfmt("a\\b") == "key=\"a\\\\b\"");
  CHECK(Logfmt("\xC3\xA9") == "key=\"\xC3\xA9\"");
}

TEST_CASE("both formats escape characters that would break the line") {
  struct Row {
    std::string text;
    std::string want;
  };
  const Row rows[] = {
      {"a\nb", "\"a\\nb\""},
      {"a\r\tb", "\"a\\r\\tb\""},
      {std::string("a\0b", 3), "\"a\\u0000b\""},
      {"\x1B[31m", "\"\\u001b[31m\""},
      {"\x7F", "\"\\u007f\""},
      {"\xC2\x85", "\"\\u0085\""},      // next line
      {"\xE2\x80\xA8", "\"\\u2028\""},  // line separator
      {"\xE2\x80\xAE", "\"\\u202e\""},  // right-to-left override
      {"a\xFF", "\"a\xEF\xBF\xBD\""},   // not UTF-8
      {"\xED\xA0\x80", "\"" + std::string(kReplacementCharacter) +
                           std::string(kReplacementCharacter) +
                           std::string(kReplacementCharacter) + "\""}};
  for (const Row& row : rows) {
    CAPTURE(row.want);
    CHECK(Logfmt(row.text) == "key=" + row.want);
    CHECK(Json(row.text) == row.want);
  }
}

TEST_CASE("a long value is cut and says so") {
  const std::string line = Json(std::string(1 << 20, 'x'));
  CHECK(line == "\"" + std::string(kMaxLogValue, 'x') + "...\"");
  CHECK(Logfmt(std::string(1 << 20, 'x')) == "key=" + line);
}

TEST_CASE("a key cannot forge another field") {
  CHECK(FormatLogLine(LogFormat::kLogfmt, kTime, LogLevel::kInfo, "s", "m",
                      {{"a b=c\n", "d"}})
            .find(" a_b_c_=d") != std::string::npos);
}

TEST_CASE("lines below the level are dropped") {
  std::vector<std::string> lines;
  const auto log =
      MakeCallbackLog(LogLevel::kWarn, LogFormat::kLogfmt,
                      [&](std::string_view line) { lines.emplace_back(line); });
  CHECK_FALSE(log->Enabled(LogLevel::kInfo));
  CHECK(log->Enabled(LogLevel::kWarn));
  log->Debug("s", "no");
  log->Info("s", "no");
  log->Warn("s", "yes");
  log->Error("s", "yes");
  CHECK(lines.size() == 2);
}

TEST_CASE("a line has the time of its writing in UTC") {
  std::string line;
  const auto log = MakeCallbackLog(LogLevel::kInfo, LogFormat::kLogfmt,
                                   [&](std::string_view text) { line = text; });
  const auto before = FormatLogLine(LogFormat::kLogfmt, SystemClock().Wall(),
                                    LogLevel::kInfo, "s", "m", {});
  log->Info("s", "m");
  const auto after = FormatLogLine(LogFormat::kLogfmt, SystemClock().Wall(),
                                   LogLevel::kInfo, "s", "m", {});
  CHECK(before <= line);
  CHECK(line <= after);
}

TEST_CASE("threads write whole lines") {
  std::vector<std::string> lines;  // guarded by the log's own lock
  const auto log =
      MakeCallbackLog(LogLevel::kInfo, LogFormat::kJson,
                      [&](std::string_view line) { lines.emplace_back(line); });
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&log, t] {
      for (int i = 0; i < 250; ++i) log->Info("s", "m", {{"thread", t}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(lines.size() == 1000);
  for (const std::string& line : lines) CHECK(line.back() == '}');
}

}  // namespace
}  // namespace operator_connect
