#include "exporter/config/yaml/problem.h"

#include <algorithm>
#include <utility>

#include "exporter/base/utf8.h"

namespace operator_connect::config {
namespace {

// Bounds memory for a file with a million faults.
constexpr std::size_t kMaxKept = 20000;

// Replaces control characters, which can be in a path or a key, by spaces or
// '?'.
std::string OneLine(std::string_view text) {
  std::string out = SanitizeUtf8(text, 2000);
  for (char& c : out) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n' || c == '\r' || c == '\t') {
      c = ' ';
    } else if (byte < 0x20 || byte == 0x7F) {
      c = '?';
    }
  }
  return out;
}

}  // namespace

std::string Problem::ToString() const {
  std::string out = file;
  if (line > 0) out += ":" + std::to_string(line);
  out += ": ";
  if (!key.empty()) out += key + ": ";
  out += message;
  return OneLine(out);
}

void ProblemList::Add(int line, std::string key, std::string message) {
  if (problems_.size() == kMaxKept) {
    ++dropped_;
    return;
  }
  problems_.push_back({file_, line, std::move(key), std::move(message)});
}

Problems ProblemList::Take() && {
  std::stable_sort(
      problems_.begin(), problems_.end(),
      [](const Problem& a, const Problem& b) { return a.line < b.line; });
  if (problems_.size() > kMaxProblems) {
    dropped_ += problems_.size() - kMaxProblems;
    problems_.resize(kMaxProblems);
    problems_.push_back(
        {file_, 0, "", "and " + std::to_string(dropped_) + " more"});
  }
  return std::move(problems_);
}

std::string Quoted(std::string_view text) {
  const std::string clean = SanitizeUtf8(text, 64);
  std::string out = "\"" + OneLine(clean);
  if (text.size() > 64) out += "...";
  return out + "\"";
}

}  // namespace operator_connect::config
