#include "exporter/config/yaml/tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <sstream>
#include <unordered_map>

#include "exporter/config/yaml/text.h"

namespace operator_connect::config {
namespace {

// Counts aliases expanded, so that a small file cannot mean a huge tree. Enough
// for 10,000 accounts with every key.
constexpr std::size_t kMaxValues = 2'000'000;
// No configuration is this deep. Also bounds recursion.
constexpr std::size_t kMaxDepth = 64;

// Ends the parse from within a callback.
struct GiveUp {
  int line;
  std::string message;
};

int LineOf(const YAML::Mark& mark) { return mark.line + 1; }

// Whether a bracket is not closed. The library reports the end of the file, not
// the bracket.
bool IsUnclosedBracket(const std::string& message) {
  return message == YAML::ErrorMsg::END_OF_SEQ_FLOW ||
         message == YAML::ErrorMsg::END_OF_MAP_FLOW;
}

// Whether a tag changes nothing for a reader that knows the type it wants.
bool IsCoreTag(const std::string& tag) {
  static constexpr std::array<std::string_view, 7> kCore = {
      "bool", "float", "int", "map", "null", "seq", "str"};
  constexpr std::string_view kPrefix = "tag:yaml.org,2002:";
  if (tag.empty() || tag == "?" || tag == "!") return true;
  if (tag.compare(0, kPrefix.size(), kPrefix) != 0) return false;
  return std::find(kCore.begin(), kCore.end(),
                   std::string_view(tag).substr(kPrefix.size())) != kCore.end();
}

}  // namespace

class TreeBuilder : public YAML::EventHandler {
 public:
  // `text` is the text that is parsed.
  TreeBuilder(std::string_view text, YamlTree& tree, ProblemList& problems)
      : text_(text), tree_(tree), problems_(problems) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    // An anchor on nothing is most likely a secret that begins with &.
    if (anchor != YAML::NullAnchor) {
      problems_.Add(LineOf(mark), "", ExplainYamlError("anchor not found"));
    }
    Attach(NewNode(mark, YamlNode::Kind::kNull, anchor), {});
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      OnNull(mark, YAML::NullAnchor);
      return;
    }
    const bool open =
        std::any_of(open_.begin(), open_.end(),
                    [&](const Open& one) { return one.node == found->second; });
    if (open) {
      problems_.Add(LineOf(mark), "",
                    "an alias stands inside of what it names; write the value "
                    "out");
      OnNull(mark, YAML::NullAnchor);
      return;
    }
    Attach(found->second, sizes_[found->second]);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag,
                YAML::anchor_t anchor, const std::string& value) override {
    CheckTag(mark, tag);
    CheckQuote(mark);
    YamlNode* node = NewNode(mark, YamlNode::Kind::kScalar, anchor);
    node->plain = tag == "?";
    node->scalar = value;
    Attach(node, {});
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    CheckTag(mark, tag);
    open_.push_back({NewNode(mark, YamlNode::Kind::kList, anchor), {}, {}});
  }
  void OnSequenceEnd() override { Close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag,
                  YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    CheckTag(mark, tag);
    open_.push_back({NewNode(mark, YamlNode::Kind::kMap, anchor), {}, {}});
  }
  void OnMapEnd() override { Close(); }

  const YamlNode* root() const { return root_; }
  // The line of the innermost open list or map; 0: none is open.
  int open_line() const { return open_.empty() ? 0 : open_.back().node->line; }

 private:
  // The size of a node with its aliases expanded.
  struct Size {
    std::size_t values = 1;
    std::size_t depth = 1;
  };
  struct Open {
    YamlNode* node;
    Size size;
    const YamlNode* key = nullptr;  // of a map, waiting for its value
  };

  YamlNode* NewNode(const YAML::Mark& mark, YamlNode::Kind kind,
                    YAML::anchor_t anchor) {
    YamlNode& node = tree_.nodes_.emplace_back();
    node.kind = kind;
    node.line = LineOf(mark);
    if (anchor != YAML::NullAnchor) {
      anchors_[anchor] = &node;
      sizes_[&node] = {};
    }
    return &node;
  }

  void CheckTag(const YAML::Mark& mark, const std::string& tag) {
    if (IsCoreTag(tag)) return;
    problems_.Add(LineOf(mark), "",
                  "a tag (!) that is not known; put a value that begins with ! "
                  "into quotes");
  }

  // Without its closing quote, a value would extend to the end of the file.
  void CheckQuote(const YAML::Mark& mark) {
    if (mark.pos < 0 || static_cast<std::size_t>(mark.pos) >= text_.size() ||
        !LacksClosingQuote(text_.substr(static_cast<std::size_t>(mark.pos)))) {
      return;
    }
    throw GiveUp{LineOf(mark), ExplainYamlError("illegal EOF in scalar")};
  }

  void Close() {
    const Open closed = open_.back();
    open_.pop_back();
    Attach(closed.node, closed.size);
  }

  void Attach(YamlNode* node, Size size) {
    const auto anchored = sizes_.find(node);
    if (anchored != sizes_.end()) anchored->second = size;
    if (open_.empty()) {
      root_ = node;
      return;
    }
    Open& parent = open_.back();
    parent.size.values += size.values;
    parent.size.depth = std::max(parent.size.depth, size.depth + 1);
    if (parent.size.values > kMaxValues) {
      throw GiveUp{node->line, "more than " + std::to_string(kMaxValues) +
                                   " values; write less, or fewer aliases"};
    }
    if (open_.size() > kMaxDepth || parent.size.depth > kMaxDepth) {
      throw GiveUp{node->line, "lists or maps more than " +
                                   std::to_string(kMaxDepth) +
                                   " levels deep; a closing bracket may be "
                                   "missing"};
    }
    if (parent.node->kind == YamlNode::Kind::kList) {
      parent.node->items.push_back(node);
    } else if (parent.key == nullptr) {
      parent.key = node;
    } else {
      parent.node->entries.emplace_back(parent.key, node);
      parent.key = nullptr;
    }
  }

  const std::string_view text_;
  YamlTree& tree_;
  ProblemList& problems_;
  const YamlNode* root_ = nullptr;
  std::vector<Open> open_;
  std::unordered_map<YAML::anchor_t, YamlNode*> anchors_;
  std::unordered_map<const YamlNode*, Size> sizes_;
};

YamlTree YamlTree::Parse(std::string_view text, ProblemList& problems) {
  YamlTree tree;
  const std::size_t before = problems.size();
  text = CheckYamlText(text, problems);
  if (problems.size() != before) return tree;
  TreeBuilder first(text, tree, problems);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(first)) return tree;
    tree.root_ = first.root();
    YamlTree second_tree;
    TreeBuilder second(text, second_tree, problems);
    if (parser.HandleNextDocument(second)) {
      const int line = second.root() == nullptr ? 1 : second.root()->line;
      problems.Add(line, "",
                   "a second document (---) begins before here; keep one "
                   "document in the file");
    }
  } catch (const YAML::Exception& error) {
    // The library's text may quote the file, and so a secret.
    const bool unclosed =
        IsUnclosedBracket(error.msg) && first.open_line() != 0;
    problems.Add(unclosed ? first.open_line() : LineOf(error.mark), "",
                 ExplainYamlError(error.msg));
    tree.root_ = nullptr;
  } catch (const GiveUp& reason) {
    problems.Add(reason.line, "", reason.message);
    tree.root_ = nullptr;
  }
  return tree;
}

}  // namespace operator_connect::config
