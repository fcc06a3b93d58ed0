#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_YAML_TREE_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_YAML_TREE_H_

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exporter/config/yaml/problem.h"

namespace operator_connect::config {

// One value of a YAML document. An alias is a pointer to the node that it
// names, so that nodes may be shared; there are no cycles.
struct YamlNode {
  enum class Kind { kNull, kScalar, kList, kMap };
  Kind kind = Kind::kNull;
  // Of a scalar: written without quotes and without a tag, so that it may
  // mean a number or a boolean.
  bool plain = false;
  int line = 0;  // from 1
  std::string scalar;
  std::vector<const YamlNode*> items;
  // Keys as written, duplicates and merge keys (<<) included.
  std::vector<std::pair<const YamlNode*, const YamlNode*>> entries;
};

// A document as a tree, with the line of each value, which YAML::Node keeps
// only for some. Immutable once parsed; node pointers live as long as it does.
class YamlTree {
 public:
  // The only document of `text`. What is no YAML, and what YAML allows but no
  // person means (a second document, unknown tags, an alias inside of what it
  // names, tabs, bytes that are not UTF-8), goes to `problems`; the tree is
  // then whatever could be read.
  static YamlTree Parse(std::string_view text, ProblemList& problems);

  // Null for an empty text or one that could not be read.
  const YamlNode* root() const { return root_; }

 private:
  friend class TreeBuilder;

  std::deque<YamlNode> nodes_;
  const YamlNode* root_ = nullptr;
};

}  // namespace operator_connect::config

#endif  // OPERATOR_CONNECT_EXPORTER_CONFIG_YAML_TREE_H_
