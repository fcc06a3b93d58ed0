#include "exporter/live_platform/labels.h"

#include <algorithm>
#include <utility>

#include "exporter/base/utf8.h"

namespace operator_connect::live_platform {
namespace {

bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

constexpr std::string_view kRedacted = "redacted";
constexpr std::size_t kTelephoneDigits = 7;

// Whether \S+@\S+\.\S+ matches a part of a word without white space.
bool IsEmailAddress(std::string_view word) {
  const std::size_t at = word.find('@', 1);
  if (at == std::string_view::npos || word.size() < 2) return false;
  const std::size_t dot = word.rfind('.', word.size() - 2);
  return dot != std::string_view::npos && dot >= at + 2;
}

bool HoldsEmailAddress(std::string_view text) {
  if (text.find('@') == std::string_view::npos) return false;
  while (!text.empty()) {
    const auto end = std::find_if(text.begin(), text.end(), IsSpace);
    const auto size = static_cast<std::size_t>(end - text.begin());
    if (IsEmailAddress(text.substr(0, size))) return true;
    text.remove_prefix(std::min(size + 1, text.size()));
  }
  return false;
}

// Whether `text` has enough digits in a row for a telephone number, directly
// after `before` unless that is NUL.
bool HoldsTelephoneNumber(std::string_view text, char before) {
  std::size_t digits = 0;
  char start = '\0';  // the character before the digits
  char last = '\0';
  for (const char c : text) {
    if (!IsDigit(c)) {
      digits = 0;
    } else if (digits++ == 0) {
      start = last;
    }
    last = c;
    if (digits == kTelephoneDigits && (before == '\0' || start == before)) {
      return true;
    }
  }
  return false;
}

// Removes the number of a numbered company, such as 1234567 Ontario Inc.: seven
// to nine digits with a word after them.
std::string_view WithoutCompanyNumber(std::string_view name) {
  constexpr std::size_t kMostDigits = 9;
  const auto is_letter = [](char c) {
    return (LowerCase(c) >= 'a' && LowerCase(c) <= 'z') || (c & 0x80) != 0;
  };
  const std::size_t digits =
      std::min(name.find_first_not_of("0123456789"), name.size());
  if (digits < kTelephoneDigits || digits > kMostDigits) return name;
  const std::string_view rest = name.substr(digits);
  const std::size_t word = rest.find_first_not_of(' ');
  const bool named = word != rest.npos && word > 0 && is_letter(rest[word]);
  return named ? rest : name;
}

}  // namespace

std::string LabelValue(std::string_view text) {
  if (HoldsEmailAddress(text) || HoldsTelephoneNumber(text, '+')) {
    return std::string(kRedacted);
  }
  if (text.find('\0') == std::string_view::npos) {
    return SanitizeUtf8(text, kMaxLabelBytes);
  }
  std::string replaced;
  for (const char c : text) {
    if (c == '\0') {
      replaced += kReplacementCharacter;
    } else {
      replaced += c;
    }
  }
  return SanitizeUtf8(replaced, kMaxLabelBytes);
}

std::string IdLabel(std::string_view id) { return LowerCase(LabelValue(id)); }

std::string IdKey(std::string_view id) {
  std::string key = LowerCase(id);
  if (key.size() <= kMaxLabelBytes) return key;
  const std::size_t hash = std::hash<std::string>()(key);
  const std::string rest =
      '\n' + std::to_string(key.size()) + '\n' + std::to_string(hash);
  key.resize(kMaxLabelBytes);
  return key + rest;
}

std::string CompanyLabel(std::string_view name) {
  if (HoldsTelephoneNumber(WithoutCompanyNumber(name), '\0')) {
    return std::string(kRedacted);
  }
  return LabelValue(name);
}

bool IsCountryCode(std::string_view text) {
  return text.size() == 2 && IsAlpha(text[0]) && IsAlpha(text[1]);
}

std::string CountryLabel(std::string_view code) {
  if (!IsCountryCode(code)) return std::string(kUnknown);
  std::string label(code);
  for (char& c : label) c = static_cast<char>(c & ~0x20);
  return label;
}

LabelIds::LabelIds(std::span<const std::string_view> known,
                   std::string (*make_label)(std::string_view))
    : make_label_(make_label) {
  for (const std::string_view value : known) FindLabel(std::string(value));
}

LabelIds::Id LabelIds::FindText(std::string_view text) {
  auto found = texts_.find(text);
  if (found == texts_.end()) {
    const Id id = FindLabel(make_label_(text));
    if (texts_.size() >= kMaxValues || text.size() > kMaxLabelBytes) return id;
    found = texts_.emplace(text, id).first;
  }
  recent_[RecentSlot(text)] = {&found->first, found->second};
  return found->second;
}

LabelIds::Id LabelIds::FindLabel(std::string label) {
  const auto found = ids_.find(label);
  if (found != ids_.end()) return found->second;
  if (labels_.size() >= kMaxValues && label != kOther) {
    return FindLabel(std::string(kOther));
  }
  const Id id = static_cast<Id>(labels_.size());
  labels_.push_back(label);
  ids_.emplace(std::move(label), id);
  return id;
}

}  // namespace operator_connect::live_platform
