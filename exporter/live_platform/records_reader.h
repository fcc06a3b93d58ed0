#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_RECORDS_READER_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_RECORDS_READER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "exporter/http_client/failure.h"
#include "exporter/live_platform/byte_window.h"
#include "exporter/live_platform/record.h"
#include "exporter/live_platform/record_parser.h"
#include "exporter/live_platform/response_reader.h"

namespace operator_connect::live_platform {

// Reads a response that is a JSON array of records, record by record, as its
// bytes arrive. Keeps a window of the body, never the body. Each record is
// passed on once it is whole, and then forgotten.
//
// An array that is wrapped in another is read as if it were not. An element
// that is not an object is counted and skipped. Everything else that is not one
// closed JSON array is a failure. So are a record that only has the wanted
// names with a capital (TenantId), and a record larger than kMaxRecordBytes or
// deeper than RecordParser::kMaxDepth. One thread.
class RecordsReader : public ResponseReader {
 public:
  static constexpr std::size_t kWindowBytes = std::size_t{64} << 10;
  static constexpr std::size_t kMaxRecordBytes = std::size_t{4} << 20;

  // The structure of the body.
  enum class Shape {
    kArray,  // [record, …]
    kPage,   // {"currentPage":1,…,"data":[record, …]}, as in v3
  };

  explicit RecordsReader(const FieldTable& fields, Shape shape = Shape::kArray);
  ~RecordsReader() override = default;

  void Restart() final;
  bool Read(std::string_view piece) final;
  std::optional<http_client::Failure> Finish() final;

  // Of the response so far.
  std::uint64_t elements() const { return elements_; }
  std::uint64_t malformed() const { return elements_ - objects_; }

 protected:
  // Forgets the results at the start of an attempt.
  virtual void OnRestart() = 0;
  // Receives a whole record, which lives until the call returns.
  virtual void OnRecord(const Record& record) = 0;
  // Receives a member of the page around the records. `value` is set for a
  // number that is not negative, or a string that holds one.
  virtual void OnPageMember(std::string_view /*name*/,
                            std::optional<std::int64_t> /*value*/) {}

 private:
  using Kind = http_client::Failure::Kind;

  // The next expected input.
  enum class State {
    kStart,         // the opening bracket
    kFirstElement,  // an element, or the end of the array
    kElement,       // an element: a comma was read
    kAfterElement,  // a comma, or the end of the array
    kFirstMember,   // a member of the page, or its end
    kMember,        // a member of the page: a comma was read
    kColon,         // the colon after a member's name
    kMemberValue,   // the value of a member
    kAfterMember,   // a comma, or the end of the page
    kEnd,           // nothing but white space
    kFailed,
  };

  // Reads as much as possible of the window. `last`: nothing will follow.
  void Consume(bool last);
  void Remove(std::size_t size);
  // Reads one byte between values, or a value. False: more bytes are needed.
  bool ConsumeBetween(bool last);
  bool BeginValue(char first, bool last);
  // Reads the value at the position. False: it is not whole.
  bool ReadValue(RecordParser& parser, bool last,
                 RecordParser::Verdict& verdict, std::size_t& size);
  bool ReadElement(bool last);
  bool ReadMemberName(bool last);
  bool ReadMemberValue(bool last);
  void CountElement(RecordParser::Verdict verdict);
  void EndArray();
  bool ExpectsValue() const;
  void Fail(Kind kind, std::string detail);
  void FailMalformed(std::string detail);
  void FailTooLarge();
  void FailUnexpected(char c);

  const Shape shape_;
  RecordParser parser_;
  RecordParser member_parser_;
  // Begins at the position. The parser's sentinel is written into its slack.
  ByteWindow window_;
  // The value at the position was not whole: look again at this size.
  std::size_t wanted_size_ = 0;

  State state_ = State::kStart;
  int arrays_ = 0;        // open around the position: 1, or 2 if wrapped
  bool wrapped_ = false;  // the elements are arrays of records
  bool hollow_ = false;   // a wrapped array was empty
  bool in_data_ = false;  // of a page: inside its records
  bool data_seen_ = false;
  std::string member_;    // of a page: the name before the value
  bool at_start_ = true;  // nothing was read
  bool empty_ = true;     // nothing but white space so far
  std::uint64_t elements_ = 0;
  std::uint64_t objects_ = 0;
  std::optional<http_client::Failure> failure_;
};

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_RECORDS_READER_H_
