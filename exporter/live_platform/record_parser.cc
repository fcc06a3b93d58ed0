#include <algorithm>
#include <array>

#include "exporter/live_platform/json_scanner.h"
#include "exporter/live_platform/plain_json_walker.h"
#include "exporter/live_platform/record.h"
#include "exporter/live_platform/record_stream.h"

namespace operator_connect::live_platform {

// Receives what a reader finds and keeps what the table wants. One
// handler for all kinds of records: a second instance of the in-place reader
// in the program would keep the compiler from inlining its string loop.
class RecordHandler {
 public:
  using Ch = char;
  using Kind = JsonValue::Kind;

  explicit RecordHandler(Record& record) : record_(record) {}

  bool root_is_object() const { return root_is_object_; }
  bool too_deep() const { return depth_ > JsonContainerScanner::kMaxDepth; }

  bool Null() { return Scalar(Kind::kNull, {}); }
  bool Bool(bool value) {
    return Scalar(Kind::kBool, value ? "true" : "false");
  }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
    return Scalar(Kind::kNumber, {text, size});
  }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    return Scalar(Kind::kString, {text, size});
  }
  // Numbers arrive raw; the reader's interface asks for these all the same.
  bool Int(int) { return true; }
  bool Uint(unsigned) { return true; }
  bool Int64(std::int64_t) { return true; }
  bool Uint64(std::uint64_t) { return true; }
  bool Double(double) { return true; }

  bool StartObject() {
    if (depth_ == 0) {
      root_is_object_ = true;
    } else if (field_ != nullptr) {
      StartContainer(Kind::kObject);
    }
    ++depth_;
    return !too_deep();
  }

  bool Key(const char* text, rapidjson::SizeType size, bool) {
    if (depth_ == 1) {
      const int index = record_.table_.Find({text, size});
      if (index < 0) {
        field_ = nullptr;
        return true;
      }
      field_ = &record_.fields_[static_cast<std::size_t>(index)];
      *field_ = Record::Field();
      sub_ = record_.table_[index].sub;
      sub_state_ = sub_.empty() ? Sub::kNone : Sub::kAwaited;
    } else if (field_ != nullptr) {
      if (depth_ == 2) ++field_->members;
      if (sub_state_ == Sub::kInside && depth_ == sub_depth_) {
        sub_wanted_ = sub_ == std::string_view(text, size);
        if (sub_wanted_) field_->value = JsonValue();
      }
    }
    return true;
  }

  bool EndObject(rapidjson::SizeType) {
    if (sub_state_ == Sub::kInside && depth_ == sub_depth_) {
      sub_state_ = Sub::kDone;
    }
    --depth_;
    return true;
  }

  bool StartArray() {
    if (depth_ > 0 && field_ != nullptr) StartContainer(Kind::kArray);
    ++depth_;
    return !too_deep();
  }

  bool EndArray(rapidjson::SizeType) {
    --depth_;
    return true;
  }

 private:
  // Where the walk stands to the wanted member of a wanted object.
  enum class Sub { kNone, kAwaited, kInside, kDone };

  bool Scalar(Kind kind, std::string_view text) {
    if (field_ == nullptr || depth_ == 0) return true;
    if (sub_state_ != Sub::kNone) {
      SubScalar(kind, text);
    } else if (depth_ == 1) {
      field_->value = {kind, text};
    } else if (depth_ == 2 && field_->value.kind == Kind::kArray) {
      AddItem({kind, text});
    }
    return true;
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

constexpr unsigned kFlags = rapidjson::kParseInsituFlag |
                            rapidjson::kParseStopWhenDoneFlag |
                            rapidjson::kParseNumbersAsStringsFlag;

}  // namespace
}  // namespace operator_connect::live_platform

namespace rapidjson {

// Hands numbers out as they are written. RapidJSON's own works out their value
// even then, and refuses a number past a double's range: 1e400 is JSON, and no
// reason to lose a whole answer.
template <>
template <>
inline void GenericReader<UTF8<>, UTF8<>, CrtAllocator>::ParseNumber<
    operator_connect::live_platform::kFlags>(
    operator_connect::live_platform::RecordStream& is,
    operator_connect::live_platform::RecordHandler& handler) {
  internal::StreamLocalCopy<operator_connect::live_platform::RecordStream> copy(
      is);
  const char* const begin = copy.s.PutBegin();
  const std::size_t start = copy.s.Tell();
  const char* end = begin;
  const bool good = operator_connect::live_platform::SkipNumber(end);
  while (copy.s.Tell() - start < static_cast<std::size_t>(end - begin)) {
    copy.s.Take();
  }
  if (!good) {
    SetParseError(kParseErrorValueInvalid, copy.s.Tell());
    return;
  }
  handler.RawNumber(begin, static_cast<SizeType>(end - begin), false);
}

}  // namespace rapidjson

namespace operator_connect::live_platform {
namespace {

// Puts behind a text what the reader stops at, inside of a string and outside,
// and puts back what stood there: it may be the next record's.
class Sentinel {
 public:
  using Bytes = std::array<char, 3>;

  Sentinel(char* end, const Bytes& bytes) : end_(end) {
    std::copy_n(end, kept_.size(), kept_.begin());
    std::copy(bytes.begin(), bytes.end(), end);
  }
  ~Sentinel() { std::copy(kept_.begin(), kept_.end(), end_); }
  Sentinel(const Sentinel&) = delete;
  Sentinel& operator=(const Sentinel&) = delete;

 private:
  char* const end_;
  Bytes kept_;
};

}  // namespace

RecordParser::Verdict RecordParser::Parse(char* data, std::size_t size) {
  record_.Clear();
  RecordHandler handler(record_);
  rapidjson::Reader reader;
  RecordStream stream(data);
  const Sentinel sentinel(data + size, {'\0', '"', '\0'});
  reader.Parse<kFlags>(stream, handler);
  if (handler.too_deep()) return Verdict::kTooDeep;
  if (reader.HasParseError() || stream.Tell() != size) {
    return Verdict::kMalformed;
  }
  return handler.root_is_object() ? Verdict::kObject : Verdict::kNoObject;
}

RecordParser::Verdict RecordParser::ParseFirst(char* data, std::size_t size,
                                               std::size_t& end) {
  record_.Clear();
  RecordHandler handler(record_);
  // A string that is not closed ends at the first quote; outside of one, the
  // two are an empty string. What follows is an error behind the text.
  const Sentinel sentinel(data + size, {'"', '"', '\0'});
  PlainJsonWalker<RecordHandler> walker(handler);
  const char* const found = walker.Object(data);
  if (handler.too_deep()) return Verdict::kTooDeep;
  if (found == nullptr) {
    return walker.error() < data + size ? Verdict::kMalformed
                                        : Verdict::kIncomplete;
  }
  end = static_cast<std::size_t>(found - data);
  return Verdict::kObject;
}

RecordParser::Verdict RecordParser::ParsePlain(char* data, std::size_t size) {
  std::size_t end = 0;
  const Verdict verdict = ParseFirst(data, size, end);
  if (verdict == Verdict::kTooDeep) return verdict;
  return verdict == Verdict::kObject && end == size ? verdict
                                                    : Verdict::kMalformed;
}

}  // namespace operator_connect::live_platform
