#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_YAML_TEXT_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_YAML_TEXT_H_

#include <string>
#include <string_view>

#include "exporter/config/yaml/problem.h"

namespace operator_connect::config {

// Checks the bytes of a YAML file for faults that a parser misreads or explains
// badly: UTF-16, invalid UTF-8, control characters, tabs as indentation.
// Returns the text without a byte order mark.
std::string_view CheckYamlText(std::string_view text, ProblemList& problems);

// Whether `text`, which begins with a quoted value, lacks the closing quote:
// the YAML library accepts the end of the file instead.
bool LacksClosingQuote(std::string_view text);

// Explains an error of the YAML library. The library's own text may quote the
// file, and so a secret; only its known beginnings are used.
std::string ExplainYamlError(std::string_view library_message);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_YAML_TEXT_H_
