#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_RECORD_PARSER_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_RECORD_PARSER_H_

#include <cstddef>

#include "exporter/live_platform/record.h"

namespace operator_connect::live_platform {

// Parses records by walking over them once.
class RecordParser {
 public:
  // As deep as a record may nest, and far from what a stack can bear.
  static constexpr int kMaxDepth = 100;
  // What lies behind a text must be memory of the caller's; three bytes of it
  // are written to, and restored.
  static constexpr std::size_t kSlack = 32;

  enum class Verdict {
    kObject,      // the record holds its fields
    kNoObject,    // valid JSON, but not an object
    kMalformed,   // no JSON
    kTooDeep,     // nests deeper than kMaxDepth
    kIncomplete,  // what is there may be the beginning of a value
  };

  explicit RecordParser(const FieldTable& table) : record_(table) {}

  // Parses the JSON value that [data, data + size) begins with, or is the
  // beginning of, and leaves it as it is. Sets `end` to the size of a whole
  // value. `last`: nothing will follow, so that a number may end at the end.
  Verdict ParseFirst(char* data, std::size_t size, bool last, std::size_t& end);

  // The one value [data, data + size). Never kIncomplete.
  Verdict Parse(char* data, std::size_t size);

  const Record& record() const { return record_; }

 private:
  Record record_;
};

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_RECORD_PARSER_H_
