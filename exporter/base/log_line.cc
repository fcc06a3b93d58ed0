#include "exporter/base/log_line.h"

#include <cstdio>
#include <ctime>
#include <utility>

#include "exporter/base/text.h"
#include "exporter/base/utf8.h"

namespace operator_connect {
namespace {

std::string_view NameOf(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarn:
      return "warn";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

std::string FormatTime(WallTime time) {
  const auto whole = std::chrono::floor<std::chrono::milliseconds>(time);
  const auto second = std::chrono::floor<std::chrono::seconds>(whole);
  const std::time_t seconds = std::chrono::system_clock::to_time_t(second);
  std::tm utc = {};
  gmtime_r(&seconds, &utc);
  char buffer[80];
  std::snprintf(buffer, sizeof buffer, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour,
                utc.tm_min, utc.tm_sec,
                static_cast<int>((whole - second).count()));
  return buffer;
}

// The code point of a whole UTF-8 character.
unsigned CodePoint(std::string_view character) {
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned char>(character[i]);
  };
  if (character.size() == 1) return byte(0);
  unsigned point = byte(0) & (0xFFu >> (character.size() + 1));
  for (std::size_t i = 1; i < character.size(); ++i) {
    point = (point << 6) | (byte(i) & 0x3Fu);
  }
  return point;
}

// Characters that would break the line, or reorder what a terminal shows.
bool MustEscape(unsigned point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0) ||
         (point >= 0x2028 && point <= 0x202E) ||
         (point >= 0x2066 && point <= 0x2069);
}

void AppendEscaped(std::string& out, unsigned point) {
  switch (point) {
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      char buffer[16];
      std::snprintf(buffer, sizeof buffer, "\\u%04x", point);
      out += buffer;
  }
}

// In double quotes, by rules that JSON and logfmt share.
void AppendQuoted(std::string& out, std::string_view text) {
  const bool too_long = text.size() > kMaxLogValue;
  const std::string clean = SanitizeUtf8(text, kMaxLogValue);
  out += '"';
  for (std::string_view rest = clean; !rest.empty();) {
    const std::size_t length = Utf8Length(rest);
    const std::string_view character = rest.substr(0, length);
    const unsigned point = CodePoint(character);
    if (point == '"' || point == '\\') {
      out += '\\';
      out += character;
    } else if (MustEscape(point)) {
      AppendEscaped(out, point);
    } else {
      out += character;
    }
    rest.remove_prefix(length);
  }
  if (too_long) out += "...";
  out += '"';
}

bool NeedsQuotes(std::string_view text) {
  if (text.empty() || text.size() > kMaxLogValue) return true;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= ' ' || byte >= 0x7F) return true;
    if (c == '"' || c == '=' || c == '\\') return true;
  }
  return false;
}

class LineWriter {
 public:
  explicit LineWriter(LogFormat format) : json_(format == LogFormat::kJson) {
    if (json_) line_ += '{';
  }

  void Add(std::string_view key, std::string_view value) {
    if (!first_) line_ += json_ ? ',' : ' ';
    first_ = false;
    if (json_) line_ += '"';
    AppendKey(key);
    line_ += json_ ? "\":" : "=";
    if (json_ || NeedsQuotes(value)) {
      AppendQuoted(line_, value);
    } else {
      line_ += value;
    }
  }

  std::string Finish() && {
    if (json_) line_ += '}';
    return std::move(line_);
  }

 private:
  void AppendKey(std::string_view key) {
    if (key.empty()) line_ += '_';
    for (const char c : key) {
      const bool fine = IsAlnum(c) || c == '_' || c == '.' || c == '-';
      line_ += fine ? c : '_';
    }
  }

  const bool json_;
  bool first_ = true;
  std::string line_;
};

}  // namespace

std::string FormatLogLine(LogFormat format, WallTime time, LogLevel level,
                          std::string_view source, std::string_view message,
                          std::initializer_list<LogField> fields) {
  LineWriter line(format);
  line.Add("ts", FormatTime(time));
  line.Add("level", NameOf(level));
  line.Add("source", source);
  line.Add("msg", message);
  for (const LogField& field : fields) line.Add(field.key, field.value);
  return std::move(line).Finish();
}

}  // namespace operator_connect
