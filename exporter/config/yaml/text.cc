#include "exporter/config/yaml/text.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "exporter/base/utf8.h"

namespace operator_connect::config {
namespace {

// Whether every other byte is zero, or there is UTF-16's byte order mark: the
// encoding that Windows calls Unicode.
bool LooksLikeUtf16(std::string_view text) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return true;
  if (text.size() < 4) return false;
  return (text[0] == '\0') != (text[1] == '\0') &&
         (text[0] == '\0') == (text[2] == '\0') &&
         (text[1] == '\0') == (text[3] == '\0');
}

bool IsForbiddenControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\r') || byte == 0x7F;
}

bool IsTabIndented(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t\r");
  if (first == line.npos || line[first] == '#') return false;
  return line.substr(0, first).find('\t') != line.npos;
}

// The YAML library keeps some 200 bytes for each bracket of a line.
constexpr std::size_t kMaxLine = std::size_t{1} << 20;

void CheckLine(std::string_view line, int number, ProblemList& problems) {
  if (line.size() > kMaxLine) {
    problems.Add(number, "", "a line longer than 1MiB; break it up");
  } else if (std::any_of(line.begin(), line.end(), IsForbiddenControl)) {
    problems.Add(number, "",
                 "a NUL byte or control character in the line; remove it");
  } else if (!IsUtf8(line)) {
    problems.Add(number, "",
                 "bytes that are not UTF-8; save the file as UTF-8");
  } else if (IsTabIndented(line)) {
    problems.Add(number, "", "a tab indents the line; use spaces");
  }
}

struct Explanation {
  std::string_view beginning;
  std::string_view text;
};

constexpr std::array<Explanation, 15> kExplanations = {{
    {"illegal map value",
     "a colon where none can be; put a value that holds \": \" into quotes, "
     "and check the indentation of this line and the one before"},
    {"end of map not found",
     "the line is no \"key: value\" at this indentation; check its spaces, "
     "and that a space follows the colon"},
    {"end of sequence not found",
     "the line does not go on with the list before it; check its spaces"},
    {"end of map flow not found", "a { is not closed; add }"},
    {"end of sequence flow not found", "a [ is not closed; add ]"},
    {"illegal EOF in scalar", "a quote is not closed; add it"},
    {"illegal document indicator in scalar",
     "a quoted text runs into --- or ...; close its quote"},
    {"illegal block entry",
     "a list entry (-) where none can be; check its spaces"},
    {"illegal map key", "a key where none can be; check its spaces"},
    {"illegal flow end", "a ] or } that closes nothing; remove it"},
    {"unknown escape character",
     "a backslash in double quotes that YAML does not know; use single "
     "quotes"},
    {"the referenced anchor is not defined",
     "an alias (*) of something that is not there; put a value that begins "
     "with * into quotes"},
    {"alias not found",
     "a value that begins with * is an alias; put it into quotes"},
    {"anchor not found",
     "a value that begins with & is an anchor; put it into quotes"},
    {"unknown token",
     "a character that can begin no value, such as @ or %; put the value "
     "into quotes"},
}};

}  // namespace

std::string_view CheckYamlText(std::string_view text, ProblemList& problems) {
  if (LooksLikeUtf16(text)) {
    problems.Add(1, "", "the file is UTF-16; save it as UTF-8");
    return text;
  }
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
  }
  std::string_view rest = text;
  for (int number = 1; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    CheckLine(rest.substr(0, end), number, problems);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return text;
}

bool LacksClosingQuote(std::string_view text) {
  if (text.empty() || (text[0] != '"' && text[0] != '\'')) return false;
  const char quote = text[0];
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      const bool doubled =
          quote == '\'' && i + 1 < text.size() && text[i + 1] == quote;
      if (!doubled) return false;
      ++i;
    }
  }
  return true;
}

std::string ExplainYamlError(std::string_view library_message) {
  for (const Explanation& known : kExplanations) {
    if (library_message.starts_with(known.beginning)) {
      return "not valid YAML: " + std::string(known.text);
    }
  }
  return "not valid YAML; check quotes, brackets and indentation of this line";
}

}  // namespace operator_connect::config
