#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_YAML_TEXT_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_YAML_TEXT_H_

#include <string>
#include <string_view>

#include "exporter/config/yaml/problem.h"

namespace operator_connect::config {

// Looks at the bytes of a YAML file before it is parsed, for what a parser
// reads wrongly or explains badly: UTF-16, bytes that are not UTF-8, control
// characters, tabs as indentation. Gives back the text without a byte order
// mark.
std::string_view CheckYamlText(std::string_view text, ProblemList& problems);

// Whether `text`, which begins with a quoted value, lacks the quote that closes
// it: the YAML library takes the end of the file for one.
bool LacksClosingQuote(std::string_view text);

// What to say about an error of the YAML library. Its own words may quote the
// file, and so a secret; of these only the known beginnings are used.
std::string ExplainYamlError(std::string_view library_message);

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_YAML_TEXT_H_
