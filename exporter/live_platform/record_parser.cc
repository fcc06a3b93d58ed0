#include "exporter/live_platform/record_parser.h"

#include <algorithm>
#include <array>
#include <string>

#include "exporter/live_platform/json_walker.h"

namespace operator_connect::live_platform {

// Receives what the walk meets and keeps what the table wants.
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
      field_ = &record_.fields_[static_cast<std::size_t>(index)];
      *field_ = Record::Field();
      sub_ = record_.table_[index].sub;
      sub_state_ = sub_.empty() ? Sub::kNone : Sub::kAwaited;
    } else if (field_ != nullptr) {
      if (depth_ == 2) ++field_->members;
      if (sub_state_ == Sub::kInside && depth_ == sub_depth_) {
        sub_wanted_ = sub_ == name;
        if (sub_wanted_) field_->value = JsonValue();
      }
    }
  }

  void EndObject() {
    if (sub_state_ == Sub::kInside && depth_ == sub_depth_) {
      sub_state_ = Sub::kDone;
    }
    --depth_;
  }

  bool StartArray() {
    if (depth_ > 0 && field_ != nullptr) StartContainer(Kind::kArray);
    ++depth_;
    return !too_deep();
  }

  void EndArray() { --depth_; }

 private:
  // Remembers the wanted name that `name` is but for its first letter.
  void Capitalized(std::string_view name) {
    std::string wanted(name);
    wanted[0] = LowerCase(wanted[0]);
    const int index = record_.table_.Find(wanted);
    if (index >= 0) record_.capitalized_ = record_.table_[index].name;
  }

  // Where the walk stands to the wanted member of a wanted object.
  enum class Sub { kNone, kAwaited, kInside, kDone };

  void Scalar(Kind kind, std::string_view text) {
    if (field_ == nullptr || depth_ == 0) return;
    if (sub_state_ != Sub::kNone) {
      SubScalar(kind, text);
    } else if (depth_ == 1) {
      field_->value = {kind, text};
    } else if (depth_ == 2 && field_->value.kind == Kind::kArray) {
      AddItem({kind, text});
    }
  }

  // The member itself, or the first scalar of an array in its place that is
  // not empty.
  void SubScalar(Kind kind, std::string_view text) {
    if (sub_state_ != Sub::kInside || !sub_wanted_) return;
    if (depth_ == sub_depth_ ||
        (depth_ == sub_depth_ + 1 && field_->value.kind == Kind::kArray &&
         kind != Kind::kNull && !text.empty())) {
      field_->value = {kind, text};
    }
  }

  void StartContainer(Kind kind) {
    if (sub_state_ != Sub::kNone) {
      // The object itself, or the first object of an array in its place.
      if (sub_state_ == Sub::kAwaited && kind == Kind::kObject) {
        sub_state_ = Sub::kInside;
        sub_depth_ = depth_ + 1;
        sub_wanted_ = false;
      } else if (sub_state_ == Sub::kInside && sub_wanted_ &&
                 depth_ == sub_depth_) {
        // In place of the member itself: what an object has inside is not it.
        field_->value = {kind, {}};
      }
    } else if (depth_ == 1) {
      field_->value = {kind, {}};
      field_->first_item = static_cast<std::uint32_t>(record_.items_.size());
    } else if (depth_ == 2 && field_->value.kind == Kind::kArray) {
      AddItem({kind, {}});
    }
  }

  void AddItem(const JsonValue& item) {
    record_.items_.push_back(item);
    ++field_->items;
  }

  Record& record_;
  int depth_ = 0;
  bool root_is_object_ = false;
  Record::Field* field_ = nullptr;  // of the member being read, if wanted
  std::string_view sub_;
  Sub sub_state_ = Sub::kNone;
  bool sub_wanted_ = false;
  int sub_depth_ = 0;
};

namespace {

// Puts behind a text what the walk stops at, inside of a string and outside,
// and puts back what stood there: it may be the next record's.
class Sentinel {
 public:
  explicit Sentinel(char* end) : end_(end) {
    std::copy_n(end, kept_.size(), kept_.begin());
    // A string that is not closed ends at the first quote; outside of one, the
    // two are an empty string. What follows is an error behind the text.
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
  // A string that the sentinel closed, or a number that may go on.
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
