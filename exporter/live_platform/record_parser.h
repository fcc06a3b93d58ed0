#ifndef OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_RECORD_PARSER_H_
#define OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_RECORD_PARSER_H_

#include <cstddef>

#include "exporter/live_platform/record.h"

namespace operator_connect::live_platform {

// Parses records in one walk.
class RecordParser {
 public:
  // The deepest nesting of a record, far below the limit of the stack.
  static constexpr int kMaxDepth = 100;
  // The caller must own this much memory after a text; three bytes of it are
  // written to and restored.
  static constexpr std::size_t kSlack = 32;

  enum class Verdict {
    kObject,      // the record holds its fields
    kNoObject,    // valid JSON, but not an object
    kMalformed,   // not JSON
    kTooDeep,     // nests deeper than kMaxDepth
    kIncomplete,  // the bytes may be the beginning of a value
  };

  explicit RecordParser(const FieldTable& table) : record_(table) {}

  // Parses the JSON value at the beginning of [data, data + size), and leaves
  // the bytes unchanged. Sets `end` to the size of a whole value. `last`:
  // nothing will follow, so a number can end at the end.
  Verdict ParseFirst(char* data, std::size_t size, bool last, std::size_t& end);

  // Parses [data, data + size) as exactly one value. Never kIncomplete.
  Verdict Parse(char* data, std::size_t size);

  const Record& record() const { return record_; }

 private:
  Record record_;
};

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_LIVE_PLATFORM_RECORD_PARSER_H_
