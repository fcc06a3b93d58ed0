#include "exporter/live_platform/record_parser.h"

#include <algorithm>
#include <array>
#include <string>

#include "exporter/live_platform/json_walker.h"

namespace operator_connect::live_platform {

// Receives the events of the walk and keeps the wanted values.
class RecordHandler {
 public:
  using Kind = JsonValue::Kind;

  explicit RecordHandler(Record& record) : record_(record) {}

  bool root_is_object() const { return root_is_object_; }
  bool too_deep() const { return depth_ > RecordParser::kMaxDepth; }

  void Null() { Scalar(Kind::kNull, {}); }
  void Bool(bool value) { Scalar(Kind::kBool, value ? "true" : "false"); }
  void Number(std::string_view text) { Scalar(Kind::kNumber, text); }
  void String(std::string_view text, bool escaped) {
    if (escaped && field_ != nullptr) text = record_.Unescape(text);
    Scalar(Kind::kString, text);
  }

  bool StartObject() {
    if (depth_ == 0) {
      root_is_object_ = true;
    } else if (field_ != nullptr) {
      StartContainer(Kind::kObject);
    }
    ++depth_;
    return !too_deep();
  }

  void Key(std::string_view name, bool escaped) {
    if (escaped) name = record_.Unescape(name);
    if (depth_ == 1) {
      const int index = record_.table_.Find(name);
      if (index < 0) {
        field_ = nullptr;
        if (!name.empty() && name[0] >= 'A' && name[0] <= 'Z')
          Capitalized(name);
        return;
      }
      record_.wanted_ = true;
      field_ = &Field(index);
      *field_ = Record::Field();
      sub_state_ = Sub::kOutside;
      if (!record_.table_[index].sub.empty()) AwaitObject(index);
    } else if (field_ != nullptr) {
      if (depth_ == 2) ++field_->members;
      if (sub_state_ == Sub::kInside && depth_ == sub_depth_) SubKey(name);
    }
  }

  void EndObject() {
    if (sub_state_ == Sub::kInside && depth_ == sub_depth_) EndSubObject();
    --depth_;
  }

  bool StartArray() {
    if (depth_ > 0 && field_ != nullptr) StartContainer(Kind::kArray);
    ++depth_;
    return !too_deep();
  }

  void EndArray() { --depth_; }

 private:
  // Records the wanted name that differs from `name` only in its first letter.
  void Capitalized(std::string_view name) {
    std::string wanted(name);
    wanted[0] = LowerCase(wanted[0]);
    const int index = record_.table_.Find(wanted);
    if (index >= 0) record_.capitalized_ = record_.table_[index].name;
  }

  // The position of the walk relative to the wanted members of a wanted object.
  // kEach: an object, or any scalar, comes next.
  enum class Sub { kOutside, kAwaited, kEach, kInside, kDone };

  Record::Field& Field(int index) {
    return record_.fields_[static_cast<std::size_t>(index)];
  }

  void AwaitObject(int index) {
    first_sub_ = index;
    end_sub_ = record_.table_.End(index);
    each_ = record_.table_[index].each;
    sub_state_ = each_ ? Sub::kEach : Sub::kAwaited;
    for (int i = index + 1; i < end_sub_; ++i) Field(i) = Record::Field();
  }

  void StartSubObject() {
    sub_state_ = Sub::kInside;
    sub_depth_ = depth_ + 1;
    sub_value_ = nullptr;
    if (each_) subs_.fill(JsonValue());
  }

  void SubKey(std::string_view name) {
    sub_value_ = nullptr;
    for (int i = first_sub_; i < end_sub_; ++i) {
      if (!SameText(record_.table_[i].sub, name)) continue;
      sub_value_ = each_ ? &subs_[static_cast<std::size_t>(i - first_sub_)]
                         : &Field(i).value;
      *sub_value_ = JsonValue();
    }
  }

  void EndSubObject() {
    sub_state_ = each_ ? Sub::kEach : Sub::kDone;
    if (!each_) return;
    const auto text = std::find_if(subs_.begin(), subs_.end(), [](auto& sub) {
      return sub.scalar() && !sub.text.empty();
    });
    if (text != subs_.end()) AddItem(*text);
  }

  void Scalar(Kind kind, std::string_view text) {
    if (field_ == nullptr || depth_ == 0) return;
    if (sub_state_ != Sub::kOutside && sub_state_ != Sub::kEach) {
      SubScalar(kind, text);
    } else if (depth_ == 1) {
      field_->value = {kind, text};
    } else if (depth_ == 2 && field_->value.kind == Kind::kArray) {
      AddItem({kind, text});
    }
  }

