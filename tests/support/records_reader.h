#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_RECORDS_READER_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_RECORDS_READER_H_

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exporter/live_platform/records_reader.h"

namespace operator_connect::live_platform {

// Feeds a whole body to a reader in pieces of one size, as a transport would.
inline std::optional<http_client::Failure> ReadBody(ResponseReader& reader,
                                                    std::string_view body,
                                                    std::size_t piece = 1
                                                                        << 14) {
  reader.Restart();
  for (std::size_t at = 0; at < body.size(); at += piece) {
    if (!reader.Read(body.substr(at, piece))) break;
  }
  return reader.Finish();
}

// Keeps the field "a" of each record, and the fields of the page around them.
class TextsReader : public RecordsReader {
 public:
  explicit TextsReader(Shape shape = Shape::kArray)
      : RecordsReader(Fields(), shape) {}

  std::vector<std::string> texts;
  std::vector<std::pair<std::string, std::optional<std::int64_t>>> members;

 private:
  static const FieldTable& Fields() {
    static const FieldTable kFields = {{"a"}};
    return kFields;
  }
  void OnRestart() override {
    texts.clear();
    members.clear();
  }
  void OnRecord(const Record& record) override {
    texts.emplace_back(record.Text(0));
  }
  void OnPageMember(std::string_view name,
                    std::optional<std::int64_t> value) override {
    members.emplace_back(name, value);
  }
};

}  // namespace operator_connect::live_platform

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_RECORDS_READER_H_
