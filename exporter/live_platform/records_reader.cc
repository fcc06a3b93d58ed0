#include "exporter/live_platform/records_reader.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "exporter/base/utf8.h"

namespace operator_connect::live_platform {
namespace {

// The members of a page that are read are scalars.
const FieldTable& NoFields() {
  static const FieldTable kNoFields = {};
  return kNoFields;
}

bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

// Parses a number, or a string that holds one.
std::optional<std::int64_t> ParseInteger(std::string_view text) {
  if (text.size() > 2 && text.front() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const bool digits = std::from_chars(text.data(), end, value).ptr == end;
  if (!digits || text.empty() || text.size() > 18) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

}  // namespace

RecordsReader::RecordsReader(const FieldTable& fields, Shape shape)
    : shape_(shape),
      parser_(fields),
      member_parser_(NoFields()),
      window_(kWindowBytes, RecordParser::kSlack) {}

void RecordsReader::Restart() {
  window_.Clear();
  wanted_size_ = 0;
  state_ = State::kStart;
  arrays_ = 0;
  hollow_ = wrapped_ = false;
  in_data_ = data_seen_ = false;
  member_.clear();
  at_start_ = empty_ = true;
  elements_ = objects_ = 0;
  failure_.reset();
  OnRestart();
}

bool RecordsReader::Read(std::string_view piece) {
  while (!piece.empty() && state_ != State::kFailed) {
    piece.remove_prefix(window_.Append(piece));
    Consume(/*last=*/false);
  }
  return state_ != State::kFailed;
}

std::optional<http_client::Failure> RecordsReader::Finish() {
  if (!window_.empty()) Consume(/*last=*/true);
  if (state_ == State::kFailed) return failure_;
  if (state_ != State::kEnd) {
    FailMalformed(empty_
                      ? "the body is empty"
                      : "the body ends before its JSON does: it was cut short");
  } else if (shape_ == Shape::kPage && !data_seen_) {
    FailMalformed("the page has no array called data");
  } else if (elements_ > 0 && objects_ == 0) {
    FailMalformed("not one of its " + std::to_string(elements_) +
                  " elements is an object");
  }
  return failure_;
}

void RecordsReader::Consume(bool last) {
  while (state_ != State::kFailed && !window_.empty() && ConsumeBetween(last)) {
  }
  if (state_ != State::kFailed && window_.size() > kMaxRecordBytes) {
    FailTooLarge();
  }
}

void RecordsReader::Remove(std::size_t size) {
  at_start_ = false;
  window_.Remove(size);
}

bool RecordsReader::ConsumeBetween(bool last) {
  const char c = *window_.data();
  if (IsSpace(c)) {
    Remove(1);
    return true;
  }
  if (at_start_ && c == kByteOrderMark[0]) {
    if (window_.size() < kByteOrderMark.size() && !last) return false;
    if (std::string_view(window_.data(), window_.size())
            .starts_with(kByteOrderMark)) {
      Remove(kByteOrderMark.size());
      return true;
    }
  }
  empty_ = false;
  if (ExpectsValue()) return BeginValue(c, last);
  const bool in_array = state_ == State::kAfterElement;
  const bool array = shape_ == Shape::kArray;
  if (state_ == State::kStart && c == (array ? '[' : '{')) {
    state_ = array ? State::kFirstElement : State::kFirstMember;
    arrays_ = array ? 1 : 0;
  } else if (c == ',' && in_array) {
    state_ = State::kElement;
  } else if (c == ']' && in_array) {
    EndArray();
  } else if (c == ',' && state_ == State::kAfterMember) {
    state_ = State::kMember;
  } else if (c == '}' && state_ == State::kAfterMember) {
    state_ = State::kEnd;
  } else if (c == ':' && state_ == State::kColon) {
    state_ = State::kMemberValue;
  } else {
    FailUnexpected(c);
    return false;
  }
  Remove(1);
  return true;
}

bool RecordsReader::ExpectsValue() const {
  return state_ == State::kFirstElement || state_ == State::kElement ||
         state_ == State::kFirstMember || state_ == State::kMember ||
         state_ == State::kMemberValue;
}

bool RecordsReader::BeginValue(char first, bool last) {
  if (first == ']' && state_ == State::kFirstElement) {
    EndArray();
    Remove(1);
    return true;
  }
  if (first == '}' && state_ == State::kFirstMember) {
    state_ = State::kEnd;
    Remove(1);
    return true;
  }
  const bool wraps = first == '[' && arrays_ == 1 && shape_ == Shape::kArray &&
                     (state_ == State::kFirstElement ||
                      (state_ == State::kElement && wrapped_));
  const bool records = first == '[' && state_ == State::kMemberValue &&
                       member_ == "data" && !data_seen_;
  if (wraps || records) {
    ++arrays_;
    wrapped_ = wraps;
    in_data_ = data_seen_ = records;
    state_ = State::kFirstElement;
    Remove(1);
    return true;
  }
  if (state_ == State::kFirstMember || state_ == State::kMember) {
    return ReadMemberName(last);
  }
  return state_ == State::kMemberValue ? ReadMemberValue(last)
                                       : ReadElement(last);
}

bool RecordsReader::ReadValue(RecordParser& parser, bool last,
                              RecordParser::Verdict& verdict,
                              std::size_t& size) {
  if (window_.size() < wanted_size_ && !last) return false;
  verdict = parser.ParseFirst(window_.data(), window_.size(), last, size);
  if (verdict != RecordParser::Verdict::kIncomplete) {
    wanted_size_ = 0;
    return true;
  }
  // Each look starts anew. Doubling sizes keep the sum of the looks small.
  wanted_size_ = std::min(2 * window_.size(), kMaxRecordBytes + 1);
  return false;
}

bool RecordsReader::ReadElement(bool last) {
  RecordParser::Verdict verdict;
  std::size_t size = 0;
  if (!ReadValue(parser_, last, verdict, size)) return false;
  if (size > kMaxRecordBytes) {
    FailTooLarge();
    return false;
  }
  CountElement(verdict);
  Remove(size);
  return true;
}

bool RecordsReader::ReadMemberName(bool last) {
  if (*window_.data() != '"') {
    FailUnexpected(*window_.data());
    return false;
  }
  RecordParser::Verdict verdict;
  std::size_t size = 0;
  if (!ReadValue(member_parser_, last, verdict, size)) return false;
  if (verdict != RecordParser::Verdict::kNoObject) {
    FailUnexpected('"');
    return false;
  }
  member_ = std::string(window_.data() + 1, size - 2);
  state_ = State::kColon;
  Remove(size);
  return true;
}

bool RecordsReader::ReadMemberValue(bool last) {
  RecordParser::Verdict verdict;
  std::size_t size = 0;
  if (!ReadValue(member_parser_, last, verdict, size)) return false;
  if (verdict == RecordParser::Verdict::kMalformed ||
      verdict == RecordParser::Verdict::kTooDeep) {
    FailMalformed("a member of the page is not valid JSON");
    return false;
  }
  OnPageMember(member_, ParseInteger({window_.data(), size}));
  state_ = State::kAfterMember;
  Remove(size);
  return true;
}

void RecordsReader::CountElement(RecordParser::Verdict verdict) {
  if (verdict == RecordParser::Verdict::kTooDeep) {
    FailMalformed("a record nests deeper than " +
                  std::to_string(RecordParser::kMaxDepth) + " levels");
    return;
  }
  if (verdict == RecordParser::Verdict::kMalformed) {
    FailMalformed("element " + std::to_string(elements_ + 1) +
                  " is not valid JSON");
    return;
  }
  ++elements_;
  // An empty array next to other elements is one of them.
  if (std::exchange(hollow_, false)) ++elements_;
  state_ = State::kAfterElement;
  if (verdict == RecordParser::Verdict::kObject) {
    const std::string_view name = parser_.record().capitalized();
    if (!name.empty()) {
      FailMalformed("its records have names with a capital where " +
                    std::string(name) +
                    " is expected: what answers is not the API that base_url "
                    "should lead to");
      return;
    }
    ++objects_;
    OnRecord(parser_.record());
  }
}

void RecordsReader::EndArray() {
  --arrays_;
  if (in_data_) {
    in_data_ = false;
    state_ = State::kAfterMember;
  } else {
    hollow_ = arrays_ > 0 && elements_ == 0;
    wrapped_ = wrapped_ && !hollow_;
    state_ = arrays_ > 0 ? State::kAfterElement : State::kEnd;
  }
}

void RecordsReader::Fail(Kind kind, std::string detail) {
  if (failure_) return;
  failure_ = http_client::Failure{kind, 0, std::move(detail)};
  state_ = State::kFailed;
}

void RecordsReader::FailMalformed(std::string detail) {
  Fail(Kind::kMalformed, std::move(detail));
}

void RecordsReader::FailTooLarge() {
  Fail(Kind::kTooLarge, "a record is larger than 4 MiB");
}

void RecordsReader::FailUnexpected(char c) {
  // Names the kind of the content, never the content.
  const char* const wanted = shape_ == Shape::kArray ? "array" : "object";
  if (state_ != State::kStart) {
    FailMalformed(state_ == State::kEnd
                      ? "something follows the end of its JSON"
                      : "its JSON is broken after " +
                            std::to_string(elements_) + " elements");
  } else if (c == '<') {
    FailMalformed("HTML or XML instead of JSON");
  } else if (c == '{' || c == '[') {
    FailMalformed(std::string("a JSON ") + (c == '{' ? "object" : "array") +
                  " where an " + wanted + " was expected");
  } else {
    FailMalformed(std::string("no JSON ") + wanted + " at its start");
  }
}

}  // namespace operator_connect::live_platform
