#ifndef OPERATOR_CONNECT_EXPORTER_BASE_JSON_STRING_H_
#define OPERATOR_CONNECT_EXPORTER_BASE_JSON_STRING_H_

#include <string>
#include <string_view>

namespace operator_connect {

// Appends `text` as a JSON string, with quotes. Bytes that are not UTF-8 stay
// as they are.
void AppendJsonString(std::string_view text, std::string& out);

}  // namespace operator_connect

#endif  // OPERATOR_CONNECT_EXPORTER_BASE_JSON_STRING_H_
