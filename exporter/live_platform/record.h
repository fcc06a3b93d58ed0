#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_RECORD_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_RECORD_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/base/clock.h"
#include "exporter/base/text.h"

namespace operator_connect::live_platform {

// A JSON value of a wanted field. `text` is the string, the number as it was
// written, or "true" and "false"; it points into the record.
struct JsonValue {
  enum class Kind : std::uint8_t {
    kAbsent,
    kNull,
    kBool,
    kNumber,
    kString,
    kArray,
    kObject,
  };
  Kind kind = Kind::kAbsent;
  std::string_view text;

  bool scalar() const {
    return kind == Kind::kBool || kind == Kind::kNumber ||
           kind == Kind::kString;
  }
};

// Parses an integer with white space around it or a plus before it. Drops a
// fraction, and holds the number to 64 bits. nullopt: it is none.
std::optional<std::int64_t> ToInteger(std::string_view text);

// The fields of a record that are wanted; all others are skipped. A field with
// `sub` is an object, or the first object of an array in its place, of which
// that one member is wanted instead. Several members of one object are listed
// together.
//
// With `each`, every object of an array becomes one text: the first of the
// members that has one. They appear as an array of scalars in the first of the
// fields.
class FieldTable {
 public:
  struct Field {
    std::string_view name;  // of static storage
    std::string_view sub = {};
    bool each = false;
  };
  static constexpr std::size_t kMaxFields = 24;
  static constexpr std::size_t kMaxSubs = 4;  // of one name

  // A field's index is its position in the list.
  FieldTable(std::initializer_list<Field> fields);

  // The index of the first field called `name`, or -1.
  int Find(std::string_view name) const {
    const int index = slots_[Slot(name)];
    return index >= 0 && SameText((*this)[index].name, name) ? index : -1;
  }
  const Field& operator[](int index) const {
    return fields_[static_cast<std::size_t>(index)];
  }
  int size() const { return static_cast<int>(fields_.size()); }
  // The index after the last field of the same name.
  int End(int index) const {
    const std::string_view name = (*this)[index].name;
    while (index < size() && (*this)[index].name == name) ++index;
    return index;
  }

 private:
  static constexpr std::size_t kSlots = 256;

  // Each name has its own slot: the constructor searches for such a factor_.
  std::size_t Slot(std::string_view name) const {
    if (name.empty()) return 0;
    const auto code = [&](std::size_t at) {
      return std::size_t{static_cast<unsigned char>(name[at])};
    };
    return (name.size() +
            (code(0) + code(name.size() / 2) * 3 + code(name.size() - 1) * 5) *
                factor_) %
           kSlots;
  }
  bool Place();

  std::size_t factor_ = 1;
  std::vector<Field> fields_;
  std::array<std::int8_t, kSlots> slots_;
};

// The wanted fields of one object. Any field can be missing, null or of another
// plausible type, so accessors ask for a meaning, not a type. The last one of
// repeated members counts. Texts live until the next record is parsed.
class Record {
 public:
  explicit Record(const FieldTable& table) : table_(table) {}

  void Clear();

  // A name such as TenantId instead of the wanted tenantId, if the record has
  // such names and no wanted one; else empty.
  std::string_view capitalized() const {
    return wanted_ ? std::string_view() : capitalized_;
  }

  const JsonValue& value(int field) const {
    return fields_[static_cast<std::size_t>(field)].value;
  }
  // Calls `visit(std::string_view)` for the scalars of an array, or for the
  // parts of a scalar in its place, which is split at commas. Skips empty
  // strings, nulls and objects.
  template <typename Visit>
  void ForEachText(int field, Visit visit) const;

  // The scalar's text, or the first non-empty one of an array in its place.
  // Empty: missing, null, empty or not a scalar.
  std::string_view Text(int field) const;
  // The same, but prefers a text of an array for which `known` is true.
  std::string_view Text(int field, bool (*known)(std::string_view)) const;
  // Text(), but empty for false, white space and an id of zeros, with or
  // without dashes, braces or parentheses.
  std::string_view Id(int field) const;

  // True for true, "true" in any case, or a number that is not zero; ignores
  // white space.
  bool True(int field) const;
  // An integer as a number or a string; see ToInteger().
  std::optional<std::int64_t> Integer(int field) const;
  // A date and time; see ParseTimestamp().
  std::optional<WallTime> Time(int field) const;
  // Whether there is an array with any value but null, an object with any
  // member, or a text that is not empty.
  bool Filled(int field) const;

 private:
  friend class RecordHandler;

  template <typename Visit>
  static void ForEachPart(std::string_view text, Visit visit);

  // The text of a string with escapes; it lives as long as the record's other
  // texts.
  std::string_view Unescape(std::string_view text);

  struct Field {
    JsonValue value;
    // Of an array: its elements as a range of items_.
    std::uint32_t first_item = 0;
    std::uint32_t items = 0;
    std::uint32_t members = 0;  // of an object
  };

  const FieldTable& table_;
  std::array<Field, FieldTable::kMaxFields> fields_;
  bool wanted_ = false;           // a wanted name occurred
  std::string_view capitalized_;  // of the table's names
  std::vector<JsonValue> items_;
  std::deque<std::string> unescaped_;  // texts that were written with escapes
};

template <typename Visit>
void Record::ForEachPart(std::string_view text, Visit visit) {
  if (text.find(',') == text.npos) {
    if (!text.empty()) visit(text);
    return;
  }
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view part = TrimWhitespace(text.substr(0, comma));
    if (!part.empty()) visit(part);
    text.remove_prefix(comma == text.npos ? text.size() : comma + 1);
  }
}

template <typename Visit>
void Record::ForEachText(int index, Visit visit) const {
  const Field& field = fields_[static_cast<std::size_t>(index)];
  if (field.value.kind != JsonValue::Kind::kArray) {
    if (field.value.scalar()) ForEachPart(field.value.text, visit);
    return;
  }
  for (std::uint32_t i = 0; i < field.items; ++i) {
    const JsonValue& item = items_[field.first_item + i];
    if (item.scalar() && !item.text.empty()) visit(item.text);
  }
}

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_RECORD_H_
