// Invalid YAML, and valid YAML that no configuration should hold.

#include "exporter/config/yaml/tree.h"

#include <doctest/doctest.h>

#include <string>

#include "exporter/config/yaml/problem.h"
#include "tests/support/config_text.h"

namespace operator_connect::config {
namespace {

// The problems of reading `text` as YAML; "ok" if there is none.
std::string YamlSaid(const std::string& text) {
  ProblemList problems("f");
  YamlTree::Parse(text, problems);
  std::string out;
  for (const Problem& problem : std::move(problems).Take()) {
    out += problem.ToString() + "\n";
  }
  return out.empty() ? "ok" : out;
}

TEST_CASE("each value keeps its line and whether it had quotes") {
  ProblemList problems("f");
  const YamlTree tree =
      YamlTree::Parse("a: 1\nb:\n  - \"2\"\n  - ~\n", problems);
  REQUIRE(problems.empty());
  REQUIRE(tree.root() != nullptr);
  const auto& entries = tree.root()->entries;
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].second->plain);
  CHECK(entries[1].first->line == 2);
  REQUIRE(entries[1].second->items.size() == 2);
  CHECK(entries[1].second->items[0]->line == 3);
  CHECK_FALSE(entries[1].second->items[0]->plain);
  CHECK(entries[1].second->items[1]->kind == YamlNode::Kind::kNull);
}

TEST_CASE("an alias is a pointer to the node that it names") {
  ProblemList problems("f");
  const YamlTree tree = YamlTree::Parse("a: &x [1]\nb: *x\n", problems);
  REQUIRE(problems.empty());
  CHECK(tree.root()->entries[0].second == tree.root()->entries[1].second);
}

TEST_CASE("refused YAML is reported with line and reason") {
  struct Row {
    std::string text;
    std::string want;
  };
  const Row rows[] = {
      {"a: 1\n\tb: 2", "f:2: a tab indents the line; use spaces\n"},
      {"a:\n  \t- b\n\t\n\t# fine\n",
       "f:2: a tab indents the line; use spaces\n"},
      {std::string("a: 1\nb: \0x", 10),
       "f:2: a NUL byte or control character in the line; remove it\n"},
      {"a: \x04 b",
       "f:1: a NUL byte or control character in the line; remove "
       "it\n"},
      {"a: 1\nb: \xFF\n",
       "f:2: bytes that are not UTF-8; save the file as "
       "UTF-8\n"},
      {std::string("\xFF\xFE"
                   "a\0:\0",
                   6),
       "f:1: the file is UTF-16; save it as UTF-8\n"},
      {std::string("\0a\0:\0 ", 6),
       "f:1: the file is UTF-16; save it as "
       "UTF-8\n"},
      {"a: " + std::string((1 << 20) + 1, 'x'),
       "f:1: a line longer than 1MiB; break it up\n"},
      {"a: 1\n---\nb: 2\n",
       "f:3: a second document (---) begins before here; keep one document in "
       "the file\n"},
      {"a: &x [1, *x]",
       "f:1: an alias stands inside of what it names; write "
       "the value out\n"},
      {"&x a: 1\n<<: {b: &y {c: *y}}",
       "f:2: an alias stands inside of what it "
       "names; write the value out\n"},
      {"a: !secret x",
       "f:1: a tag (!) that is not known; put a value that "
       "begins with ! into quotes\n"},
      {"a: 1\nb: &x\nc: 1\n",
       "f:2: not valid YAML: a value that begins with & is an anchor; put it "
       "into quotes\n"},
      {"a: {b: 1\n\n\n", "f:1: not valid YAML: a { is not closed; add }\n"},
      {"a: 1\n---\nb: [1", "f:3: not valid YAML: a [ is not closed"},
      {"a:\n  b: [1,\n    2\n", "f:2: not valid YAML: a [ is not closed"},
      {"a: {b: 1", "f:1: not valid YAML: a { is not closed; add }\n"},
      {"a: [1\nb: 2\n", "f:"},
      {"a: b: c", "f:1: not valid YAML: a colon where none can be"},
      {"a: @x", "f:1: not valid YAML: a character that can begin no value"},
      {"a: \"x", "f:1: not valid YAML: a quote is not closed"},
      {"a: 1\nb: \"x\n", "f:2: not valid YAML: a quote is not closed"},
      {"a: 1\nb: 'x''\nc: 1\n", "f:2: not valid YAML: a quote is not closed"},
      {"a: \"x\\\"\nb: 1\n", "f:1: not valid YAML: a quote is not closed"},
      {"# \u20ac\u20ac\na: \"\u00e9\nb: 1\n",
       "f:2: not valid YAML: a quote is not closed"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.want);
    CHECK(YamlSaid(row.text).substr(0, row.want.size()) == row.want);
  }
}

