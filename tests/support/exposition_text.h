#ifndef OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_EXPOSITION_TEXT_H_
#define OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_EXPOSITION_TEXT_H_

#include <map>
#include <set>
#include <string>

#include "exporter/collector/collector.h"
#include "tests/support/samples.h"

namespace operator_connect::exposition {

inline std::string Join(const exposition::Exposition& exposition) {
  std::string text;
  for (const auto& piece : exposition.pieces) text += *piece;
  return text;
}

// The faults of a whole exposition: a family or a series that is there twice,
// or a sample without HELP and TYPE of its family before it.
inline Lines Faults(const std::string& text) {
  Lines faults;
  std::set<std::string> helps;
  std::set<std::string> types;
  std::set<std::string> series;
  std::string family;
  for (const std::string& line : SplitLines(text)) {
    if (line == "# EOF") continue;
    const std::string kind = line.substr(0, 7);
    if (kind == "# HELP " || kind == "# TYPE ") {
      const std::string name = line.substr(7, line.find(' ', 7) - 7);
      auto& met = kind == "# HELP " ? helps : types;
      if (!met.insert(name).second) faults.push_back("twice: " + line);
      if (kind == "# TYPE " && name != family) faults.push_back("no HELP");
      family = name;
      continue;
    }
    if (!series.insert(line.substr(0, line.rfind(' '))).second) {
      faults.push_back("twice: " + line);
    }
    if (!line.starts_with(family)) faults.push_back("stray: " + line);
  }
  return faults;
}

}  // namespace operator_connect::exposition

#endif  // OPERATOR_CONNECT_EXPORTER_TESTS_SUPPORT_EXPOSITION_TEXT_H_
