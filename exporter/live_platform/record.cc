#include "exporter/live_platform/record.h"

#include <charconv>
#include <limits>
#include <stdexcept>

#include "exporter/base/text.h"
#include "exporter/live_platform/json_walker.h"
#include "exporter/live_platform/timestamp.h"

namespace operator_connect::live_platform {

namespace {

using Limits = std::numeric_limits<std::int64_t>;

// An integer in a form such as 4e2, cut off and bounded alike.
std::optional<std::int64_t> ExponentToInteger(std::string_view text) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (stop != end || error != std::errc()) return std::nullopt;
  if (number >= static_cast<double>(Limits::max())) return Limits::max();
  if (number <= static_cast<double>(Limits::min())) return Limits::min();
  return static_cast<std::int64_t>(number);
}

}  // namespace

std::optional<std::int64_t> ToInteger(std::string_view text) {
  text = TrimWhitespace(text);
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc::invalid_argument) return std::nullopt;
  if (text.find_first_of("eE", 1) != text.npos) {
    if (const auto whole = ExponentToInteger(text)) return whole;
  }
  if (stop != end && *stop != '.') return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    return text.front() == '-' ? Limits::min() : Limits::max();
  }
  return number;
}

FieldTable::FieldTable(std::initializer_list<Field> fields) : fields_(fields) {
  if (fields_.size() > kMaxFields) throw std::logic_error("too many fields");
  for (int i = 0; i < size(); i = End(i)) {
    if (End(i) - i > static_cast<int>(kMaxSubs)) {
      throw std::logic_error("too many members");
    }
  }
  while (!Place()) {
    if (++factor_ > kSlots) throw std::logic_error("fields too much alike");
  }
}

bool FieldTable::Place() {
  slots_.fill(-1);
  for (int i = 0; i < size(); i = End(i)) {
    std::int8_t& slot = slots_[Slot((*this)[i].name)];
    if (slot >= 0) return false;
    slot = static_cast<std::int8_t>(i);
  }
  return true;
}

void Record::Clear() {
  // The rest of a field is set when the field occurs.
  for (int i = 0; i < table_.size(); ++i) {
    fields_[static_cast<std::size_t>(i)].value.kind = JsonValue::Kind::kAbsent;
  }
  wanted_ = false;
  capitalized_ = {};
  items_.clear();
  unescaped_.clear();
}

std::string_view Record::Unescape(std::string_view text) {
  AppendUnescaped(text, unescaped_.emplace_back());
  return unescaped_.back();
}

std::string_view Record::Text(int index) const { return Text(index, nullptr); }

std::string_view Record::Text(int index,
                              bool (*known)(std::string_view)) const {
  const Field& field = fields_[static_cast<std::size_t>(index)];
  if (field.value.scalar()) return field.value.text;
  if (field.value.kind != JsonValue::Kind::kArray) return {};
  std::string_view first;
  for (std::uint32_t i = 0; i < field.items; ++i) {
    const JsonValue& item = items_[field.first_item + i];
    if (!item.scalar() || item.text.empty()) continue;
    if (known == nullptr || known(item.text)) return item.text;
    if (first.empty()) first = item.text;
  }
  return first;
}

std::string_view Record::Id(int index) const {
  const auto is_id = [](std::string_view text) {
    return text.find_first_not_of("0-{}() \t\r\n\v\f") != text.npos;
  };
  const std::string_view text = Text(index, is_id);
  if (value(index).kind == JsonValue::Kind::kBool || !is_id(text)) return {};
  return text;
}

bool Record::True(int index) const {
  const std::string_view text = Text(index);
  if (EqualIgnoringCase(TrimWhitespace(text), "true")) return true;
  const std::optional<std::int64_t> number = ToInteger(text);
  return number && *number != 0;
}

std::optional<std::int64_t> Record::Integer(int index) const {
  return ToInteger(Text(index));
}

std::optional<WallTime> Record::Time(int index) const {
  return ParseTimestamp(Text(index, [](std::string_view text) {
    return ParseTimestamp(text).has_value();
  }));
}

bool Record::Filled(int index) const {
  const Field& field = fields_[static_cast<std::size_t>(index)];
  switch (field.value.kind) {
    case JsonValue::Kind::kArray:
      for (std::uint32_t i = 0; i < field.items; ++i) {
        if (items_[field.first_item + i].kind != JsonValue::Kind::kNull) {
          return true;
        }
      }
      return false;
    case JsonValue::Kind::kObject:
      return field.members > 0;
    default:
      return field.value.scalar() && !field.value.text.empty();
  }
}

}  // namespace operator_connect::live_platform