TEST_CASE("quotes can be nested in quotes") {
  for (const std::string text :
       {"a: 'it''s'\n", "a: \"x\\\"y\\\\\"\nb: '\"'\n", "'a': \"\"\r\nb: ''",
        "a: \"one\n  two\"\nb: it's\n",
        "# \u00e9 \u20ac\na: \"\u00e9\" # '\nb: '\u20ac'\n"}) {
    CAPTURE(std::string(text));
    CHECK(YamlSaid(text) == "ok");
  }
}

TEST_CASE("no syntax error repeats the content of the file") {
  for (const std::string text :
       {"a: *hunter2", "a: &hunter2", "a: \"\\hunter2\"", "a: !hunter2 x",
        "a: hunter2: x", "hunter2\na: 1", "a: [hunter2", "a: \"hunter2",
        "%hunter2 x\n---\na: 1\n b", "a: !<hunter2", "a: \"\\xhunter2\"",
        "a: |hunter2\n", "- hunter2\na: b", "a: @hunter2"}) {
    CAPTURE(std::string(text));
    CHECK(YamlSaid(text).find("hunter2") == std::string::npos);
    CHECK(SaidOf(text) != "ok");
    CHECK(SaidOf(text).find("hunter2") == std::string::npos);
  }
}

TEST_CASE("aliases that expand to billions of values are refused at once") {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 40; ++i) {
    const std::string below = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" +
            below + ", " + below + ", " + below + "]\n";
  }
  CHECK(YamlSaid(text).find("more than 2000000 values") != std::string::npos);
}

TEST_CASE("a chain of merges cannot exhaust the stack") {
  std::string text = "a0: &a0 {x: 1}\n";
  for (int i = 1; i < 20000; ++i) {
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " {<<: *a" +
            std::to_string(i - 1) + "}\n";
  }
  CHECK(YamlSaid(text).find("levels deep") != std::string::npos);
}

TEST_CASE("endlessly nested brackets are refused") {
  CHECK(YamlSaid(std::string(100000, '[')) != "ok");
  CHECK(YamlSaid(std::string(100000, '{')) != "ok");
  std::string stairs;
  for (int i = 0; i < 300; ++i) stairs += std::string(i, ' ') + "a:\n";
  CHECK(YamlSaid(stairs).find("levels deep") != std::string::npos);
}

TEST_CASE("the problems of an empty configuration say what is needed") {
  for (const std::string text : {"", "\n\n", "# nothing\n", "---\n",
                                 "---\n...\n", "~", "\xEF\xBB\xBF"}) {
    CAPTURE(std::string(text));
    CHECK(SaidOf(text) ==
          "exporter.yml:1: accounts: the file is empty; write accounts: with "
          "at least one account\n");
  }
  for (const std::string text : {"accounts:\n", "accounts: []\n"}) {
    CAPTURE(std::string(text));
    CHECK(SaidOf(text).find("exporter.yml:1: accounts: is missing or empty") ==
          0);
  }
}

TEST_CASE("a configuration that is no map is a problem") {
  CHECK(SaidOf("- a\n").find("exporter.yml:1: must be a map") == 0);
  CHECK(SaidOf("text\n").find("exporter.yml:1: must be a map") == 0);
}

}  // namespace
}  // namespace operator_connect::config