  // Takes the member itself, or the first non-empty scalar of an array in its
  // place.
  void SubScalar(Kind kind, std::string_view text) {
    if (sub_state_ != Sub::kInside || sub_value_ == nullptr) return;
    if (depth_ == sub_depth_ ||
        (depth_ == sub_depth_ + 1 && sub_value_->kind == Kind::kArray &&
         kind != Kind::kNull && !text.empty())) {
      *sub_value_ = {kind, text};
    }
  }

  void StartContainer(Kind kind) {
    if (sub_state_ == Sub::kInside) {
      // The member itself is no scalar; the inside of an object does not count.
      if (sub_value_ != nullptr && depth_ == sub_depth_) {
        *sub_value_ = {kind, {}};
      }
    } else if (sub_state_ == Sub::kAwaited || sub_state_ == Sub::kDone) {
      // Takes the object itself, or the first object of an array in its place.
      if (sub_state_ == Sub::kAwaited && kind == Kind::kObject && depth_ <= 2) {
        StartSubObject();
      }
    } else if (sub_state_ == Sub::kEach && kind == Kind::kObject) {
      // An object in place of the array counts as its only element.
      if (depth_ == 1) StartField(Kind::kArray);
      if (depth_ <= 2) StartSubObject();
    } else if (depth_ == 1) {
      StartField(kind);
    } else if (depth_ == 2 && field_->value.kind == Kind::kArray) {
      AddItem({kind, {}});
    }
  }

  void StartField(Kind kind) {
    field_->value = {kind, {}};
    field_->first_item = static_cast<std::uint32_t>(record_.items_.size());
  }

  void AddItem(const JsonValue& item) {
    record_.items_.push_back(item);
    ++field_->items;
  }

  Record& record_;
  int depth_ = 0;
  bool root_is_object_ = false;
  Record::Field* field_ = nullptr;  // of the member being read, if wanted
  Sub sub_state_ = Sub::kOutside;
  int sub_depth_ = 0;  // inside of the object
  int first_sub_ = 0;  // the fields of its members
  int end_sub_ = 0;
  bool each_ = false;
  JsonValue* sub_value_ = nullptr;  // of the member being read, if wanted
  std::array<JsonValue, FieldTable::kMaxSubs> subs_;  // if each_
};

namespace {

// Writes bytes after a text that stop the walk inside and outside of a string,
// and restores the bytes there: they may belong to the next record.
class Sentinel {
 public:
  explicit Sentinel(char* end) : end_(end) {
    std::copy_n(end, kept_.size(), kept_.begin());
    // A string that is not closed ends at the first quote. Outside of a string,
    // the two quotes are an empty string. The third byte is an error after the
    // text.
    constexpr Bytes kStop = {'"', '"', '\0'};
    std::copy(kStop.begin(), kStop.end(), end);
  }
  ~Sentinel() { std::copy(kept_.begin(), kept_.end(), end_); }
  Sentinel(const Sentinel&) = delete;
  Sentinel& operator=(const Sentinel&) = delete;

 private:
  using Bytes = std::array<char, 3>;
  char* const end_;
  Bytes kept_;
};

}  // namespace

RecordParser::Verdict RecordParser::ParseFirst(char* data, std::size_t size,
                                               bool last, std::size_t& end) {
  record_.Clear();
  RecordHandler handler(record_);
  const Sentinel sentinel(data + size);
  JsonWalker<RecordHandler> walker(handler);
  const char* const found = walker.Value(data);
  if (handler.too_deep()) return Verdict::kTooDeep;
  if (found == nullptr) {
    return walker.error() < data + size ? Verdict::kMalformed
                                        : Verdict::kIncomplete;
  }
  end = static_cast<std::size_t>(found - data);
  // The sentinel closed a string, or a number may continue.
  const bool closed = *data == '{' || *data == '[' || *data == '"';
  if (end > size || (end == size && !closed && !last)) {
    return Verdict::kIncomplete;
  }
  return handler.root_is_object() ? Verdict::kObject : Verdict::kNoObject;
}

RecordParser::Verdict RecordParser::Parse(char* data, std::size_t size) {
  std::size_t end = 0;
  const Verdict verdict = ParseFirst(data, size, true, end);
  if (verdict == Verdict::kTooDeep) return verdict;
  return verdict == Verdict::kIncomplete || end != size ? Verdict::kMalformed
                                                        : verdict;
}

}  // namespace operator_connect::live_platform
