#ifndef OPERATOR_CONNECT_EXPORTER_CONFIG_YAML_TREE_H_
#define OPERATOR_CONNECT_EXPORTER_CONFIG_YAML_TREE_H_

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exporter/config/yaml/problem.h"

namespace operator_connect::config {

// A value of a YAML document. An alias is a pointer to the node that it names,
// so nodes can be shared; there are no cycles.
struct YamlNode {
  enum class Kind { kNull, kScalar, kList, kMap };
  Kind kind = Kind::kNull;
  // Of a scalar: written without quotes and without a tag, so it can be a
  // number or a boolean.
  bool plain = false;
  int line = 0;  // from 1
  std::string scalar;
  std::vector<const YamlNode*> items;
  // Keys as written, including duplicates and merge keys (<<).
  std::vector<std::pair<const YamlNode*, const YamlNode*>> entries;
};

// A YAML document as a tree, with the line of every key and value. Immutable
// once parsed; nodes live as long as the tree.
class YamlTree {
 public:
  // Parses the only document of `text`. Faults go to `problems`: invalid YAML,
  // and valid YAML that no user means (a second document, unknown tags, an
  // alias within its own anchor, tabs, bytes that are not UTF-8). The tree then
  // holds what could be read.
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
